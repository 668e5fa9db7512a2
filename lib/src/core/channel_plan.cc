#include "core/channel_plan.h"

namespace algoctl {

PromotionOutcome plan_promotion(const Promotion& promotion) {
  const auto& [target, current, came_from, held, expect, force, release_hold] = promotion;
  const bool same = current == target;
  if (expect && expect->version != current && !(same && expect->version == came_from)) {
    return PromotionOutcome::unexpected;
  }
  if (same) return PromotionOutcome::same;
  if (held && !release_hold) return PromotionOutcome::held;
  if (current && target < *current && !force) return PromotionOutcome::backwards;
  return PromotionOutcome::move;
}

RollbackPlan plan_rollback(const Rollback& rollback) {
  using Outcome = RollbackPlan::Outcome;
  const auto& [stack, rolled_from, to, expect] = rollback;
  const Version& current = stack.back().version;
  if (expect && *expect != current) {
    const bool done = rolled_from == expect && (!to || *to == current);
    return {done ? Outcome::done : Outcome::unexpected, stack.size(), {}};
  }
  if (to && *to == current) return {Outcome::done, stack.size(), {}};
  RollbackPlan plan{to ? Outcome::not_there : Outcome::no_past, stack.size(), {}};
  for (std::size_t depth = stack.size() - 1; depth > 0; --depth) {
    const StackEntry& entry = stack[depth - 1];
    // A promotion to what was named already lies there twice: that is no way back.
    if (to ? entry.version != *to : entry.version == current) continue;
    if (!entry.yanked) return {Outcome::move, depth, plan.passed_over};
    if (to) return {Outcome::yanked, stack.size(), {}};
    plan.passed_over.push_back(entry.version);
  }
  return plan;
}

}  // namespace algoctl
