#include "algoctl/client.h"
#include "base/text.h"
#include "client/channel_moves.h"
#include "client/explain.h"
#include "client/promotion.h"
#include "client/requirements.h"
#include "client/step.h"
#include "registry/versions.h"

namespace algoctl {
namespace {

void refuse_yanked(Db& db, const AlgorithmRow& algorithm, const VersionInfo& version,
                   const std::string& channel) {
  if (!version.yank) return;
  const auto& [reason, replacement] = *version.yank;
  const auto instead = replacement ? exact_version(db, algorithm, *replacement) : std::nullopt;
  const std::string name = version.algorithm.str() + "@" + version.version.str();
  throw Error(Code::conflict,
              name + " is yanked" + (reason.empty() ? "" : ": " + printable(reason)) +
                  "; no channel may name it",
              instead && !instead->yank
                  ? "promote its replacement: `algoctl promote " + version.algorithm.str() + "@" +
                        replacement->str() + " " + channel + "`"
                  : "promote another version, or take the mark away with `algoctl yank " + name +
                        " --undo`");
}

/// A promotion inside its transaction: all that is asked first, then what is written.
class PromotionStep {
 public:
  PromotionStep(ClientState& state, const PromoteOptions& options)
      : state_(state), options_(options) {
    if (options.reference.label()) {
      throw Error(Code::usage,
                  quoted(options.reference.str()) + " is a label, and channels name versions",
                  "write " + options.reference.algorithm().str() + "@SELECTOR");
    }
    check_channel_name(options.channel);
  }

  ChannelResult decide(Db& db) {
    algorithm_ = require_algorithm(db, options_.reference.algorithm());
    const Selector& selector = options_.reference.selector();
    version_ = find_version(db, *algorithm_, selector, options_.prereleases);
    if (!version_) throw no_such_version(db, *algorithm_, selector);
    const auto now = find_channel(db, *algorithm_, options_.channel);
    ChannelTarget target{options_.channel, version_->version, options_.expect, options_.force,
                         options_.release_hold};
    moves_ = needs_promotion(db, *algorithm_, target);
    if (moves_) {
      refuse_yanked(db, *algorithm_, *version_, options_.channel);
      check_requirements(db, *algorithm_, *version_, options_.require);
    }
    releases_ = options_.release_hold && now && now->hold;
    ChannelResult result{algorithm_->name,
                         options_.channel,
                         version_->version,
                         std::nullopt,
                         moves_,
                         now && now->hold && !releases_,
                         {}};
    if (moves_ && now) result.previous = now->version;
    if (!moves_) result.previous = last_move(db, *algorithm_, options_.channel).from;
    return result;
  }

  void record(Db& db) {
    const ChannelMove move{options_.channel, options_.why, state_.options.actor, state_.now()};
    if (releases_) release_channel(db, *algorithm_, move);
    if (moves_) promote_channel(db, *algorithm_, move, *version_);
  }

  [[nodiscard]] bool changes() const { return moves_ || releases_; }

 private:
  ClientState& state_;
  const PromoteOptions& options_;
  std::optional<AlgorithmRow> algorithm_;
  std::optional<VersionInfo> version_;
  bool moves_ = false;
  bool releases_ = false;
};

}  // namespace

ChannelResult promote(ClientState& state, const PromoteOptions& options) {
  PromotionStep step(state, options);
  return take_step(state, step, options.dry_run);
}

ChannelResult Client::promote(const PromoteOptions& options) {
  return algoctl::promote(*state_, options);
}

}  // namespace algoctl
