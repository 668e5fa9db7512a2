#pragma once

#include <vector>

#include "algoctl/manifest.h"
#include "algoctl/pin.h"
#include "algoctl/reference.h"

namespace algoctl {

/// The models of the slots asked for, in the manifest's order; all when none is. Throws
/// Error{not_found} for a slot that is not there.
std::vector<ModelFile> chosen_models(const std::vector<ModelFile>& models,
                                     const std::vector<Slot>& slots);

/// Those of a pin.
struct ChosenModels {
  const Pin* pin;
  std::vector<ModelFile> models;
};

/// The same of several pins, of which each slot asked for has to be in one at least. Left out are
/// the pins that have none of them.
std::vector<ChosenModels> chosen_models(const std::vector<Pin>& pins,
                                        const std::vector<Slot>& slots);

/// Throws Error{usage} when `chosen` slots are asked of a label, which has none.
void require_no_slots(const Reference& label, bool chosen);

}  // namespace algoctl
