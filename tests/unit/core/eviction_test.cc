#include "core/eviction.h"

#include <doctest/doctest.h>

#include <string>

using namespace algoctl;

namespace {

constexpr std::int64_t kMany = 1000;

/// The plan as text: `1u` for the second entry, unused; in the plan's order.
std::string plan(const std::vector<Evictable>& entries, const EvictionRules& rules) {
  std::string text;
  for (const Eviction& eviction : plan_eviction(entries, rules)) {
    constexpr const char* kReasons[] = {"useless", "unused", "over"};
    text += (text.empty() ? "" : " ") + std::to_string(eviction.index) + ":" +
            kReasons[static_cast<int>(eviction.reason)];
  }
  return text;
}

/// Four entries of 10 bytes, used at 40, 10, 30 and 20.
std::vector<Evictable> four() { return {{10, 40}, {10, 10}, {10, 30}, {10, 20}}; }

}  // namespace

TEST_CASE("plan_eviction: what goes, and in which order") {
  struct Case {
    const char* what;
    EvictionRules rules;  // now, capacity, keep_last, keep_for, young
    const char* want;
  };
  for (const Case& c : {
           Case{"nothing is too much", {50, 40, {}, {}}, ""},
           Case{"a byte too much: the least recently used", {50, 39, {}, {}}, "1:over"},
           Case{"oldest first, as many as needed", {50, 15, {}, {}}, "1:over 3:over 2:over"},
           Case{"no room at all", {50, 0, {}, {}}, "1:over 3:over 2:over 0:over"},
           Case{"the last two stay", {50, kMany, 2, {}}, "1:unused 3:unused"},
           Case{"none is to stay", {50, kMany, 0, {}}, "1:unused 3:unused 2:unused 0:unused"},
           Case{"more than there are", {50, kMany, 9, {}}, ""},
           Case{"used in the last 20 ms", {50, kMany, {}, 20}, "1:unused 3:unused"},
           Case{"either rule keeps", {50, kMany, 1, 20}, "1:unused 3:unused"},
           Case{"kept by a rule, but too much", {50, 10, 2, {}}, "1:unused 3:unused 2:over"},
           Case{"the young are not too much", {50, 0, {}, {}, 25}, "1:over 3:over"},
           Case{"the young are unused all the same",
                {50, kMany, 1, {}, 45},
                "1:unused 3:unused "
                "2:unused"},
       }) {
    CAPTURE(c.what);
    CHECK(plan(four(), c.rules) == c.want);
  }
}

TEST_CASE("plan_eviction: the useless go first, whatever the rules keep") {
  auto entries = four();
  entries[0].useless = true;
  CHECK(plan(entries, {50, kMany, 4, 100, 100}) == "0:useless");
  CHECK(plan(entries, {50, 20, {}, {}}) == "0:useless 1:over");
}

TEST_CASE("plan_eviction: what is held stays, and its size counts") {
  auto entries = four();
  for (Evictable& entry : entries) entry.held = true;
  entries[1].useless = true;
  CHECK(plan(entries, {50, 0, 0, 0}).empty());
  entries[2].held = false;
  CHECK(plan(entries, {50, 30, {}, {}}) == "2:over");
  CHECK(plan(entries, {50, 0, {}, {}}) == "2:over");
}

TEST_CASE("plan_eviction: of equally old ones the first goes first; nothing of nothing") {
  CHECK(plan({{1, 5}, {1, 5}, {1, 5}}, {50, 1, {}, {}}) == "0:over 1:over");
  CHECK(plan({}, {50, 0, 0, 0}).empty());
}
