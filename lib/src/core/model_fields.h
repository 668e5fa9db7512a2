#pragma once

#include <string>
#include <vector>

#include "algoctl/manifest.h"
#include "base/json.h"
#include "core/json_fields.h"

namespace algoctl {

/// The slots of a `models` object, in the order of the text; what they say is not looked at.
/// Throws Error{usage} for a malformed slot, a value that is no object, and two slots with one
/// environment variable.
std::vector<Slot> read_slots(const JsonFields& fields, const JsonNode& models);

/// The models of a `models` object. `remedy` is the hint for a slot that is incomplete.
/// Throws what read_slots throws, Error{usage} for a slot without a well-formed uri, sha256 or
/// size, and Error{conflict} when two slots give one label of one algorithm different bytes, or one
/// label is the folder of another.
std::vector<ModelFile> read_models(const JsonFields& fields, const JsonNode& models,
                                   std::string (*remedy)(const Slot&));

}  // namespace algoctl
