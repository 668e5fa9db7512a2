#pragma once

#include <optional>
#include <string>

#include "algoctl/upload.h"
#include "core/manifest_text.h"

namespace algoctl {

/// Where uploaded files go: the algorithm, and the working manifest that is to be repointed.
struct Target {
  Algorithm algorithm;
  std::string text;                        ///< of the manifest, as it was at the start
  std::optional<ManifestOutline> outline;  ///< none when no manifest is touched
};

/// Throws Error{usage} when neither a manifest nor an algorithm is named, Error{conflict} when both
/// are and differ; `way_out` then is the hint. Of a manifest that is not to be repointed only the
/// name is read.
Target find_target(const UploadOptions& options,
                   const std::string& way_out = "leave it as it is with --no-manifest");

}  // namespace algoctl
