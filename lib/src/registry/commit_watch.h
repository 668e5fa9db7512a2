#pragma once

#include <atomic>
#include <chrono>
#include <string>

#include "base/path_watch.h"

namespace algoctl {

/// Waits for commits of a registry on this machine, and for rollouts of its channels: for the file
/// whose time moves with each. A help, never a need: where it hears nothing, the wait ends at its
/// limit. One thread at a time.
class CommitWatch {
 public:
  /// `registry`: path of the database file; it need not be there. A deaf one hears nothing.
  explicit CommitWatch(const std::string& registry, bool deaf = false);

  /// Returns after a commit, or after `limit`. The first call, and the first one after the
  /// registry came, returns at once: look then, for nothing from here on is missed.
  /// Throws Error{interrupted} once `stop` is set.
  void wait(std::chrono::milliseconds limit, const std::atomic<bool>* stop) {
    file_.wait(limit, stop);
  }

  /// Ends the wait under way, or else the next one. From any thread.
  void wake() noexcept { file_.wake(); }

 private:
  PathWatch file_;
};

}  // namespace algoctl
