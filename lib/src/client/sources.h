#pragma once

#include <optional>
#include <string>
#include <vector>

#include "algoctl/upload.h"
#include "core/manifest_text.h"

namespace algoctl {

/// One file on its way into the store: where it is, which slot asks for it, what it is to be
/// called.
struct Incoming {
  std::string path;          ///< `-` for standard input; or an object's URL
  std::optional<Slot> slot;  ///< none when no manifest is touched
  std::string file_name;     ///< what `{stem}` and `{ext}` come from
  std::string pattern;       ///< of the label; may hold fields
  std::string root = {};     ///< the folder that was named, of a file that was found below it
};

/// The files that an upload names, folders opened, slots chosen. `outline` is the manifest's, when
/// slots matter. Throws Error{usage} for what contradicts itself, Error{not_found} for what is not
/// there; reads no file.
std::vector<Incoming> expand_sources(const UploadOptions& options,
                                     const std::optional<ManifestOutline>& outline);

/// Throws Error{usage} for two files with one slot, or whose slots share an environment variable.
void check_slots(const std::vector<Incoming>& incoming);

}  // namespace algoctl
