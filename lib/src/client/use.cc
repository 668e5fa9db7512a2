#include <algorithm>

#include "algoctl/client.h"
#include "base/text.h"
#include "client/explain.h"
#include "client/references.h"
#include "client/state.h"
#include "core/manifest_text.h"
#include "core/plan.h"
#include "core/splice.h"
#include "registry/labels.h"
#include "registry/manifests.h"
#include "registry/versions.h"

namespace algoctl {
namespace {

std::vector<ModelFile> labelled_models(Db& db, const Algorithm& algorithm,
                                       const std::vector<std::pair<Slot, Label>>& wanted) {
  const AlgorithmRow row = require_algorithm(db, algorithm);
  std::vector<ModelFile> models;
  for (const auto& [slot, label] : wanted) {
    const auto info = find_label(db, row, label);
    if (!info) throw no_such_label(db, row, label);
    const bool twice =
        std::any_of(models.begin(), models.end(),
                    [&, &s = slot](const ModelFile& model) { return model.slot == s; });
    if (twice) {
      throw Error(Code::usage, "slot " + quoted(slot.str()) + " is given twice", "give it once");
    }
    models.push_back({slot, algorithm, label, info->sha256, info->size});
  }
  return models;
}

std::vector<std::string> uris_of(const std::vector<ModelFile>& models) {
  std::vector<std::string> uris;
  for (const ModelFile& model : models) uris.push_back(model.uri());
  return uris;
}

/// A refresh of one working copy: what did not change here becomes what `theirs` says.
struct Refresh {
  ManifestEdit edit;
  std::vector<ModelFile> models;
};

Refresh refresh(Db& db, const Manifest& mine, const VersionInfo& theirs) {
  const AlgorithmRow row = require_algorithm(db, mine.name);
  const auto models_of = [&](const VersionInfo& version) {
    return Manifest::parse(manifest_bytes(db, version.manifest_sha256), version.version.str())
        .models;
  };
  const auto base = mine.version ? exact_version(db, row, *mine.version) : std::nullopt;
  const Merge merge = merge_models(base ? models_of(*base) : std::vector<ModelFile>{}, mine.models,
                                   models_of(theirs));
  if (!merge.conflicts.empty()) {
    std::vector<std::string> slots;
    for (const Slot& slot : merge.conflicts) slots.push_back(quoted(slot.str()));
    throw Error(Code::conflict,
                "changed here and in " + theirs.version.str() + ": " +
                    (slots.size() == 1 ? "slot " : "slots ") + join(slots, ", "),
                "choose one with `algoctl use SLOT=LABEL`, or publish yours with --force");
  }
  Refresh result{{}, merge.models};
  result.edit.version = theirs.version;
  result.edit.models = merge.models;
  for (const ModelFile& model : mine.models) {
    const bool stays = std::any_of(merge.models.begin(), merge.models.end(),
                                   [&](const ModelFile& kept) { return kept.slot == model.slot; });
    if (!stays) result.edit.removed.push_back(model.slot);
  }
  return result;
}

}  // namespace

UseResult Client::use(const UseOptions& options) {
  if (options.from.has_value() == !options.slots.empty()) {
    throw Error(Code::usage, "use takes SLOT=LABEL, or --from REF", "give one of the two");
  }
  UseResult result;
  std::optional<VersionInfo> from;
  std::vector<ModelFile> models;
  const std::string before = read_working_copy(options.manifest);
  const Algorithm name = outline_manifest(before, options.manifest).name;
  if (options.from) {
    from = require(starting_point(*options.from, name));
  } else {
    state_->registry.read([&](Db& db) { models = labelled_models(db, name, options.slots); });
    result.uris = uris_of(models);
  }
  const auto change = [&](const std::string& text) -> std::optional<std::string> {
    ManifestEdit edit;
    edit.models = models;
    if (from) {
      state_->registry.read([&](Db& db) {
        Refresh refreshed = refresh(db, Manifest::parse(text, options.manifest), *from);
        edit = refreshed.edit;
        result.uris = uris_of(refreshed.models);
      });
    }
    std::string after = splice_manifest(text, edit, options.manifest);
    Manifest::parse(after, options.manifest);  // slots that are at odds are refused here
    if (options.dry_run) return std::nullopt;
    return after;
  };
  rewrite_working_copy(options.manifest, state_->rewriting(), change);
  result.manifest = absolute_path(options.manifest);
  return result;
}

}  // namespace algoctl
