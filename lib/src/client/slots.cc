#include "client/slots.h"

#include <algorithm>

#include "algoctl/error.h"
#include "base/text.h"

namespace algoctl {

std::vector<ModelFile> chosen_models(const std::vector<ModelFile>& models,
                                     const std::vector<Slot>& slots) {
  for (const Slot& slot : slots) {
    const bool there = std::any_of(models.begin(), models.end(),
                                   [&](const ModelFile& model) { return model.slot == slot; });
    if (there) continue;
    std::vector<std::string> names;
    for (const ModelFile& model : models) names.push_back(model.slot.str());
    const std::string hint = did_you_mean(slot.str(), names);
    throw Error(Code::not_found, "there is no slot " + quoted(slot.str()),
                hint.empty() ? "there are: " + join(names, ", ") : hint);
  }
  std::vector<ModelFile> result;
  for (const ModelFile& model : models) {
    const bool wanted =
        slots.empty() || std::find(slots.begin(), slots.end(), model.slot) != slots.end();
    if (wanted) result.push_back(model);
  }
  return result;
}

void require_no_slots(const Reference& label, bool chosen) {
  if (!chosen) return;
  throw Error(Code::usage, "a label has no slots: " + quoted(label.str()), "leave out --slot");
}

}  // namespace algoctl
