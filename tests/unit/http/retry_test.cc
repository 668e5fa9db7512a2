#include "http/retry.h"

#include <doctest/doctest.h>

#include <string>

namespace algoctl::http {

using std::chrono::milliseconds;
using Kind = Failure::Kind;

TEST_CASE("worth_retrying: answers that may be better the next time") {
  for (int status = 100; status < 600; ++status) {
    const bool want = status == 408 || status == 429 || status == 500 || status == 502 ||
                      status == 503 || status == 504;
    CAPTURE(status);
    CHECK(worth_retrying({.status = status}) == want);
  }
  CHECK(worth_retrying({.status = 200, .transient = true}));
}

TEST_CASE("worth_retrying: failures that may be better the next time") {
  struct Case {
    Kind kind;
    bool want;
  };
  for (const Case& c : {
           Case{Kind::unreachable, true},
           Case{Kind::tls, false},
           Case{Kind::misnamed, false},
           Case{Kind::stalled, true},
           Case{Kind::cut, true},
           Case{Kind::refused, false},
           Case{Kind::malformed, false},
           Case{Kind::internal, false},
       }) {
    CAPTURE(static_cast<int>(c.kind));
    CHECK(worth_retrying({.failure = c.kind}) == c.want);
    // An answer whose status came before the failure does not count.
    CHECK(worth_retrying({.failure = c.kind, .status = 503}) == c.want);
  }
}

TEST_CASE("next_try: how long it waits") {
  const RetryOptions options = {.tries = 6,
                                .first_delay = milliseconds(200),
                                .longest_delay = milliseconds(1000),
                                .budget = milliseconds(60000)};
  struct Case {
    const char* what;
    Outcome outcome;
    double chance;
    std::optional<milliseconds> want;
  };
  const milliseconds long_ago(59'500), too_long_ago(59'901), minute(60'000);
  for (const Case& c : {
           Case{"nothing to retry", {.status = 404}, 0.5, std::nullopt},
           Case{"the first delay", {.status = 503}, 1, milliseconds(200)},
           Case{"jitter", {.status = 503}, 0.25, milliseconds(50)},
           Case{"full jitter", {.status = 503}, 0, milliseconds(0)},
           Case{"doubled", {.status = 503, .tries = 2}, 1, milliseconds(400)},
           Case{"doubled again", {.status = 503, .tries = 3}, 1, milliseconds(800)},
           Case{"the longest delay", {.status = 503, .tries = 4}, 1, milliseconds(1000)},
           Case{"the last but one", {.status = 503, .tries = 5}, 0.5, milliseconds(500)},
           Case{"the last", {.status = 503, .tries = 6}, 0.5, std::nullopt},
           Case{"a failure", {.failure = Kind::cut}, 0.5, milliseconds(100)},
           Case{"a failure for ever", {.failure = Kind::tls}, 0.5, std::nullopt},
           Case{"the server wants more",
                {.status = 429, .retry_after = milliseconds(7000)},
                1,
                milliseconds(7000)},
           Case{"the server wants less",
                {.status = 429, .retry_after = milliseconds(10)},
                1,
                milliseconds(200)},
           Case{"within the budget", {.status = 503, .fruitless = long_ago}, 1, milliseconds(200)},
           Case{"beyond the budget", {.status = 503, .fruitless = too_long_ago}, 0.5, std::nullopt},
           Case{"the server wants all of the budget",
                {.status = 429, .retry_after = minute},
                0,
                minute},
           Case{"the server wants more than the budget",
                {.status = 429, .retry_after = minute + milliseconds(1)},
                0,
                std::nullopt},
       }) {
    CAPTURE(std::string(c.what));
    CHECK(next_try(options, c.outcome, c.chance) == c.want);
  }
}

TEST_CASE("next_try: doubling a thousand times stays within the longest delay") {
  const RetryOptions options = {.tries = 2000};
  CHECK(next_try(options, {.status = 503, .tries = 1000}, 1) == options.longest_delay);
}

TEST_CASE("retry_after: seconds and HTTP dates") {
  const std::int64_t now = 784'111'777'500;  // Sun, 06 Nov 1994 08:49:37.5 GMT
  struct Case {
    const char* text;
    std::optional<std::string_view> date;
    std::optional<std::int64_t> seconds;
  };
  for (const Case& c : {
           Case{"0", std::nullopt, 0},
           Case{"120", std::nullopt, 120},
           Case{"2000000", std::nullopt, 1'000'000},
           Case{"Sun, 06 Nov 1994 08:49:37 GMT", std::nullopt, 0},
           Case{"Sun, 06 Nov 1994 08:50:37 GMT", std::nullopt, 60},
           Case{"Mon, 07 Nov 1994 00:00:00 GMT", std::nullopt, 54623},
           Case{"Sat, 05 Nov 1994 08:49:37 GMT", std::nullopt, 0},
           // A server whose clock is a day ahead.
           Case{"Mon, 07 Nov 1994 08:49:39 GMT", "Mon, 07 Nov 1994 08:49:37 GMT", 2},
           Case{"Sun, 06 Nov 1994 08:49:42 GMT", "no date", 5},
           Case{"", std::nullopt, std::nullopt},
           Case{"-1", std::nullopt, std::nullopt},
           Case{"1.5", std::nullopt, std::nullopt},
           Case{"12 s", std::nullopt, std::nullopt},
           Case{"99999999999999999999", std::nullopt, std::nullopt},
           Case{"soon", std::nullopt, std::nullopt},
           Case{"Sun, 06 Nov 1994 08:49:37 CET", std::nullopt, std::nullopt},
           Case{"Sun, 06 anN 1994 08:49:37 GMT", std::nullopt, std::nullopt},
           Case{"Sun, xx Nov 1994 08:49:37 GMT", std::nullopt, std::nullopt},
           Case{"Sunday, 06-Nov-94 08:49:37 GMT", std::nullopt, std::nullopt},
       }) {
    CAPTURE(std::string(c.text));
    const auto delay = retry_after(c.text, c.date, now);
    REQUIRE(delay.has_value() == c.seconds.has_value());
    if (delay) CHECK(*delay == std::chrono::seconds(*c.seconds));
  }
}

}  // namespace algoctl::http
