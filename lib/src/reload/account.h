#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>

#include "algoctl/reload_options.h"

namespace algoctl {

/// What a reloader says of itself: written by the thread that reloads, read by all others.
class Account {
 public:
  struct Entry {
    ReloadStatus status;
    std::optional<ModelVersion> about;  ///< what is loaded, prepared or cannot be loaded
    std::int64_t next_attempt = 0;      ///< on the reloader's clock
    std::int64_t confirmed = 0;         ///< the same
    std::int64_t since = 0;             ///< of the state: milliseconds since 1970, UTC
    std::int64_t looks_begun = 0;
    std::int64_t looks_done = 0;  ///< the number of the last look that succeeded
  };

  void change(const std::function<void(Entry&)>& body) {
    {
      const std::lock_guard lock(mutex_);
      body(entry_);
    }
    changed_.notify_all();
  }

  [[nodiscard]] Entry read() const {
    const std::lock_guard lock(mutex_);
    return entry_;
  }

  /// Waits until `holds`, which is asked after each change; false when it does not within `limit`.
  bool wait(std::chrono::milliseconds limit, const std::function<bool(const Entry&)>& holds) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, limit, [&] { return holds(entry_); });
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  Entry entry_;
};

}  // namespace algoctl
