#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "algoctl/digest.h"
#include "algoctl/export.h"
#include "algoctl/name.h"
#include "algoctl/version.h"

namespace algoctl {

/// One entry of a manifest's `models`: a slot, and the object that it means.
struct ALGOCTL_EXPORT ModelFile {
  Slot slot;
  Algorithm algorithm;  ///< whose label it is
  Label label;
  Digest sha256;
  std::int64_t size;  ///< bytes

  /// `data://owner/name/LABEL`.
  [[nodiscard]] std::string uri() const;
};

/// What `algorithm.json` says (docs/formats.md, "Manifest"). A value; no I/O.
struct ALGOCTL_EXPORT Manifest {
  Algorithm name;
  std::optional<Version> version;  ///< what this copy was last published as
  std::vector<ModelFile> models;   ///< in the order of the text

  /// Reads a manifest. `where` is what errors call it, usually its path.
  /// Throws Error{usage} with line and column for text that is not a manifest: malformed JSON,
  /// duplicate keys, more than 64 levels, 4 MiB or 100,000 nodes, an unknown schema, a slot without
  /// uri, sha256 or size, two slots with one environment variable; Error{conflict} when two slots
  /// give one label different bytes, or one label is the folder of another.
  static Manifest parse(std::string_view bytes, std::string_view where);

  /// The model of a slot, or nullptr. Valid as long as this object.
  [[nodiscard]] const ModelFile* find(const Slot& slot) const noexcept;
};

/// The path of `algorithm.json` in `folder` or the nearest parent that has one, or nullopt.
ALGOCTL_EXPORT std::optional<std::string> find_manifest(const std::string& folder);

}  // namespace algoctl
