#include "curl/pace.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace algoctl::http {

using std::chrono::milliseconds;

TEST_CASE("pace: without a limit it is always open") {
  std::int64_t open_at = 0;
  Pace pace(0, open_at);
  const Clock::time_point now{std::chrono::hours(1)};
  CHECK(pace.claim(1'000'000'000, now));
  CHECK(pace.open(now));
}

TEST_CASE("pace: what moves costs time") {
  std::int64_t open_at = 0;
  Pace pace(1000, open_at);
  const Clock::time_point now{std::chrono::hours(1)};
  CHECK(pace.open(now));
  CHECK(pace.claim(500, now));
  CHECK(!pace.open(now));
  CHECK(!pace.claim(1, now));
  CHECK(!pace.open(now + milliseconds(499)));
  CHECK(pace.open(now + milliseconds(500)));
  CHECK(pace.open_at() == now + milliseconds(500));
}

TEST_CASE("pace: what several move adds up, in whatever threads they are") {
  std::int64_t open_at = 0;
  const Clock::time_point begin{std::chrono::hours(1)};
  std::atomic<int> claims{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      Pace pace(1000, open_at);
      for (int ms = 0; ms <= 1000; ++ms)
        claims += pace.claim(100, begin + milliseconds(ms)) ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  // One each 100 ms, both ends included, whoever it was.
  CHECK(claims <= 11);
  CHECK(claims >= 1);
  CHECK(Pace(1000, open_at).open_at() > begin + milliseconds(1000));
}

TEST_CASE("pace: time in which nothing moved is not made up for") {
  std::int64_t open_at = 0;
  Pace pace(1000, open_at);
  const Clock::time_point now{std::chrono::hours(1)};
  CHECK(pace.claim(100, now));
  const auto later = now + std::chrono::minutes(10);
  CHECK(pace.claim(100, later));
  CHECK(pace.open_at() == later + milliseconds(100));
}

}  // namespace algoctl::http
