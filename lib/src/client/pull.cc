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

/// Brings the models to where the options want them.
void bring(ClientState& state, const std::vector<ModelFile>& models, const Digest& key,
           const PullOptions& options, PullResult& result) {
  const Network network = options.offline ? Network::left_alone : Network::asked;
  const std::vector<ModelFile> wanted = chosen_models(models, options.slots);
  if (!options.file.empty() && wanted.size() != 1) {
    throw Error(Code::usage,
                "--to takes one file, but there are " + std::to_string(wanted.size()) + " slots",
                "choose one with --slot");
  }
  if (!options.file.empty()) {
    result.folder = folder_of(options.file);
    result.files = copy_to_file(state, wanted.front(), options.file, options.dry_run, network);
  } else if (!options.into.empty()) {
    result.folder = options.into;
    result.files = copy_into_folder(state, wanted, options.into, options.dry_run, network);
  } else {
    // The whole view, since loaders look at siblings; the answer is what was asked for.
    View view =
        options.dry_run ? foresee_view(state, models, key) : make_view(state, models, key, network);
    result.folder = view.folder;
    for (PulledFile& file : view.files) {
      const bool asked = std::any_of(wanted.begin(), wanted.end(), [&](const ModelFile& model) {
        return model.slot == *file.slot;
      });
      if (asked) result.files.push_back(std::move(file));
    }
  }
}

}  // namespace

PullResult Client::pull(const Reference& reference, const PullOptions& options) {
  if (const auto& label = reference.label()) {
    require_no_slots(reference, !options.slots.empty());
    const LabelInfo info = require_label(reference.algorithm(), *label);
    const ModelFile model{Slot::parse("model"), reference.algorithm(), *label, info.sha256,
                          info.size};
    PullResult result{reference.algorithm(), std::nullopt, "", {}, std::nullopt};
    bring(*state_, {model}, digest_of_fields({"label", label->str(), info.sha256.hex()}), options,
          result);
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
  PullResult result{version.algorithm, version.version, "", {}, version.yank};
  bring(*state_, manifest(version.manifest_sha256).models, version.manifest_sha256, options,
        result);
  return result;
}

PullResult Client::pull(const Pin& pin, const PullOptions& options) {
  const auto version = resolve(Reference(pin.algorithm, Selector::exactly(pin.version)));
  PullResult result{pin.algorithm, pin.version, "", {}, std::nullopt};
  if (version) result.yank = version->yank;
  bring(*state_, pin.models, pin.manifest_sha256, options, result);
  return result;
}

PullResult Client::pull_manifest(const std::string& path, const PullOptions& options) {
  const std::string text = read_working_copy(path);
  const Manifest manifest = Manifest::parse(text, path);
  if (manifest.models.empty()) {
    throw Error(Code::usage, path + ": the manifest has no slots to pull",
                "fill one with `algoctl upload FILE`, or name a version");
  }
  PullResult result{manifest.name, std::nullopt, "", {}, std::nullopt};
  bring(*state_, manifest.models, Digest::of(text), options, result);
  return result;
}

}  // namespace algoctl
