#include "algoctl/client.h"
#include "base/text.h"
#include "client/channel_moves.h"
#include "client/explain.h"
#include "client/step.h"

namespace algoctl {
namespace {

/// A rollback inside its transaction: all that is asked first, then what is written.
class RollbackStep {
 public:
  RollbackStep(ClientState& state, const RollbackOptions& options)
      : state_(state), options_(options), name_(channel_name(options.algorithm, options.channel)) {
    check_channel_name(options.channel);
  }

  ChannelResult decide(Db& db) {
    algorithm_ = require_algorithm(db, options_.algorithm);
    const auto now = find_channel(db, *algorithm_, options_.channel);
    if (!now) throw no_such_channel(db, *algorithm_, options_.channel);
    Rollback rollback{channel_stack(db, *algorithm_, options_.channel), std::nullopt, options_.to,
                      options_.expect};
    const LastMove last = last_move(db, *algorithm_, options_.channel);
    if (last.rollback) rollback.rolled_from = last.from;
    plan_ = plan_rollback(rollback);
    refuse(*now);
    moves_ = plan_.outcome == RollbackPlan::Outcome::move;
    holds_ = options_.hold && !now->hold;
    ChannelResult result{algorithm_->name,
                         options_.channel,
                         moves_ ? rollback.stack.at(plan_.depth - 1).version : now->version,
                         moves_ ? std::optional(now->version) : last.from,
                         moves_,
                         holds_ || now->hold,
                         {}};
    for (const Version& version : plan_.passed_over) {
      result.warnings.push_back(version.str() + " is yanked and was passed over");
    }
    return result;
  }

  void record(Db& db) {
    const ChannelMove move{options_.channel, options_.why, state_.options.actor, state_.now()};
    if (moves_) roll_back_channel(db, *algorithm_, move, plan_.depth);
    if (holds_) hold_channel(db, *algorithm_, move);
  }

  [[nodiscard]] bool changes() const { return moves_ || holds_; }

 private:
  void refuse(const ChannelInfo& now) const {
    using Outcome = RollbackPlan::Outcome;
    const std::string log =
        "`algoctl log " + options_.algorithm.str() + " --channel " + options_.channel + "`";
    switch (plan_.outcome) {
      case Outcome::move:
      case Outcome::done: return;
      case Outcome::unexpected:
        throw Error(Code::conflict,
                    "channel " + name_ + " does not name what was expected\n  expected: " +
                        options_.expect->str() + "\n  now:      " + now.version.str(),
                    log + " says who moved it");
      case Outcome::no_past:
        throw Error(Code::not_found,
                    "channel " + name_ + " has no past: it named nothing before " +
                        now.version.str() +
                        (plan_.passed_over.empty() ? "" : " that is not yanked"),
                    "move it with `algoctl promote " + options_.algorithm.str() + "@VERSION " +
                        options_.channel + " --force`");
      case Outcome::not_there:
        throw Error(Code::not_found,
                    "channel " + name_ + " did not come from " + options_.to->str(),
                    log + " says what it named");
      case Outcome::yanked:
        throw Error(Code::conflict, options_.to->str() + " is yanked; no channel may name it",
                    "roll back to another version");
    }
  }

  ClientState& state_;
  const RollbackOptions& options_;
  std::string name_;
  std::optional<AlgorithmRow> algorithm_;
  RollbackPlan plan_{RollbackPlan::Outcome::done, 0, {}};
  bool moves_ = false;
  bool holds_ = false;
};

}  // namespace

ChannelResult Client::rollback(const RollbackOptions& options) {
  RollbackStep step(*state_, options);
  return take_step(*state_, step, options.dry_run);
}

}  // namespace algoctl
