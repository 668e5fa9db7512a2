#include "client/rollout.h"

#include <algorithm>
#include <utility>

#include "algoctl/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "client/channel_moves.h"
#include "client/explain.h"
#include "client/promotion.h"
#include "core/replica_state.h"
#include "core/rollout_stand.h"

namespace algoctl {

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

/// Between the last word to the replicas and the instant at which they switch: time to commit, and
/// for the slowest of them to hear of it.
constexpr milliseconds kSwitchMargin{200};
/// Whoever dies tells nobody.
constexpr milliseconds kLook{500};

milliseconds at_most(milliseconds time, milliseconds most) {
  return std::clamp(time, milliseconds(0), most);
}

/// `60 s`, `1500 ms`.
std::string duration_text(milliseconds time) {
  const auto ms = time.count();
  return ms % 1000 == 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms";
}

/// Each replica on a line, with what it does or cannot do.
std::string lines_of(const std::vector<ReplicaInfo>& replicas) {
  std::string lines;
  for (const ReplicaInfo& replica : replicas) {
    lines += "\n  " + replica_name(replica) + ": " + state_name(replica.state);
    if (!replica.reason.empty()) lines += ": " + printable(replica.reason);
  }
  return lines;
}

/// Whether a person would see a difference.
bool is_same(const std::vector<ReplicaInfo>& left, const std::vector<ReplicaInfo>& right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](const ReplicaInfo& a, const ReplicaInfo& b) {
                      return a.id == b.id && a.state == b.state && a.version == b.version &&
                             a.wanted == b.wanted && a.reason == b.reason;
                    });
}

/// A rollout that ends when this does, however that comes.
class Begun {
 public:
  Begun(ReplicaBoard& board, const Rollout& rollout, std::int64_t now)
      : board_(board), rollout_(rollout) {
    board_.begin(rollout_, now);
  }
  ~Begun() { board_.end(rollout_); }
  Begun(const Begun&) = delete;
  Begun& operator=(const Begun&) = delete;

 private:
  ReplicaBoard& board_;
  const Rollout& rollout_;
};

/// One promotion that takes the replicas of its channel along.
class Coordinator {
 public:
  Coordinator(ClientState& state, ReplicaBoard& board, const PromoteOptions& promote,
              const RolloutOptions& options)
      : state_(state), board_(board), promote_(promote), options_(options) {}

  RolloutResult run() {
    if (promote_.dry_run) {
      decided_ = promote(state_, promote_);
      look();
    } else if (!options_.two_phase || !decide()) {
      decided_ = promote(state_, promote_);
      wait_until_served();
    } else {
      run_two_phases();
    }
    return {*std::move(decided_), std::move(replicas_)};
  }

 private:
  /// Asks all that a promotion asks, before any replica works for it. False when nothing moves.
  bool decide() {
    PromoteOptions dry = promote_;
    dry.dry_run = true;
    decided_ = promote(state_, dry);
    return decided_->moved;
  }

  void run_two_phases() {
    const milliseconds lock = at_most(state_.options.timeout, hours(12));
    const std::int64_t now = state_.now();
    asked_at_ = now;
    Rollout rollout{to_hex(random_bytes(8)), decided_->algorithm, decided_->channel,
                    decided_->version, now + (within() + lock + kSwitchMargin).count()};
    const Begun begun(board_, rollout, now);
    wait_until_prepared();
    rollout.switch_at = state_.now() + kSwitchMargin.count();
    rollout.until = *rollout.switch_at + (within() + lock).count();
    board_.update(rollout);
    commit();
    wait_until_served();
  }

  /// Exactly what was decided: whoever moved the channel meanwhile has won.
  void commit() {
    PromoteOptions exact = promote_;
    exact.reference = Reference(decided_->algorithm, Selector::exactly(decided_->version));
    exact.expect = ExpectedVersion{decided_->previous};
    decided_ = promote(state_, exact);
  }

  void wait_until_prepared() { wait(RolloutPhase::prepare, channel() + " was not changed"); }

  void wait_until_served() {
    wait(RolloutPhase::serve, channel() + " names " + version() + " now");
    for (const ReplicaInfo& replica : stand_.nacked) {
      decided_->warnings.push_back(replica_name(replica) + " cannot load " + version() +
                                   (replica.reason.empty() ? "" : ": ") +
                                   printable(replica.reason));
    }
  }

  /// `so_far`: what is so whatever becomes of the wait.
  void wait(RolloutPhase phase, const std::string& so_far) {
    try {
      const std::int64_t end = state_.now() + within().count();
      while (!is_done(phase)) {
        const std::int64_t left = end - state_.now();
        if (left <= 0) throw_late(phase);
        board_.wait_for_report(std::min(milliseconds(left), kLook), state_.options.stop);
      }
    } catch (Error& error) {
      throw error.within(so_far);
    }
  }

  bool is_done(RolloutPhase phase) {
    look();
    stand_ = stand_of(replicas_, version(), phase, nacks_, asked_at_);
    for (const ReplicaInfo& replica : stand_.nacked) nacks_.emplace(replica.id, replica.reason);
    const bool prepares = phase == RolloutPhase::prepare;
    if (prepares && options_.abort_on_nack && !stand_.nacked.empty()) throw_nacked();
    if (stand_.waiting.empty()) return true;
    if (!prepares) refuse_other_move();
    return false;
  }

  void look() {
    std::vector<ReplicaInfo> seen = board_.replicas(decided_->algorithm, state_.now());
    seen.erase(
        std::remove_if(seen.begin(), seen.end(),
                       [&](const auto& one) { return !follows_channel(one, decided_->channel); }),
        seen.end());
    const bool news = !is_same(seen, replicas_);
    replicas_ = std::move(seen);
    if (news && options_.progress) options_.progress(replicas_);
  }

  /// The version is not waited for where somebody has moved the channel on.
  void refuse_other_move() {
    std::optional<ChannelInfo> now;
    state_.registry.read([&](Db& db) {
      now = find_channel(db, require_algorithm(db, decided_->algorithm), decided_->channel);
    });
    if (!now || now->version == decided_->version) return;
    throw Error(Code::conflict,
                printable(now->moved_by) + " has moved it to " + now->version.str() + " meanwhile",
                "`algoctl log " + decided_->algorithm.str() + " --channel " + decided_->channel +
                    "` says who and why");
  }

  [[noreturn]] void throw_nacked() const {
    const auto count = static_cast<std::int64_t>(stand_.nacked.size());
    throw Error(Code::conflict,
                counted(count, "replica") + " cannot load " + version() + lines_of(stand_.nacked),
                "mend that, or promote without --abort-on-nack");
  }

  [[noreturn]] void throw_late(RolloutPhase phase) const {
    const auto count = static_cast<std::int64_t>(stand_.waiting.size());
    const bool prepares = phase == RolloutPhase::prepare;
    const std::string verb = prepares ? (count == 1 ? " has not prepared " : " have not prepared ")
                                      : (count == 1 ? " does not serve " : " do not serve ");
    throw Error(Code::busy,
                counted(count, "replica") + verb + version() + " after " + duration_text(within()) +
                    lines_of(stand_.waiting),
                prepares
                    ? "give them more time with --within, or promote without --two-phase"
                    : "`algoctl replicas " + decided_->algorithm.str() + "` says how they go on");
  }

  [[nodiscard]] milliseconds within() const { return at_most(options_.within, hours(24)); }
  [[nodiscard]] std::string version() const { return decided_->version.str(); }
  [[nodiscard]] std::string channel() const {
    return channel_name(decided_->algorithm, decided_->channel);
  }

  ClientState& state_;
  ReplicaBoard& board_;
  const PromoteOptions& promote_;
  const RolloutOptions& options_;
  std::optional<ChannelResult> decided_;  // and then what became of it
  std::vector<ReplicaInfo> replicas_;
  std::int64_t asked_at_ = 0;  // when the replicas were asked to prepare
  RolloutStand stand_;
  Nacks nacks_;
};

}  // namespace

RolloutResult roll_out(ClientState& state, ReplicaBoard& board, const PromoteOptions& promote,
                       const RolloutOptions& options) {
  return Coordinator(state, board, promote, options).run();
}

}  // namespace algoctl
