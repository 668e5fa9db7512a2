#pragma once

#include <atomic>
#include <string>
#include <thread>

namespace algoctl::test {

/// A replica that a thread of the test plays: it follows a channel, which is there, prepares what a
/// rollout asks for, switches when it is time, and reports each state to the board.
class PlayedReplica {
 public:
  struct Part {
    std::string home;
    std::string reference = "acme/sentiment@stable";
    std::string name = "scorer";
    std::string cannot_load = {};  ///< a version; the reason is `out of memory`
    bool idle = false;             ///< never gets to load anything more
    bool clings = false;           ///< prepares what it is asked to, but never switches
  };

  /// Returns when it has reported for the first time.
  explicit PlayedReplica(Part part);
  ~PlayedReplica();
  PlayedReplica(const PlayedReplica&) = delete;
  PlayedReplica& operator=(const PlayedReplica&) = delete;

 private:
  void play();

  Part part_;
  std::atomic<bool> stop_{false};
  std::atomic<bool> reported_{false};
  std::thread thread_;
};

}  // namespace algoctl::test
