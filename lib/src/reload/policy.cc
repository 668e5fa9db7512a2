#include "reload/policy.h"

#include <algorithm>
#include <cmath>

namespace algoctl {
namespace {

Step wait_until(std::int64_t time) { return {Step::Kind::wait, std::nullopt, time}; }

bool is_refused(const Situation& s, const ModelVersion& version) {
  return s.refused && s.refused->version == version;
}

std::optional<ModelVersion> announced_by(const Situation& s) {
  return s.announced ? std::optional(s.announced->version) : std::nullopt;
}

/// The way to have ready what is only announced, when there is nothing else to do before `until`.
Step towards_announced(const Situation& s, std::int64_t until) {
  const auto announced = announced_by(s);
  if (s.ready && s.ready != announced) return {Step::Kind::forget, s.ready};
  const bool settled = announced == s.serving || s.ready || announced == s.nacked;
  if (announced && !settled && !is_refused(s, *announced)) return {Step::Kind::load, announced};
  return wait_until(until);
}

/// The way to serve what the reference means.
Step towards_wanted(const Situation& s) {
  if (s.ready == s.wanted) {
    const bool agreed = s.announced && s.announced->version == *s.wanted && s.announced->switch_at;
    if (agreed && s.serving && s.now < *s.announced->switch_at) {
      return wait_until(std::min(*s.announced->switch_at, s.next_look));
    }
    return {Step::Kind::swap, s.wanted};
  }
  const bool refused = is_refused(s, *s.wanted);
  // A rollout that is to lead away from what was refused relies on what is ready for it. But where
  // nothing is served, nothing comes before a model.
  if (refused && s.serving && s.ready && s.ready == announced_by(s)) return wait_until(s.next_look);
  if (refused && s.now < s.refused->retry_at) {
    return towards_announced(s, std::min(s.refused->retry_at, s.next_look));
  }
  if (s.ready) return {Step::Kind::forget, s.ready};
  return {Step::Kind::load, s.wanted};
}

Step next_work(const Situation& s) {
  if (s.wanted && s.wanted != s.serving) return towards_wanted(s);
  return towards_announced(s, s.next_look);
}

}  // namespace

Step next_step(const Situation& s) {
  if (s.asked || s.heard) return {Step::Kind::look};
  const Step step = next_work(s);
  // What is only due comes after the work, or a short period would leave no time for it.
  if (step.kind == Step::Kind::wait && s.now >= s.next_look) return {Step::Kind::look};
  return step;
}

Standing standing_of(const Situation& s, const Step* under_way) {
  if (under_way != nullptr && under_way->kind == Step::Kind::load) {
    return {ReplicaState::loading, under_way->version};
  }
  if (s.ready) return {ReplicaState::prepared, s.ready};
  if (s.nacked) return {ReplicaState::failed, s.nacked};
  if (s.refused) return {ReplicaState::failed, s.refused->version};
  if (!s.serving || s.wanted != s.serving) return {ReplicaState::loading, s.wanted};
  return {ReplicaState::serving, s.serving};
}

std::int64_t backoff_ms(int failures, std::int64_t first, std::int64_t longest, double chance) {
  const double doubled = static_cast<double>(first) * std::exp2(std::min(failures - 1, 30));
  const double whole = std::min(doubled, static_cast<double>(std::max(first, longest)));
  return static_cast<std::int64_t>(whole * (1 - chance / 4));
}

std::int64_t poll_ms(const ReloadOptions& options, double chance) {
  const auto whole = static_cast<double>(options.poll.count());
  const double less = std::clamp(options.jitter, 0.0, 1.0) * chance;
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(whole * (1 - less)));
}

}  // namespace algoctl
