#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"

namespace algoctl {

/// Waits for something to happen to a file or to files of a folder, by inotify(7): made, renamed to
/// its name, removed, given another time or mode. A help, never a need: where it hears nothing, the
/// wait ends at its limit. One thread at a time.
class PathWatch {
 public:
  /// Of a folder, `heeds` says which file names count.
  static PathWatch folder(std::string path, std::function<bool(std::string_view name)> heeds);
  /// As long as the file is not there, its folder tells when it comes.
  static PathWatch file(const std::string& path);
  /// Hears nothing: its waits end at their limit, or when it is woken.
  static PathWatch nothing() { return PathWatch({}); }

  /// Returns after something happened, or after `limit`: then false. The first call, and the first
  /// one after the file or the folder came, returns at once: look then, for nothing from here on is
  /// missed. Throws Error{interrupted} once `stop` is set.
  bool wait(std::chrono::milliseconds limit, const std::atomic<bool>* stop);

  /// Ends the wait under way, or else the next one. From any thread.
  void wake() noexcept;

 private:
  struct Place {
    std::string path;
    std::uint32_t kinds;
    std::function<bool(std::string_view)> heeds;  ///< none for a file
  };
  explicit PathWatch(std::vector<Place> places);
  bool listen();
  bool heard();

  std::vector<Place> places_;  ///< the best one first: the first that is there is listened to
  std::size_t at_ = 0;         ///< the place that `events_` are of
  Fd events_;
  Fd wakes_;  // eventfd(2)
};

}  // namespace algoctl
