#include "store/remote/width.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace algoctl::test {

TEST_CASE("width: grows while that makes a transfer quicker") {
  struct Case {
    Width now;
    double rate;
    Width next;
  };
  for (const Case& c : {
           Case{{4, 0, false}, 100, {8, 100, false}},     // nothing to compare with: try
           Case{{8, 100, false}, 200, {16, 200, false}},  // twice as quick
           Case{{8, 100, false}, 125, {16, 125, false}},  // just worth it
           Case{{8, 100, false}, 124, {4, 100, true}},    // not worth it
           Case{{8, 100, false}, 50, {4, 100, true}},     // slower
           Case{{16, 200, false}, 400, {16, 200, true}},  // no more than that
           Case{{16, 200, false}, 200, {8, 200, true}},   // eight do as well
           Case{{4, 100, true}, 1000, {4, 100, true}},    // settled
           Case{{8, 100, false}, 0, {8, 100, false}},     // nothing moved: that says nothing
           Case{{4, 0, false}, 0, {4, 0, false}},
       }) {
    CAPTURE(c.now.parts);
    CAPTURE(c.rate);
    CHECK(next_width(c.now, c.rate) == c.next);
  }
}

namespace {

/// The width that a path has, asked ten times a second for so long: each part moves `each` bytes a
/// second, all together no more than `most`.
int width_after(double seconds, double each, double most) {
  Widening widening;
  double moved = 0;
  int parts = widening.parts(1000, 0);
  CHECK(parts == 8);
  for (int tick = 1; tick <= static_cast<int>(seconds * 10); ++tick) {
    moved += std::min(parts * each, most) / 10;
    parts = widening.parts(1000 + tick * 100, static_cast<std::int64_t>(moved));
  }
  return parts;
}

}  // namespace

TEST_CASE("width: sixteen where each part is slow, eight where eight fill the path") {
  CHECK(width_after(0.5, 10e6, 1e12) == 8);  // not measured yet
  CHECK(width_after(0.6, 10e6, 1e12) == 16);
  CHECK(width_after(60, 10e6, 1e12) == 16);
  CHECK(width_after(0.6, 10e6, 80e6) == 16);  // tried
  CHECK(width_after(1.2, 10e6, 80e6) == 8);   // and given up
  CHECK(width_after(60, 10e6, 80e6) == 8);
  CHECK(width_after(60, 10e6, 40e6) == 8);
  CHECK(width_after(60, 10e6, 160e6) == 16);
  CHECK(width_after(60, 0, 80e6) == 8);
}

}  // namespace algoctl::test
