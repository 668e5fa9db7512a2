#include "algoctl/client.h"
#include "base/text.h"
#include "client/channel_moves.h"
#include "client/explain.h"
#include "client/step.h"
#include "registry/versions.h"
#include "registry/yanks.h"

namespace algoctl {
namespace {

void check_options(const YankOptions& options) {
  const Selector::Kind kind = options.selector.kind();
  if (kind != Selector::Kind::exact && kind != Selector::Kind::digest) {
    throw Error(Code::usage,
                "yank takes one version, and " + quoted("@" + options.selector.str()) + " may move",
                "name it exactly, as in " + options.algorithm.str() + "@1.2.3");
  }
  if (options.undo && options.use) {
    throw Error(Code::usage, "--undo and --use exclude each other", "give one of them");
  }
}

/// A yank inside its transaction: all that is asked first, then what is written.
class YankStep {
 public:
  YankStep(ClientState& state, const YankOptions& options) : state_(state), options_(options) {
    check_options(options);
  }

  YankResult decide(Db& db) {
    algorithm_ = require_algorithm(db, options_.algorithm);
    version_ = find_version(db, *algorithm_, options_.selector, true);
    if (!version_) throw no_such_version(db, *algorithm_, options_.selector);
    if (options_.undo) {
      changes_ = version_->yank.has_value();
      return {algorithm_->name, version_->version, false, changes_, {}};
    }
    find_replacement(db);
    channels_ = channels_naming(db, *algorithm_, *version_);
    if (!channels_.empty() && !replacement_) refuse_named();
    // Without a reason or replacement the ones that are there stand.
    const bool same = version_->yank &&
                      (options_.why.empty() || version_->yank->reason == options_.why) &&
                      (!options_.use || version_->yank->replacement == options_.use);
    changes_ = !same || !channels_.empty();
    return {algorithm_->name, version_->version, true, changes_, channels_, held(db)};
  }

  void record(Db& db) {
    const std::string& who = state_.options.actor;
    const std::int64_t now = state_.now();
    if (options_.undo) {
      unyank_version(db, *algorithm_, *version_, options_.why, who, now);
      return;
    }
    std::string why = version_->version.str() + " is yanked";
    if (!options_.why.empty()) why += ": " + options_.why;
    for (const std::string& channel : channels_) {
      promote_channel(db, *algorithm_, {channel, why, who, now}, *replacement_);
    }
    Yank yank{options_.why, options_.use};
    if (version_->yank && yank.reason.empty()) yank.reason = version_->yank->reason;
    if (version_->yank && !yank.replacement) yank.replacement = version_->yank->replacement;
    yank_version(db, *algorithm_, *version_, yank, who, now);
  }

  [[nodiscard]] bool changes() const { return changes_; }

 private:
  void find_replacement(Db& db) {
    if (!options_.use) return;
    if (*options_.use == version_->version) {
      throw Error(Code::usage, "--use names the version that is yanked: " + options_.use->str(),
                  "name another one");
    }
    replacement_ = exact_version(db, *algorithm_, *options_.use);
    if (!replacement_) {
      throw no_such_version(db, *algorithm_, Selector::exactly(*options_.use)).within("--use");
    }
    if (replacement_->yank) {
      throw Error(Code::conflict, "--use: " + options_.use->str() + " is yanked too",
                  "name another one");
    }
  }

  /// A hold keeps from promotions; a version that nobody should run moves away all the same.
  std::vector<std::string> held(Db& db) {
    std::vector<std::string> warnings;
    for (const std::string& channel : channels_) {
      const auto now = find_channel(db, *algorithm_, channel);
      if (!now || !now->hold) continue;
      warnings.push_back(channel_name(algorithm_->name, channel) + " is held" +
                         (now->hold->empty() ? "" : ": " + printable(*now->hold)) +
                         "; it moves all the same, and stays held");
    }
    return warnings;
  }

  [[noreturn]] void refuse_named() const {
    const std::string name = algorithm_->name.str() + "@" + version_->version.str();
    throw Error(Code::conflict,
                name + " is named by " + (channels_.size() == 1 ? "channel " : "channels ") +
                    join(channels_, ", "),
                "move them to another version in the same step with --use VERSION");
  }

  ClientState& state_;
  const YankOptions& options_;
  std::optional<AlgorithmRow> algorithm_;
  std::optional<VersionInfo> version_;
  std::optional<VersionInfo> replacement_;
  std::vector<std::string> channels_;
  bool changes_ = false;
};

}  // namespace

YankResult Client::yank(const YankOptions& options) {
  YankStep step(*state_, options);
  return take_step(*state_, step, options.dry_run);
}

}  // namespace algoctl
