#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "base/file.h"

namespace algoctl {

/// Waits for something to happen to files of a folder, by inotify(7): made, renamed to its name,
/// removed, given another time or mode. A help, never a need: where it hears nothing, the wait ends
/// at its limit. One thread at a time.
class FolderWatch {
 public:
  /// `heeds` says which file names count. The folder need not be there.
  FolderWatch(std::string folder, std::function<bool(std::string_view name)> heeds);

  /// Returns after something happened, or after `limit`. The first call, and the first one after
  /// the folder came, returns at once: look then, for nothing from here on is missed. Throws
  /// Error{interrupted} once `stop` is set.
  void wait(std::chrono::milliseconds limit, const std::atomic<bool>* stop);

  /// Ends the wait under way, or else the next one. From any thread.
  void wake() noexcept;

 private:
  bool listen();
  bool heard();

  std::string folder_;
  std::function<bool(std::string_view)> heeds_;
  Fd events_;
  Fd wakes_;  // eventfd(2)
};

}  // namespace algoctl
