#pragma once

#include <cstdint>

namespace algoctl {

/// How many parts of a transfer are under way, and how quick that was.
struct Width {
  int parts = 8;
  double before = 0;     ///< bytes a second when there were fewer; 0: not known
  bool settled = false;  ///< it stays so

  bool operator==(const Width&) const = default;
};

/// What comes after some time at `now` that moved `rate` bytes a second: twice as many, up to 16,
/// while that is a quarter quicker each time; else as many as before.
Width next_width(const Width& now, double rate) noexcept;

/// Finds the width of one transfer while it runs.
class Widening {
 public:
  /// To be asked every now and then: `now_ms` on a clock that never goes back, `moved` the bytes so
  /// far. Returns how many parts are to be under way.
  int parts(std::int64_t now_ms, std::int64_t moved) noexcept;

 private:
  Width width_;
  std::int64_t since_ms_ = -1;  ///< what is measured began then; -1: not yet
  std::int64_t since_moved_ = 0;
  std::int64_t changed_ms_ = -1;
};

}  // namespace algoctl
