#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace algoctl::http {

using Clock = std::chrono::steady_clock;

/// Shares a number of bytes per second out to all transfers together, whichever way they go. What
/// moves when it is open costs time in which it is closed.
class Pace {
 public:
  /// 0: always open.
  explicit Pace(std::int64_t bytes_per_second) : bytes_per_second_(bytes_per_second) {}

  [[nodiscard]] std::int64_t bytes_per_second() const noexcept { return bytes_per_second_; }
  [[nodiscard]] bool open(Clock::time_point now) const noexcept { return now >= open_at_; }
  [[nodiscard]] Clock::time_point open_at() const noexcept { return open_at_; }

  void moved(std::size_t bytes, Clock::time_point now) noexcept {
    if (bytes_per_second_ <= 0) return;
    const std::chrono::duration<double> cost(static_cast<double>(bytes) /
                                             static_cast<double>(bytes_per_second_));
    open_at_ = std::max(open_at_, now) + std::chrono::duration_cast<Clock::duration>(cost);
  }

 private:
  std::int64_t bytes_per_second_;
  Clock::time_point open_at_{};
};

}  // namespace algoctl::http
