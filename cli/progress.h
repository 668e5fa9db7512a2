#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "algoctl/client.h"

namespace algoctl::cli {

/// The line for a transfer after `elapsed_ms`, at most `width` columns:
///     mymodel.pkl  [=====>    ]  42 %  120.0 MB of 286.1 MB  60.0 MB/s  0:02 left
std::string progress_line(const Progress& progress, std::int64_t elapsed_ms, int width);

/// `1.5 GB`, in powers of a thousand.
std::string format_bytes(std::int64_t bytes);

/// Draws the line of the transfer that runs, from its second second on, ten times a second at most.
class ProgressBar {
 public:
  using Clock = std::function<std::int64_t()>;  ///< milliseconds, never going back
  using Write = std::function<void(const std::string&)>;

  ProgressBar(Clock clock, Write write, int width);

  void update(const Progress& progress);
  /// Draws this line at once instead, cut to what fits.
  void show(std::string line);
  /// Leaves the line empty for whatever is written next.
  void erase();

 private:
  Clock clock_;
  Write write_;
  int width_;
  std::string name_;
  std::int64_t done_ = 0;
  std::int64_t started_ = -1;
  std::int64_t drawn_ = 0;
  bool visible_ = false;
};

/// Milliseconds of a clock that never goes back.
std::int64_t steady_now_ms();

}  // namespace algoctl::cli
