#include "core/channel_plan.h"

#include <doctest/doctest.h>

#include <string>

using namespace algoctl;

namespace {

std::optional<Version> version(const char* text) {
  return *text == '\0' ? std::nullopt : std::optional(Version::parse(text));
}

const char* name(PromotionOutcome outcome) {
  switch (outcome) {
    case PromotionOutcome::move: return "move";
    case PromotionOutcome::same: return "same";
    case PromotionOutcome::unexpected: return "unexpected";
    case PromotionOutcome::held: return "held";
    case PromotionOutcome::backwards: return "backwards";
  }
  return "";
}

const char* name(RollbackPlan::Outcome outcome) {
  using Outcome = RollbackPlan::Outcome;
  switch (outcome) {
    case Outcome::move: return "move";
    case Outcome::done: return "done";
    case Outcome::unexpected: return "unexpected";
    case Outcome::no_past: return "no past";
    case Outcome::not_there: return "not there";
    case Outcome::yanked: return "yanked";
  }
  return "";
}

/// `1.0.0 1.1.0!`, lowest first; a mark stands for a yank.
std::vector<StackEntry> stack(std::string text) {
  std::vector<StackEntry> entries;
  text += ' ';
  for (std::size_t end = text.find(' '); end != std::string::npos; end = text.find(' ')) {
    std::string word = text.substr(0, end);
    text.erase(0, end + 1);
    const bool yanked = word.back() == '!';
    if (yanked) word.pop_back();
    entries.push_back({Version::parse(word), yanked});
  }
  return entries;
}

}  // namespace

TEST_CASE("plan_promotion: when a channel moves") {
  struct Case {
    const char* current;
    const char* came_from;
    const char* target;
    const char* expect;  // nullptr: nothing is expected
    bool held;
    bool force;
    bool release_hold;
    const char* want;
  };
  for (const Case& c : {
           Case{"", "", "1.0.0", nullptr, false, false, false, "move"},
           Case{"1.0.0", "", "1.1.0", nullptr, false, false, false, "move"},
           Case{"1.1.0", "1.0.0", "1.1.0", nullptr, false, false, false, "same"},
           Case{"1.1.0", "1.0.0", "1.0.0", nullptr, false, false, false, "backwards"},
           Case{"1.1.0", "1.0.0", "1.1.0-rc.1", nullptr, false, false, false, "backwards"},
           Case{"1.1.0", "1.0.0", "1.0.0", nullptr, false, true, false, "move"},
           // Compare-and-set.
           Case{"", "", "1.0.0", "", false, false, false, "move"},
           Case{"1.0.0", "", "1.1.0", "", false, false, false, "unexpected"},
           Case{"1.0.0", "", "1.1.0", "1.0.0", false, false, false, "move"},
           Case{"1.2.0", "1.0.0", "1.1.0", "1.0.0", false, false, false, "unexpected"},
           Case{"1.2.0", "1.0.0", "1.1.0", "1.0.0", false, true, false, "unexpected"},
           // The answer was lost: its own move is there already.
           Case{"1.1.0", "1.0.0", "1.1.0", "1.0.0", false, false, false, "same"},
           Case{"1.0.0", "", "1.0.0", "", false, false, false, "same"},
           Case{"1.1.0", "0.9.0", "1.1.0", "1.0.0", false, false, false, "unexpected"},
           Case{"1.1.0", "1.0.0", "1.1.0", "1.1.0", false, false, false, "same"},
           // Holds.
           Case{"1.0.0", "1.1.0", "1.2.0", nullptr, true, false, false, "held"},
           Case{"1.0.0", "1.1.0", "1.2.0", nullptr, true, true, false, "held"},
           Case{"1.0.0", "1.1.0", "1.2.0", nullptr, true, false, true, "move"},
           Case{"1.0.0", "1.1.0", "1.0.0", nullptr, true, false, false, "same"},
       }) {
    CAPTURE(c.current);
    CAPTURE(c.target);
    Promotion promotion{
        *version(c.target), version(c.current), version(c.came_from), c.held, std::nullopt, c.force,
        c.release_hold};
    if (c.expect != nullptr) promotion.expect = ExpectedVersion{version(c.expect)};
    CHECK(std::string(name(plan_promotion(promotion))) == c.want);
  }
}

TEST_CASE("plan_rollback: how far a channel goes back") {
  struct Case {
    const char* stack;
    const char* rolled_from;
    const char* to;
    const char* expect;
    const char* want;
    std::size_t depth;
    std::size_t passed_over;
  };
  for (const Case& c : {
           Case{"1.0.0", "", "", "", "no past", 1, 0},
           Case{"1.0.0 1.1.0", "", "", "", "move", 1, 0},
           Case{"1.0.0 1.1.0 1.2.0", "", "", "", "move", 2, 0},
           Case{"1.0.0 1.1.0! 1.2.0", "", "", "", "move", 1, 1},
           Case{"1.0.0! 1.1.0! 1.2.0", "", "", "", "no past", 3, 2},
           // A version that lies there twice is no way back to itself.
           Case{"1.0.0 1.1.0 1.2.0! 1.1.0", "", "", "", "move", 1, 1},
           Case{"1.0.0 1.1.0 1.1.0", "", "", "1.1.0", "move", 1, 0},
           Case{"1.1.0 1.2.0! 1.1.0", "", "", "", "no past", 3, 1},
           Case{"1.0.0 1.1.0! 1.1.0!", "", "", "", "move", 1, 0},
           // --to
           Case{"1.0.0 1.1.0 1.2.0", "", "1.0.0", "", "move", 1, 0},
           Case{"1.0.0 1.1.0 1.0.0 1.2.0", "", "1.0.0", "", "move", 3, 0},
           Case{"1.0.0 1.1.0 1.2.0", "", "1.2.0", "", "done", 3, 0},
           Case{"1.0.0 1.1.0 1.2.0", "", "0.9.0", "", "not there", 3, 0},
           Case{"1.0.0! 1.1.0 1.2.0", "", "1.0.0", "", "yanked", 3, 0},
           // --expect
           Case{"1.0.0 1.1.0", "", "", "1.1.0", "move", 1, 0},
           Case{"1.0.0 1.1.0", "", "", "1.2.0", "unexpected", 2, 0},
           Case{"1.0.0 1.1.0", "1.2.0", "", "1.2.0", "done", 2, 0},
           Case{"1.0.0", "1.2.0", "", "1.2.0", "done", 1, 0},
           Case{"1.0.0 1.1.0", "1.2.0", "1.1.0", "1.2.0", "done", 2, 0},
           Case{"1.0.0 1.1.0", "1.2.0", "1.0.0", "1.2.0", "unexpected", 2, 0},
           Case{"1.0.0 1.1.0", "1.3.0", "", "1.2.0", "unexpected", 2, 0},
       }) {
    CAPTURE(c.stack);
    CAPTURE(c.to);
    CAPTURE(c.expect);
    const RollbackPlan plan =
        plan_rollback({stack(c.stack), version(c.rolled_from), version(c.to), version(c.expect)});
    CHECK(std::string(name(plan.outcome)) == c.want);
    CHECK(plan.depth == c.depth);
    CHECK(plan.passed_over.size() == c.passed_over);
  }
}
