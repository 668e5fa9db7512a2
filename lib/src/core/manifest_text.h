#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "algoctl/manifest.h"
#include "core/json_fields.h"

namespace algoctl {

/// What a working manifest names, however unfinished its slots are.
struct ManifestOutline {
  Algorithm name;
  std::optional<Version> version;
  std::vector<Slot> slots;  ///< in the order of the text
};

/// Reads a working manifest like Manifest::parse, but looks neither at what the slots say, nor
/// minds when `models` is missing: upload fills them in. Throws Error{usage} with line and column.
ManifestOutline outline_manifest(std::string_view bytes, std::string_view where);
ManifestOutline outline_manifest(const JsonFields& fields);

/// The algorithm that a manifest names, whatever else it says. Throws Error{usage} with line and
/// column.
Algorithm manifest_name(std::string_view bytes, std::string_view where);

/// Two manifests are equal when these texts are: all of it but `version`, each slot's `uri`, white
/// space, the order of members and how strings are escaped. Numbers count as they are spelled.
/// Throws Error{usage} with line and column for malformed JSON.
std::string manifest_essence(std::string_view bytes, std::string_view where);

/// The text of a new working manifest.
std::string new_manifest(const Algorithm& name, const std::vector<ModelFile>& models,
                         const std::optional<Version>& version);

}  // namespace algoctl
