#include "client/slots.h"

#include <algorithm>

#include "algoctl/error.h"
#include "base/text.h"

namespace algoctl {

namespace {

bool has_slot(const std::vector<ModelFile>& models, const Slot& slot) {
  return std::any_of(models.begin(), models.end(),
                     [&](const ModelFile& model) { return model.slot == slot; });
}

/// Throws unless each slot is that of one of the models. `where` says whose they are, if need be.
void require_slots(const std::vector<ModelFile>& models, const std::vector<Slot>& slots,
                   const std::string& where) {
  for (const Slot& slot : slots) {
    if (has_slot(models, slot)) continue;
    std::vector<std::string> names;
    for (const ModelFile& model : models) {
      if (std::find(names.begin(), names.end(), model.slot.str()) == names.end()) {
        names.push_back(model.slot.str());
      }
    }
    const std::string hint = did_you_mean(slot.str(), names);
    throw Error(Code::not_found, "there is no slot " + quoted(slot.str()) + where,
                hint.empty() ? "there are: " + join(names, ", ") : hint);
  }
}

std::vector<ModelFile> those_of(const std::vector<ModelFile>& models,
                                const std::vector<Slot>& slots) {
  if (slots.empty()) return models;
  std::vector<ModelFile> result;
  for (const ModelFile& model : models) {
    if (std::find(slots.begin(), slots.end(), model.slot) != slots.end()) result.push_back(model);
  }
  return result;
}

}  // namespace

std::vector<ModelFile> chosen_models(const std::vector<ModelFile>& models,
                                     const std::vector<Slot>& slots) {
  require_slots(models, slots, "");
  return those_of(models, slots);
}

std::vector<ChosenModels> chosen_models(const std::vector<Pin>& pins,
                                        const std::vector<Slot>& slots) {
  std::vector<ModelFile> all;
  std::vector<std::string> names;
  std::vector<ChosenModels> result;
  for (const Pin& pin : pins) {
    all.insert(all.end(), pin.models.begin(), pin.models.end());
    names.push_back(pin.algorithm.str() + "@" + pin.version.str());
    std::vector<ModelFile> models = those_of(pin.models, slots);
    if (slots.empty() || !models.empty()) result.push_back({&pin, std::move(models)});
  }
  require_slots(all, slots, pins.size() == 1 ? "" : " in any of " + join(names, ", "));
  return result;
}

void require_no_slots(const Reference& label, bool chosen) {
  if (!chosen) return;
  throw Error(Code::usage, "a label has no slots: " + quoted(label.str()), "leave out --slot");
}

}  // namespace algoctl
