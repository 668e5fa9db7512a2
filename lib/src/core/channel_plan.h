#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "algoctl/publish.h"
#include "algoctl/version.h"

namespace algoctl {

/// What decides whether a channel may move to a version.
struct Promotion {
  Version target;
  std::optional<Version> current;    ///< that the channel names; none: it is not there
  std::optional<Version> came_from;  ///< what it named before that
  bool held = false;
  std::optional<ExpectedVersion> expect;
  bool force = false;
  bool release_hold = false;
};

enum class PromotionOutcome {
  move,
  same,        ///< it names the target already: nothing to do
  unexpected,  ///< it does not name what was expected
  held,
  backwards,  ///< the target is lower
};

/// An expectation holds when the channel names what was expected, or when the move from there to
/// the target was made already: its answer was lost.
PromotionOutcome plan_promotion(const Promotion& promotion);

/// One version of a channel's stack.
struct StackEntry {
  Version version;
  bool yanked = false;
};

/// What decides how far a channel goes back.
struct Rollback {
  std::vector<StackEntry> stack;       ///< lowest first; the last is what the channel names
  std::optional<Version> rolled_from;  ///< when the last move was a rollback: from here
  std::optional<Version> to;
  std::optional<Version> expect;
};

struct RollbackPlan {
  enum class Outcome {
    move,
    done,  ///< it was made already, or the channel names `to`
    unexpected,
    no_past,    ///< nothing else lower on the stack that is not yanked
    not_there,  ///< `to` is not on the stack
    yanked,     ///< `to` is yanked
  };

  Outcome outcome;
  std::size_t depth = 0;             ///< of the stack that remains
  std::vector<Version> passed_over;  ///< yanked, on the way
};

/// What it goes back to is never what the channel names now.
RollbackPlan plan_rollback(const Rollback& rollback);

}  // namespace algoctl
