#include "curl/pace.h"

#include <doctest/doctest.h>

namespace algoctl::http {

using std::chrono::milliseconds;

TEST_CASE("pace: without a limit it is always open") {
  Pace pace(0);
  const Clock::time_point now{std::chrono::hours(1)};
  pace.moved(1'000'000'000, now);
  CHECK(pace.open(now));
}

TEST_CASE("pace: what moved costs time") {
  Pace pace(1000);
  const Clock::time_point now{std::chrono::hours(1)};
  CHECK(pace.open(now));
  pace.moved(500, now);
  CHECK(!pace.open(now));
  CHECK(!pace.open(now + milliseconds(499)));
  CHECK(pace.open(now + milliseconds(500)));
  CHECK(pace.open_at() == now + milliseconds(500));
}

TEST_CASE("pace: what several transfers move adds up") {
  Pace pace(1000);
  const Clock::time_point now{std::chrono::hours(1)};
  for (int i = 0; i < 10; ++i) pace.moved(100, now);
  CHECK(pace.open_at() == now + milliseconds(1000));
}

TEST_CASE("pace: time in which nothing moved is not made up for") {
  Pace pace(1000);
  const Clock::time_point now{std::chrono::hours(1)};
  pace.moved(100, now);
  const auto later = now + std::chrono::minutes(10);
  pace.moved(100, later);
  CHECK(pace.open_at() == later + milliseconds(100));
}

}  // namespace algoctl::http
