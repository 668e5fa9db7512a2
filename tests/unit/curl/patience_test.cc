#include "curl/patience.h"

#include <doctest/doctest.h>

namespace algoctl::http {

using std::chrono::milliseconds;

namespace {

const Clock::time_point kBegin{std::chrono::hours(1)};
constexpr milliseconds kTimeout{1000};

/// An exchange whose time passes by hand.
struct Waiting {
  explicit Waiting(Patience::Drip drip = Patience::Drip::refused)
      : patience(kTimeout, drip, kBegin) {}

  bool over_after(int ms) {
    now += milliseconds(ms);
    return patience.over(headway, now);
  }

  /// How many times `step` may happen, every `ms`, until the patience is over; -1: for longer than
  /// anybody would wait.
  template <typename Step>
  int lasts(int ms, const Step& step) {
    for (int times = 1; times < 1000; ++times) {
      step(headway);
      if (over_after(ms)) return times;
    }
    return -1;
  }

  Patience patience;
  Headway headway;
  Clock::time_point now = kBegin;
};

Waiting answered(Patience::Drip drip = Patience::Drip::refused) {
  Waiting waiting(drip);
  waiting.headway = {3, true, 100, true, 0};
  CHECK_FALSE(waiting.over_after(0));
  return waiting;
}

}  // namespace

TEST_CASE("patience: nothing moves, at whatever step") {
  for (const bool sent : {false, true}) {
    for (const bool headed : {false, true}) {
      Waiting waiting;
      waiting.headway = {1, sent, 0, headed, 0};
      CHECK_FALSE(waiting.over_after(999));
      CHECK_FALSE(waiting.over_after(999));
      CHECK(waiting.over_after(1));
      CHECK_FALSE(waiting.patience.trickles());
    }
  }
}

TEST_CASE("patience: each step has the timeout to itself") {
  Waiting waiting;
  const auto next = [&](auto change) {
    change(waiting.headway);
    CHECK_FALSE(waiting.over_after(900));
  };
  next([](Headway& headway) { headway.setup = 1; });
  next([](Headway& headway) { headway.setup = 2; });
  next([](Headway& headway) {
    headway.body_bytes = 5;
    headway.sent = true;
  });
  next([](Headway& headway) { headway.headed = true; });
  CHECK(waiting.over_after(1000));
}

TEST_CASE("patience: a head has to be whole in time, whatever comes before it is") {
  Waiting waiting;
  waiting.headway = {3, true, 0, false, 0};
  CHECK_FALSE(waiting.over_after(0));
  CHECK(waiting.lasts(100, [](Headway& headway) { headway.head_bytes += 20; }) == 10);
  CHECK(waiting.patience.trickles());
}

TEST_CASE("patience: a body that drips is not waited for, in either direction") {
  CHECK(answered().lasts(100, [](Headway& headway) { headway.body_bytes += 9; }) == 10);
  CHECK(answered().lasts(100, [](Headway& headway) { headway.body_bytes += 10; }) == -1);
  Waiting sending;
  sending.headway.setup = 3;
  CHECK_FALSE(sending.over_after(0));
  CHECK(sending.lasts(100, [](Headway& headway) { headway.body_bytes += 9; }) == 10);
}

TEST_CASE("patience: bytes that come at once count for the whole timeout") {
  Waiting waiting = answered();
  CHECK(waiting.lasts(999, [](Headway& headway) { headway.body_bytes += 100; }) == -1);
}

TEST_CASE("patience: the answer to what takes minutes may drip, but not for ever") {
  const auto drip = [](Headway& headway) { headway.body_bytes += 1; };
  Waiting waiting = answered(Patience::Drip::borne_a_while);
  const int times = waiting.lasts(500, drip);
  CHECK(times >= 40);
  CHECK(times <= 42);
  Waiting silent = answered(Patience::Drip::borne_a_while);
  CHECK(silent.over_after(1000));
  Waiting unanswered(Patience::Drip::borne_a_while);
  CHECK(unanswered.lasts(500, drip) == 2);
}

TEST_CASE("patience: what begins anew has its time anew") {
  Waiting waiting;
  waiting.headway = {3, false, 0, false, 5000};
  CHECK_FALSE(waiting.over_after(900));
  waiting.headway.body_bytes = 0;  // the connection was of no use: once more
  CHECK_FALSE(waiting.over_after(900));
  waiting.patience.begin_anew(waiting.headway, waiting.now + milliseconds(500));
  CHECK_FALSE(waiting.over_after(1499));
  CHECK(waiting.over_after(1));
}

}  // namespace algoctl::http
