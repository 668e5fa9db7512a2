#include "client/decide.h"

#include <algorithm>

#include "algoctl/error.h"
#include "base/text.h"
#include "core/plan.h"
#include "registry/manifests.h"
#include "registry/versions.h"

namespace algoctl {
namespace {

std::string text_of(const Line& line) {
  return std::to_string(line.major) + "." + std::to_string(line.minor);
}

/// The line that is published to: the one asked for; that of a number below the highest release; or
/// none, which is all of them.
std::optional<Line> line_of(const AlgorithmRow& algorithm, const PublishOptions& options) {
  if (options.line) return options.line;
  const auto& number = options.version;
  if (number && algorithm.highest_release && *number < *algorithm.highest_release) {
    return Line{number->major(), number->minor()};
  }
  return std::nullopt;
}

bool on_line(const Version& version, const std::optional<Line>& line) {
  return !line || (version.major() == line->major && version.minor() == line->minor);
}

std::optional<Version> number_of(const std::optional<VersionInfo>& version) {
  return version ? std::optional(version->version) : std::nullopt;
}

std::optional<Version> highest_release_of(const std::optional<VersionInfo>& newest) {
  return newest && newest->version.is_release() ? number_of(newest) : std::nullopt;
}

std::vector<ModelFile> models_of(Db& db, const std::optional<VersionInfo>& version) {
  if (!version) return {};
  return Manifest::parse(manifest_bytes(db, version->manifest_sha256), version->version.str())
      .models;
}

/// A publish, with everything that the registry says about it read once.
class Publish {
 public:
  Publish(Db& db, const AlgorithmRow& algorithm, const Candidate& candidate,
          const PublishOptions& options)
      : db_(db),
        algorithm_(algorithm),
        candidate_(candidate),
        options_(options),
        line_(line_of(algorithm, options)),
        newest_(newest_version(db, algorithm, line_)),
        same_(versions_with_essence(db, algorithm, candidate.essence)) {
    if (candidate.base) base_ = exact_version(db, algorithm, *candidate.base);
  }

  Decision decide() {
    if (options_.line && !newest_) {
      throw Error(Code::not_found, "there is no version on line " + text_of(*options_.line),
                  "publish the first one without --line, or with --version");
    }
    choose_number();
    const bool done_before = is_this_very_publish();
    if (!done_before) check_expectation();
    if (const auto existing = done_before ? newest_ : find_equal()) {
      check_not_yanked(*existing);
      return {existing, std::nullopt, newest_};
    }
    if (options_.version) check_free(*options_.version);
    if (!options_.force) check_fresh();
    return {std::nullopt, number_, newest_};
  }

 private:
  void choose_number() {
    if (options_.version) {
      number_ = options_.version;
      return;
    }
    number_ = next_release(highest_release_of(newest_), open_prerelease(db_, algorithm_, line_),
                           options_.bump, line_.has_value());
    if (options_.prerelease.empty()) return;
    const auto taken = prereleases_of(db_, algorithm_, *number_);
    series_ = highest_of_series(*number_, options_.prerelease, taken);
    number_ = next_prerelease(*number_, options_.prerelease, taken);
  }

  /// True when `expect` names what came before the newest, and the newest says the same: the answer
  /// of an earlier try was lost.
  [[nodiscard]] bool is_this_very_publish() const {
    return options_.expect && newest_ && is_same(*newest_) && counts(*newest_) &&
           newest_->previous == options_.expect->version &&
           number_of(newest_) != options_.expect->version;
  }

  void check_expectation() const {
    if (!options_.expect || options_.expect->version == number_of(newest_)) return;
    const auto& wanted = options_.expect->version;
    throw Error(Code::conflict,
                "the newest version" + (line_ ? " on line " + text_of(*line_) : "") +
                    " is not the expected one\n  expected: " + (wanted ? wanted->str() : "none") +
                    "\n  newest:   " + (newest_ ? newest_->version.str() : "none"),
                "look at what was published, then repeat with that --expect");
  }

  [[nodiscard]] bool is_same(const VersionInfo& version) const {
    return std::any_of(same_.begin(), same_.end(),
                       [&](const VersionInfo& same) { return same.sequence == version.sequence; });
  }

  /// True for the versions that this publish is compared with: that number alone; the prereleases
  /// of its series; or the releases of its line.
  [[nodiscard]] bool counts(const VersionInfo& version) const {
    if (options_.version) return version.version == *options_.version;
    if (options_.prerelease.empty()) {
      return version.version.is_release() && on_line(version.version, line_);
    }
    return version.version.major() == number_->major() &&
           version.version.minor() == number_->minor() &&
           version.version.patch() == number_->patch() &&
           starts_with(version.version.prerelease(), options_.prerelease + ".");
  }

  /// The version that this publish would only repeat: the newest, the one that the working copy was
  /// made from (a lost answer may have been its own), or one that was published after that.
  [[nodiscard]] std::optional<VersionInfo> find_equal() const {
    if (options_.allow_duplicate) return std::nullopt;
    const auto highest = options_.prerelease.empty() ? number_of(newest_) : series_;
    std::optional<VersionInfo> later;
    for (const VersionInfo& same : same_) {
      if (!counts(same)) continue;
      if (options_.version || same.version == highest) return same;
      if (!later && same.sequence >= (base_ ? base_->sequence : 0)) later = same;
    }
    return later;
  }

  void check_not_yanked(const VersionInfo& version) const {
    if (!version.yank) return;
    const std::string& why = version.yank->reason;
    throw Error(Code::conflict,
                "this manifest is version " + version.version.str() + ", which is yanked" +
                    (why.empty() ? "" : ": " + why),
                "publish it again as a new version with --allow-duplicate");
  }

  void check_free(const Version& number) const {
    const auto taken = exact_version(db_, algorithm_, number);
    if (!taken) return;
    throw Error(Code::conflict,
                "version " + number.str() + " of " + quoted(algorithm_.name.str()) + " is taken" +
                    (is_same(*taken) ? "" : " by another manifest"),
                "a published version never changes; choose another number");
  }

  /// A stale working copy must not silently bring back what somebody else replaced. Whoever chose
  /// the version to start from did so in view of those that were there.
  void check_fresh() const {
    if (!newest_ || (candidate_.base && newest_->version <= *candidate_.base)) return;
    if (candidate_.seen && newest_->sequence <= *candidate_.seen) return;
    const Merge merge =
        merge_models(models_of(db_, base_), candidate_.manifest.models, models_of(db_, newest_));
    if (merge.outdated.empty()) return;
    std::vector<std::string> slots;
    for (const Slot& slot : merge.outdated) slots.push_back(quoted(slot.str()));
    const std::string what = newest_->version.str() + " has other bytes in " +
                             (slots.size() == 1 ? "slot " : "slots ") + join(slots, ", ");
    if (candidate_.seen) {
      throw Error(
          Code::conflict,
          "another version was published meanwhile: " + what + ", which did not change here",
          "run it again, or override with --force");
    }
    throw Error(Code::conflict,
                "the working copy is stale: " + what + ", which did not change here",
                "refresh it with `algoctl use --from " + newest_->version.str() +
                    "`, or override with --force");
  }

  Db& db_;
  const AlgorithmRow& algorithm_;
  const Candidate& candidate_;
  const PublishOptions& options_;
  std::optional<Line> line_;
  std::optional<VersionInfo> newest_;
  std::vector<VersionInfo> same_;
  std::optional<VersionInfo> base_;
  std::optional<Version> number_;
  std::optional<Version> series_;  // the highest prerelease of the series asked for
};

}  // namespace

Decision decide_publish(Db& db, const AlgorithmRow& algorithm, const Candidate& candidate,
                        const PublishOptions& options) {
  return Publish(db, algorithm, candidate, options).decide();
}

}  // namespace algoctl
