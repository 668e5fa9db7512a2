#include "client/publish_objects.h"

#include <algorithm>
#include <set>

#include "algoctl/error.h"
#include "base/text.h"
#include "client/explain.h"
#include "client/external.h"
#include "client/transfers.h"
#include "registry/labels.h"
#include "registry/objects.h"
#include "store/verify.h"

namespace algoctl {
namespace {

/// The one of `arriving` that brings an object to the store; else one that says where it stays.
const Arrived* find_bytes(const std::vector<Arrived>& arriving, const Digest& sha256) {
  const Arrived* found = nullptr;
  for (const Arrived& file : arriving) {
    if (file.sha256 != sha256) continue;
    if (!file.external) return &file;
    found = &file;
  }
  return found;
}

bool is_labelled_by(const std::vector<Arrived>& arriving, const ModelFile& model) {
  return std::any_of(arriving.begin(), arriving.end(), [&](const Arrived& file) {
    return file.label == model.label && file.sha256 == model.sha256 && file.size == model.size;
  });
}

/// Those of the manifest's objects that are recorded, and in the store.
std::set<Digest> objects_there(ClientState& state, Db& db, const Manifest& manifest,
                               const std::vector<Arrived>& arriving) {
  std::set<Digest> there;
  for (const Arrived& file : arriving) {
    if (!file.external) there.insert(file.sha256);
  }
  const Store* store = state.store();
  if (store == nullptr) return there;
  std::vector<Store::Wanted> wanted;
  for (const ModelFile& model : manifest.models) {
    const auto size = object_size(db, model.sha256);
    if (size && there.insert(model.sha256).second) wanted.push_back({model.sha256, *size});
  }
  for (const std::size_t i : store->missing(wanted)) there.erase(wanted[i].digest);
  return there;
}

/// Where an object that is not in the store stays. Throws Error{integrity} when nobody knows.
std::string place_outside(Db& db, const ModelFile& model, const Arrived* arriving,
                          const std::string& slot) {
  if (arriving != nullptr) return arriving->external.value();
  const auto places = external_places(db, model.sha256);
  if (!places.empty()) return places.front();
  throw Error(Code::integrity, slot + ": object " + model.sha256.str() + " is not in the store",
              "upload the file again");
}

Error other_bytes(const ModelFile& model, const LabelInfo& now, const std::string& slot) {
  return {Code::integrity,
          slot + ": the manifest's bytes are none that label " + quoted(model.label.str()) +
              " ever named\n  manifest: " + model.sha256.str() + ", " + std::to_string(model.size) +
              " bytes\n  label:    " + now.sha256.str() + ", " + std::to_string(now.size) +
              " bytes",
          "point the slot at a label with `algoctl use " + model.slot.str() + "=LABEL`"};
}

}  // namespace

std::vector<std::string> require_objects(ClientState& state, Db& db, const Manifest& manifest,
                                         const std::vector<Arrived>& arriving,
                                         const PublishOptions& options) {
  const std::set<Digest> there = objects_there(state, db, manifest, arriving);
  std::vector<std::string> warnings;
  for (const ModelFile& model : manifest.models) {
    const std::string slot = "slot " + quoted(model.slot.str());
    const bool labelled = model.algorithm == manifest.name && is_labelled_by(arriving, model);
    std::optional<LabelInfo> label;
    std::optional<AlgorithmRow> owner;
    if (!labelled) {
      owner = require_algorithm(db, model.algorithm);
      label = find_label(db, *owner, model.label);
      if (!label) throw no_such_label(db, *owner, model.label).within(slot);
    }
    const Arrived* bytes = find_bytes(arriving, model.sha256);
    if (there.count(model.sha256) == 0) {
      const std::string place = place_outside(db, model, bytes, slot);
      if (!options.allow_external) throw external_refused(slot, place);
      warnings.push_back(slot + " stays at " + place +
                         ": that this version never changes rests on whoever owns that place");
    }
    if (labelled) continue;
    const auto size = bytes != nullptr ? bytes->size : object_size(db, model.sha256).value_or(-1);
    if (size != model.size || !label_ever_named(db, *owner, model.label, model.sha256)) {
      throw other_bytes(model, *label, slot);
    }
  }
  return warnings;
}

void require_sound(ClientState& state, const Manifest& manifest, std::set<Digest>& sound) {
  const Store* store = state.store();
  if (store == nullptr || !store->is_local()) return;
  std::vector<Transfer> readings;
  for (const ModelFile& model : manifest.models) {
    if (!sound.insert(model.sha256).second || !store->has(model.sha256, model.size)) continue;
    readings.push_back({model.label.str(), model.size, [&](const TransferOptions& options) {
                          const auto path = store->local_path(model.sha256);
                          if (!path) return;
                          try {
                            require_digest(*path, model.sha256, model.size, state.stamps, options);
                          } catch (Error& error) {
                            throw error.within("slot " + quoted(model.slot.str()));
                          }
                        }});
  }
  run_all(state, store, readings);
}

}  // namespace algoctl
