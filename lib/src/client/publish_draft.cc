#include "client/publish_draft.h"

#include <algorithm>
#include <set>

#include "algoctl/error.h"
#include "base/text.h"
#include "client/channel_moves.h"
#include "client/decide.h"
#include "client/explain.h"
#include "client/publish_objects.h"
#include "client/publish_request.h"
#include "core/manifest_text.h"
#include "core/plan.h"
#include "core/splice.h"
#include "registry/chain.h"
#include "registry/channels.h"
#include "registry/manifests.h"
#include "registry/notes.h"
#include "registry/requests.h"
#include "registry/versions.h"

namespace algoctl {
namespace {

std::string with_version(const std::string& manifest, const Version& version,
                         const std::string& where) {
  ManifestEdit edit;
  edit.version = version;
  return splice_manifest(manifest, edit, where);
}

/// The options as they take effect. What a key stands for is what was asked: the draft's line
/// depends on what others have published.
PublishOptions placed(PublishOptions options, const Draft& draft) {
  if (!options.line) options.line = draft.line;
  return options;
}

void require_models(const Manifest& manifest, const std::string& where) {
  if (!manifest.models.empty()) return;
  throw Error(Code::usage, where + ": there is nothing to publish: the manifest has no slots",
              "fill one with `algoctl upload FILE`");
}

/// What stands for an algorithm that was never written down: nothing of it is there.
AlgorithmRow no_algorithm(const Algorithm& name) { return {0, name, 0, std::nullopt, 0, 0, 0, ""}; }

void warn_of_other_labels(Db& db, const Manifest& manifest, const VersionInfo& existing,
                          PublishResult& result) {
  const auto there =
      Manifest::parse(manifest_bytes(db, existing.manifest_sha256), existing.version.str());
  for (const ModelFile& model : manifest.models) {
    const ModelFile* published = there.find(model.slot);
    if (published == nullptr || published->uri() == model.uri()) continue;
    result.warnings.push_back("slot " + quoted(model.slot.str()) + " names " + model.uri() +
                              ", but its bytes are published already as " + published->uri());
  }
}

/// One publish inside its transaction.
class Publication {
 public:
  Publication(ClientState& state, const Draft& draft, const PublishOptions& options)
      : state_(state),
        draft_(draft),
        options_(placed(options, draft)),
        manifest_(Manifest::parse(draft.text, draft.where)),
        essence_(Digest::of(manifest_essence(draft.text, draft.where))),
        request_(request_digest(draft.request, options)) {
    require_models(manifest_, draft.where);
  }

  [[nodiscard]] const Algorithm& algorithm() const { return manifest_.name; }

  void require_stored(Db& db, const std::vector<Arrived>& arriving = {}) {
    outside_ = require_objects(state_, db, manifest_, arriving, options_);
  }

  /// What the publish comes to, and the channels that move with it. Changes nothing.
  PublishResult decide(Db& db, const AlgorithmRow& algorithm) {
    PublishResult result = decide_version(db, algorithm);
    if (fresh_) decide_channels(db, algorithm, result);
    result.warnings.insert(result.warnings.end(), outside_.begin(), outside_.end());
    return result;
  }

  /// Writes down what `decide` came to.
  void record(Db& db, AlgorithmRow& algorithm, const PublishResult& result) {
    if (!fresh_) return;  // an answer from before
    const std::int64_t now = state_.now();
    if (result.created) {
      record_manifest(db, result.manifest_sha256, essence_, text_, manifest_);
      VersionInfo version{algorithm.name,
                          result.version,
                          0,
                          result.manifest_sha256,
                          result.previous,
                          0,
                          state_.options.actor,
                          options_.notes,
                          options_.provenance,
                          essence_,
                          std::nullopt};
      insert_version(db, algorithm, version, now);
      for (const auto& [key, value] : options_.metadata) {
        annotate(db, algorithm, version, key, value, state_.options.actor, now);
      }
    }
    if (!moving_.empty()) {
      const auto there = exact_version(db, algorithm, result.version);
      for (const std::string& channel : moving_) {
        promote_channel(db, algorithm, {channel, options_.notes, state_.options.actor, now},
                        *there);
      }
    }
    if (!options_.idempotency_key.empty()) {
      record_answer(db, algorithm, options_.idempotency_key, request_,
                    {result.version, result.previous, result.created, result.manifest_sha256},
                    std::max(now, algorithm.journal_at));
    }
  }

 private:
  PublishResult decide_version(Db& db, const AlgorithmRow& algorithm) {
    if (!options_.idempotency_key.empty()) {
      if (const auto answer = find_answer(db, algorithm, options_.idempotency_key, request_)) {
        return repeated_answer(db, algorithm, *answer, options_);
      }
    }
    const Decision decision =
        decide_publish(db, algorithm, {manifest_, essence_, draft_.base, draft_.seen}, options_);
    if (const auto& existing = decision.existing) {
      fresh_ = true;
      PublishResult result = answer_of(db, algorithm, existing->version, existing->previous, false,
                                       existing->manifest_sha256);
      warn_of_other_labels(db, manifest_, *existing, result);
      if (!is_recorded(db, algorithm, *existing)) {
        result.warnings.push_back("nothing was published, so " + draft_.metadata_name +
                                  " was not recorded");
      }
      return result;
    }
    text_ = with_version(draft_.text, *decision.number, draft_.where);
    fresh_ = true;
    std::optional<Version> previous;
    if (decision.newest) previous = decision.newest->version;
    return answer_of(db, algorithm, *decision.number, previous, true, Digest::of(text_));
  }

  void decide_channels(Db& db, const AlgorithmRow& algorithm, PublishResult& result) {
    moving_.clear();
    const std::set<std::string> wanted(options_.channels.begin(), options_.channels.end());
    for (const std::string& channel : wanted) {
      if (needs_promotion(db, algorithm, {channel, result.version})) moving_.push_back(channel);
    }
    std::set<std::string> names(result.channels.begin(), result.channels.end());
    names.insert(moving_.begin(), moving_.end());
    result.channels.assign(names.begin(), names.end());
    if (result.created && !wanted.empty() && result.version.is_release()) {
      result.warnings.push_back("latest and the ranges that match move to " + result.version.str() +
                                " too; publish with --pre ID to move a channel alone");
    }
  }

  /// True when a version has all of the options' metadata already.
  bool is_recorded(Db& db, const AlgorithmRow& algorithm, const VersionInfo& version) const {
    if (options_.metadata.empty()) return true;
    const auto notes = notes_of(db, algorithm, version);
    return std::includes(notes.begin(), notes.end(), options_.metadata.begin(),
                         options_.metadata.end());
  }

  ClientState& state_;
  const Draft& draft_;
  PublishOptions options_;
  Manifest manifest_;
  Digest essence_;
  Digest request_;
  std::string text_;                  // of the version to be inserted
  bool fresh_ = false;                // decided now, not answered from an idempotency key
  std::vector<std::string> outside_;  // warnings: what is not in the store
  std::vector<std::string> moving_;   // the channels that are to name the version, and do not yet
};

}  // namespace

PublishResult publish_draft(ClientState& state, const Draft& draft, const PublishOptions& options) {
  Publication publication(state, draft, options);
  std::optional<PublishResult> result;
  if (options.dry_run) {
    state.registry.read([&](Db& db) {
      publication.require_stored(db);
      result = publication.decide(db, require_algorithm(db, publication.algorithm()));
    });
  } else {
    static_cast<void>(state.store());  // opened before the write lock is held
    state.registry.write([&](Db& db) {
      publication.require_stored(db);
      AlgorithmRow algorithm = require_algorithm(db, publication.algorithm());
      result = publication.decide(db, algorithm);
      publication.record(db, algorithm, *result);
    });
  }
  return *std::move(result);
}

PublishResult foresee_publish(ClientState& state, const Draft& draft, const PublishOptions& options,
                              const std::vector<Arrived>& arriving) {
  Publication publication(state, draft, options);
  std::optional<PublishResult> result;
  state.registry.read([&](Db& db) {
    const auto algorithm = find_algorithm(db, publication.algorithm());
    if (!algorithm) check_collision(db, publication.algorithm());
    publication.require_stored(db, arriving);
    result = publication.decide(db, algorithm ? *algorithm : no_algorithm(publication.algorithm()));
  });
  return *std::move(result);
}

void settle_working_copy(ClientState& state, const std::string& path, const std::string& published,
                         PublishResult& result) {
  try {
    const std::string essence = manifest_essence(published, path);
    const auto change = [&](const std::string& text) -> std::optional<std::string> {
      if (manifest_essence(text, path) != essence) return std::nullopt;
      const auto version = outline_manifest(text, path).version;
      if (version && *version >= result.version) return std::nullopt;
      return with_version(text, result.version, path);
    };
    rewrite_working_copy(path, state.rewriting(), change, Sync::bytes);
  } catch (const Error& error) {
    result.warnings.push_back("published, but the manifest still names the version before: " +
                              error.message());
  }
}

}  // namespace algoctl
