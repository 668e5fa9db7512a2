#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>

namespace algoctl::http {

using Clock = std::chrono::steady_clock;

/// Shares a number of bytes per second out to all transfers together, whichever way they go, in
/// whatever threads. What moves costs time in which nothing else may.
class Pace {
 public:
  /// `bytes_per_second` 0: always open. `open_at_ns` is common to all that keep to one rate; it
  /// stays the caller's.
  Pace(std::int64_t bytes_per_second, std::int64_t& open_at_ns)
      : bytes_per_second_(bytes_per_second), open_at_ns_(open_at_ns) {}

  [[nodiscard]] std::int64_t bytes_per_second() const noexcept { return bytes_per_second_; }
  [[nodiscard]] bool open(Clock::time_point now) const noexcept { return now >= open_at(); }
  [[nodiscard]] Clock::time_point open_at() const noexcept {
    return Clock::time_point(std::chrono::nanoseconds(open_at_ns_.load()));
  }

  /// True when these bytes may move now, at the cost of what comes next. Of several that ask at the
  /// same moment one may.
  bool claim(std::size_t bytes, Clock::time_point now) noexcept {
    if (bytes_per_second_ <= 0) return true;
    const std::chrono::duration<double> cost(static_cast<double>(bytes) /
                                             static_cast<double>(bytes_per_second_));
    const std::int64_t cost_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(cost).count();
    const std::int64_t now_ns = std::chrono::nanoseconds(now.time_since_epoch()).count();
    std::int64_t open_at = open_at_ns_.load();
    while (open_at <= now_ns) {
      if (open_at_ns_.compare_exchange_weak(open_at, now_ns + cost_ns)) return true;
    }
    return false;
  }

 private:
  std::int64_t bytes_per_second_;
  std::atomic_ref<std::int64_t> open_at_ns_;
};

}  // namespace algoctl::http
