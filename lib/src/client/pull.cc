#include <algorithm>

#include "algoctl/client.h"
#include "base/file.h"
#include "base/text.h"
#include "client/copies.h"
#include "client/explain.h"
#include "client/slots.h"
#include "client/state.h"
#include "client/view.h"
#include "registry/chain.h"
#include "registry/manifests.h"
#include "registry/versions.h"

namespace algoctl {
namespace {

Network network_of(const PullOptions& options) {
  return options.offline ? Network::left_alone : Network::asked;
}

/// What one algorithm's share in a pull is.
struct Share {
  std::vector<ModelFile> models;  // all, since loaders look at siblings
  std::vector<ModelFile> wanted;
  Digest key;  // of their view
};

void bring_into_view(ClientState& state, const Share& share, const PullOptions& options,
                     PullResult& result) {
  View view = options.dry_run ? foresee_view(state, share.models, share.key)
                              : make_view(state, share.models, share.key, network_of(options));
  result.folder = view.folder;
  for (PulledFile& file : view.files) {
    const bool asked =
        std::any_of(share.wanted.begin(), share.wanted.end(),
                    [&](const ModelFile& model) { return model.slot == *file.slot; });
    if (asked) result.files.push_back(std::move(file));
  }
}

/// Copies all shares as one set, and hands each result its own files.
void bring_into_folder(ClientState& state, const std::vector<Share>& shares,
                       const PullOptions& options, std::vector<PullResult>& results) {
  std::vector<ModelFile> all;
  for (const Share& share : shares) all.insert(all.end(), share.wanted.begin(), share.wanted.end());
  const std::vector<PulledFile> files =
      copy_into_folder(state, all, options.into, options.dry_run, network_of(options));
  auto next = files.begin();
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const auto end = next + static_cast<std::ptrdiff_t>(shares[i].wanted.size());
    results[i].folder = options.into;
    results[i].files.assign(next, end);
    next = end;
  }
}

/// Brings the shares to where the options want them.
void bring(ClientState& state, const std::vector<Share>& shares, const PullOptions& options,
           std::vector<PullResult>& results) {
  if (!options.file.empty()) {
    if (shares.size() != 1) {
      throw Error(Code::usage, "--to takes one file, but the lock file pins several algorithms",
                  "name the one to pull");
    }
    const std::vector<ModelFile>& wanted = shares.front().wanted;
    if (wanted.size() != 1) {
      throw Error(Code::usage,
                  "--to takes one file, but there are " + std::to_string(wanted.size()) + " slots",
                  "choose one with --slot");
    }
    results.front().folder = folder_of(options.file);
    results.front().files =
        copy_to_file(state, wanted.front(), options.file, options.dry_run, network_of(options));
  } else if (!options.into.empty()) {
    bring_into_folder(state, shares, options, results);
  } else {
    for (std::size_t i = 0; i < shares.size(); ++i) {
      bring_into_view(state, shares[i], options, results[i]);
    }
  }
}

PullResult bring(ClientState& state, const std::vector<ModelFile>& models, const Digest& key,
                 const PullOptions& options, PullResult result) {
  std::vector<PullResult> results{std::move(result)};
  bring(state, {{models, chosen_models(models, options.slots), key}}, options, results);
  return std::move(results.front());
}

}  // namespace

PullResult Client::pull(const Reference& reference, const PullOptions& options) {
  if (const auto& label = reference.label()) {
    require_no_slots(reference, !options.slots.empty());
    const LabelInfo info = require_label(reference.algorithm(), *label);
    const ModelFile model{Slot::parse("model"), reference.algorithm(), *label, info.sha256,
                          info.size};
    PullResult result =
        bring(*state_, {model}, digest_of_fields({"label", label->str(), info.sha256.hex()}),
              options, {reference.algorithm(), std::nullopt, "", {}, std::nullopt});
    for (PulledFile& file : result.files) file.slot.reset();
    return result;
  }
  const VersionInfo version = require(reference, {options.prereleases});
  if (record_of(version) != version.record) {
    throw Error(Code::integrity,
                "the record of " + version.algorithm.str() + "@" + version.version.str() +
                    " was changed in the registry",
                "restore the registry from a backup");
  }
  return bring(*state_, manifest(version.manifest_sha256).models, version.manifest_sha256, options,
               {version.algorithm, version.version, "", {}, version.yank});
}

PullResult Client::pull(const Pin& pin, const PullOptions& options) {
  return std::move(pull_pins({pin}, options).front());
}

std::vector<PullResult> Client::pull_pins(const std::vector<Pin>& pins,
                                          const PullOptions& options) {
  std::vector<Share> shares;
  std::vector<PullResult> results;
  for (const ChosenModels& chosen : chosen_models(pins, options.slots)) {
    const Pin& pin = *chosen.pin;
    const auto version = resolve(Reference(pin.algorithm, Selector::exactly(pin.version)));
    shares.push_back({pin.models, chosen.models, pin.manifest_sha256});
    results.push_back({pin.algorithm, pin.version, "", {}, version ? version->yank : std::nullopt});
  }
  bring(*state_, shares, options, results);
  return results;
}

PullResult Client::pull_manifest(const std::string& path, const PullOptions& options) {
  const std::string text = read_working_copy(path);
  const Manifest manifest = Manifest::parse(text, path);
  if (manifest.models.empty()) {
    throw Error(Code::usage, path + ": the manifest has no slots to pull",
                "fill one with `algoctl upload FILE`, or name a version");
  }
  return bring(*state_, manifest.models, Digest::of(text), options,
               {manifest.name, std::nullopt, "", {}, std::nullopt});
}

}  // namespace algoctl
