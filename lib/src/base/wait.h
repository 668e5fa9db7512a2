#pragma once

#include <atomic>
#include <chrono>

namespace algoctl {

/// A bounded wait for something that tells nobody when it is free. One use, one thread.
class Wait {
 public:
  /// `what` is what the Error says was waited for.
  Wait(std::chrono::milliseconds limit, const std::atomic<bool>* stop, const char* what);

  /// Sleeps for a moment, shorter each time, and returns true; false when the time is over.
  /// Throws Error{interrupted} when `stop` was set.
  bool again();

 private:
  std::chrono::steady_clock::time_point end_;
  const std::atomic<bool>* stop_;
  const char* what_;
  std::chrono::microseconds pause_{4000};
};

}  // namespace algoctl
