#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "algoctl/manifest.h"

namespace algoctl {

/// What is to change in a working manifest. Slots that are not named stay as they are.
struct ManifestEdit {
  std::optional<Version> version;
  std::vector<ModelFile> models;   ///< a slot at most once
  std::vector<Slot> removed = {};  ///< slots that are to go
};

/// The text of a working manifest with exactly those values changed: order, indentation, spelling
/// of numbers, unknown fields and line ends stay, and without a change the bytes do. What is
/// missing is inserted in the style of what stands beside it: `version` after `name`, a new slot
/// after the last one. Throws Error{usage} for a text that is not a working manifest, before or
/// after, and Error{internal} when the result would differ from the text in any other place.
std::string splice_manifest(std::string_view bytes, const ManifestEdit& edit,
                            std::string_view where);

}  // namespace algoctl
