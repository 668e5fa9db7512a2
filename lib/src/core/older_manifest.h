#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/flat_metadata.h"
#include "core/json_fields.h"

namespace algoctl {

/// One file of the older platform's `model_manifest.json`.
struct OlderFile {
  std::string name;
  std::string source_uri;
  bool required;
  std::optional<std::string> md5;  ///< what was frozen, 32 hexadecimal digits

  /// `required file 'model'`.
  [[nodiscard]] std::string title() const;
};

/// What that manifest, or the freeze that was made of it, says.
struct OlderManifest {
  std::vector<OlderFile> files;  ///< in the order of the text, required ones first
  FlatMetadata metadata;         ///< `SLOT.KEY` of files, `manifest.KEY` of the whole
};

/// True for an object with `required_files` or `optional_files`.
bool is_older_manifest(const JsonNode& root);

/// True when it is a freeze: it has a `lock_checksum`.
bool is_older_freeze(const JsonNode& root);

/// Reads a manifest or a freeze. Throws Error{usage} with line and column for what does not fit;
/// Error{integrity} for a freeze whose `lock_checksum` is not that of the rest.
OlderManifest read_older_manifest(const JsonFields& fields);

/// Of two texts that read_older_manifest took. Throws Error{conflict} unless the freeze says what
/// the manifest says, and adds only what freezing does.
void require_frozen_from(const JsonFields& manifest, const JsonFields& freeze);

}  // namespace algoctl
