#include "reload/policy.h"

#include <doctest/doctest.h>

#include <vector>

#include "unit/reload/stage.h"

namespace algoctl::test {
namespace {

constexpr std::int64_t kNow = 1000;

std::optional<ModelVersion> maybe(const char* number) {
  return number == nullptr ? std::nullopt : std::optional(model(number));
}

/// `look`, `load 1.1.0`, `wait 5000`.
std::string step_text(const Step& step) {
  switch (step.kind) {
    case Step::Kind::look: return "look";
    case Step::Kind::load: return "load " + step.version->str();
    case Step::Kind::swap: return "swap " + step.version->str();
    case Step::Kind::forget: return "forget " + step.version->str();
    case Step::Kind::wait: return "wait " + std::to_string(step.until);
  }
  return "";
}

struct Case {
  const char* what;
  const char* serving;
  const char* ready;
  const char* wanted;
  const char* announced;
  std::int64_t switch_at;  // 0: not agreed
  const char* refused;
  std::int64_t retry_at;
  const char* step;
  const char* standing;
  const char* nacked = nullptr;
};

const std::vector<Case> kCases = {
    {"nothing is served yet", nullptr, nullptr, "1.0.0", nullptr, 0, nullptr, 0, "load 1.0.0",
     "loading 1.0.0"},
    {"the first one is loaded", nullptr, "1.0.0", "1.0.0", nullptr, 0, nullptr, 0, "swap 1.0.0",
     "prepared 1.0.0"},
    {"all is well", "1.0.0", nullptr, "1.0.0", nullptr, 0, nullptr, 0, "wait 5000",
     "serving 1.0.0"},
    {"a newer one", "1.0.0", nullptr, "1.1.0", nullptr, 0, nullptr, 0, "load 1.1.0",
     "loading 1.1.0"},
    {"an older one", "1.1.0", nullptr, "1.0.0", nullptr, 0, nullptr, 0, "load 1.0.0",
     "loading 1.0.0"},
    {"it is loaded", "1.0.0", "1.1.0", "1.1.0", nullptr, 0, nullptr, 0, "swap 1.1.0",
     "prepared 1.1.0"},
    {"it moved on while it was loaded", "1.0.0", "1.1.0", "1.2.0", nullptr, 0, nullptr, 0,
     "forget 1.1.0", "prepared 1.1.0"},
    {"it moved back while it was loaded", "1.0.0", "1.1.0", "1.0.0", nullptr, 0, nullptr, 0,
     "forget 1.1.0", "prepared 1.1.0"},
    {"it was refused, and it is not time yet", "1.0.0", nullptr, "1.1.0", nullptr, 0, "1.1.0", 3000,
     "wait 3000", "failed 1.1.0"},
    {"it was refused, and a look comes first", "1.0.0", nullptr, "1.1.0", nullptr, 0, "1.1.0", 9000,
     "wait 5000", "failed 1.1.0"},
    {"it was refused, and it is time", "1.0.0", nullptr, "1.1.0", nullptr, 0, "1.1.0", kNow,
     "load 1.1.0", "failed 1.1.0"},
    {"another one was refused", "1.0.0", nullptr, "1.2.0", nullptr, 0, "1.1.0", 9000, "load 1.2.0",
     "failed 1.1.0"},
    {"one is announced", "1.0.0", nullptr, "1.0.0", "1.1.0", 0, nullptr, 0, "load 1.1.0",
     "serving 1.0.0"},
    {"what is announced is served already", "1.0.0", nullptr, "1.0.0", "1.0.0", 0, nullptr, 0,
     "wait 5000", "serving 1.0.0"},
    {"what is announced is ready", "1.0.0", "1.1.0", "1.0.0", "1.1.0", 0, nullptr, 0, "wait 5000",
     "prepared 1.1.0"},
    {"an instant is agreed, but the channel has not moved", "1.0.0", "1.1.0", "1.0.0", "1.1.0",
     kNow, nullptr, 0, "wait 5000", "prepared 1.1.0"},
    {"the channel has moved, and the instant is to come", "1.0.0", "1.1.0", "1.1.0", "1.1.0", 1200,
     nullptr, 0, "wait 1200", "prepared 1.1.0"},
    {"the instant is there", "1.0.0", "1.1.0", "1.1.0", "1.1.0", kNow, nullptr, 0, "swap 1.1.0",
     "prepared 1.1.0"},
    {"the channel has moved, and no instant is agreed", "1.0.0", "1.1.0", "1.1.0", "1.1.0", 0,
     nullptr, 0, "swap 1.1.0", "prepared 1.1.0"},
    {"nobody is served yet: no instant is waited for", nullptr, "1.1.0", "1.1.0", "1.1.0", 1200,
     nullptr, 0, "swap 1.1.0", "prepared 1.1.0"},
    {"the rollout is gone", "1.0.0", "1.1.0", "1.0.0", nullptr, 0, nullptr, 0, "forget 1.1.0",
     "prepared 1.1.0"},
    {"another one is announced", "1.0.0", "1.1.0", "1.0.0", "1.2.0", 0, nullptr, 0, "forget 1.1.0",
     "prepared 1.1.0"},
    {"what is announced was refused", "1.0.0", nullptr, "1.0.0", "1.1.0", 0, nullptr, 0,
     "wait 5000", "failed 1.1.0", "1.1.0"},
    {"what is wanted was refused, and another one is announced", "1.0.0", nullptr, "1.1.0", "1.2.0",
     0, "1.1.0", 3000, "load 1.2.0", "failed 1.1.0"},
    {"what is wanted was refused, and what is served is announced", "1.0.0", nullptr, "1.1.0",
     "1.0.0", 0, "1.1.0", 3000, "wait 3000", "failed 1.1.0"},
    {"what is wanted was refused, and is announced itself", "1.0.0", nullptr, "1.1.0", "1.1.0", 0,
     "1.1.0", 3000, "wait 3000", "failed 1.1.0"},
    {"what is wanted was refused, and it is time for it first", "1.0.0", nullptr, "1.1.0", "1.2.0",
     0, "1.1.0", kNow, "load 1.1.0", "failed 1.1.0"},
    {"what is wanted was refused, and what is announced is ready", "1.0.0", "1.2.0", "1.1.0",
     "1.2.0", 0, "1.1.0", 3000, "wait 5000", "prepared 1.2.0"},
    {"what is ready for a rollout is not given up to try again", "1.0.0", "1.2.0", "1.1.0", "1.2.0",
     0, "1.1.0", kNow, "wait 5000", "prepared 1.2.0"},
    {"but it is where nothing is served", nullptr, "1.2.0", "1.1.0", "1.2.0", 0, "1.1.0", kNow,
     "forget 1.2.0", "prepared 1.2.0"},
    {"and where nothing is served it is kept until then", nullptr, "1.2.0", "1.1.0", "1.2.0", 0,
     "1.1.0", 3000, "wait 3000", "prepared 1.2.0"},
    {"and it is when the rollout is gone", "1.0.0", "1.2.0", "1.1.0", nullptr, 0, "1.1.0", 3000,
     "forget 1.2.0", "prepared 1.2.0"},
    {"what is wanted was refused, and what is announced as well", "1.0.0", nullptr, "1.1.0",
     "1.2.0", 0, "1.1.0", 3000, "wait 3000", "failed 1.2.0", "1.2.0"},
    {"something else is wanted than what is announced", "1.0.0", nullptr, "1.2.0", "1.1.0", 0,
     nullptr, 0, "load 1.2.0", "loading 1.2.0"},
    {"nothing was ever learnt", "1.0.0", nullptr, nullptr, nullptr, 0, nullptr, 0, "wait 5000",
     "loading "},
};

Situation situation_of(const Case& c) {
  Situation s;
  s.now = kNow;
  s.next_look = 5000;
  s.serving = maybe(c.serving);
  s.ready = maybe(c.ready);
  s.wanted = maybe(c.wanted);
  if (c.announced != nullptr) {
    s.announced = Announced{model(c.announced)};
    if (c.switch_at != 0) s.announced->switch_at = c.switch_at;
  }
  if (c.refused != nullptr) s.refused = Refused{model(c.refused), c.retry_at};
  s.nacked = maybe(c.nacked);
  return s;
}

}  // namespace

TEST_CASE("next_step: what a reloader does next, and how it looks from outside") {
  for (const Case& c : kCases) {
    CAPTURE(c.what);
    const Situation situation = situation_of(c);
    CHECK(step_text(next_step(situation)) == c.step);
    const Standing standing = standing_of(situation, nullptr);
    const std::string about = standing.about ? standing.about->str() : "";
    CHECK(state_name(standing.state) + (" " + about) == c.standing);
  }
}

TEST_CASE("next_step: what is asked or heard is looked at first, what is due instead of waiting") {
  for (const Case& c : kCases) {
    CAPTURE(c.what);
    Situation asked = situation_of(c);
    asked.asked = true;
    CHECK(step_text(next_step(asked)) == "look");
    Situation heard = situation_of(c);
    heard.heard = true;
    CHECK(step_text(next_step(heard)) == "look");
    Situation due = situation_of(c);
    due.next_look = kNow;
    const std::string step = step_text(next_step(situation_of(c)));
    CHECK(step_text(next_step(due)) == (step.substr(0, 4) == "wait" ? "look" : step));
  }
}

TEST_CASE("standing_of: what is being loaded is said while it is loaded") {
  Situation s = situation_of(kCases[10]);
  const Step load{Step::Kind::load, model("1.1.0")};
  CHECK(standing_of(s, &load).state == ReplicaState::loading);
  CHECK(standing_of(s, &load).about == model("1.1.0"));
}

TEST_CASE("backoff_ms: twice as long each time, up to a limit, and less by chance") {
  CHECK(backoff_ms(1, 1000, 60000, 0) == 1000);
  CHECK(backoff_ms(2, 1000, 60000, 0) == 2000);
  CHECK(backoff_ms(6, 1000, 60000, 0) == 32000);
  CHECK(backoff_ms(7, 1000, 60000, 0) == 60000);
  CHECK(backoff_ms(2'000'000'000, 1000, 60000, 0) == 60000);
  CHECK(backoff_ms(1, 1000, 60000, 1) == 750);
  CHECK(backoff_ms(1, 1000, 10, 0) == 1000);
}

TEST_CASE("poll_ms: the period, less by chance and no more than the jitter") {
  ReloadOptions options;
  options.poll = std::chrono::milliseconds(10000);
  options.jitter = 0.2;
  CHECK(poll_ms(options, 0) == 10000);
  CHECK(poll_ms(options, 1) == 8000);
  options.jitter = 7;
  CHECK(poll_ms(options, 1) == 1);
}

}  // namespace algoctl::test
