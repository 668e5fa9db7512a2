#include "client/channel_moves.h"

#include "algoctl/error.h"
#include "base/clock.h"
#include "base/text.h"

namespace algoctl {
namespace {

/// `1.3.0, moved by ada at 2019-02-28T…: why`.
std::string state_of(const std::optional<ChannelInfo>& channel) {
  if (!channel) return "none";
  std::string text = channel->version.str() + ", moved by " + printable(channel->moved_by) +
                     " at " + format_time(channel->moved_at);
  if (!channel->why.empty()) text += ": " + printable(channel->why);
  return text;
}

[[noreturn]] void refuse(PromotionOutcome outcome, const std::string& name,
                         const ChannelTarget& target, const std::optional<ChannelInfo>& now) {
  const std::string version = target.version.str();
  switch (outcome) {
    case PromotionOutcome::unexpected: {
      const auto& wanted = target.expect->version;
      throw Error(Code::conflict,
                  "channel " + name + " does not name what was expected\n  expected: " +
                      (wanted ? wanted->str() : "none") + "\n  now:      " + state_of(now),
                  "look at what changed, then repeat with that --expect");
    }
    case PromotionOutcome::held:
      throw Error(Code::conflict,
                  "channel " + name + " is held at " + now->version.str() +
                      (now->hold->empty() ? "" : ": " + printable(*now->hold)),
                  "when the reason is gone, promote with --release-hold");
    case PromotionOutcome::backwards:
      throw Error(Code::conflict,
                  "channel " + name + " would go backwards\n  now:    " + state_of(now) +
                      "\n  wanted: " + version,
                  "`algoctl rollback` takes it back; or insist with `algoctl promote --force`");
    default: throw Error(Code::internal, "channel " + name + " was not refused");
  }
}

}  // namespace

std::string channel_name(const Algorithm& algorithm, const std::string& channel) {
  return algorithm.str() + "@" + channel;
}

bool needs_promotion(Db& db, const AlgorithmRow& algorithm, const ChannelTarget& target) {
  check_channel_name(target.channel);
  const auto now = find_channel(db, algorithm, target.channel);
  Promotion promotion{target.version, std::nullopt, std::nullopt,       false,
                      target.expect,  target.force, target.release_hold};
  if (now) {
    promotion.current = now->version;
    promotion.came_from = last_move(db, algorithm, target.channel).from;
    promotion.held = now->hold.has_value();
  }
  const PromotionOutcome outcome = plan_promotion(promotion);
  if (outcome == PromotionOutcome::move) return true;
  if (outcome == PromotionOutcome::same) return false;
  refuse(outcome, channel_name(algorithm.name, target.channel), target, now);
}

}  // namespace algoctl
