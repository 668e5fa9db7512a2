#pragma once

#include <optional>
#include <string>
#include <vector>

#include "algoctl/name.h"
#include "algoctl/upload.h"
#include "algoctl/version.h"

namespace algoctl {

/// One version that an import brought, or found.
struct ImportedVersion {
  Algorithm algorithm;
  Version version;
  bool created;  ///< false when it was there already
};

/// What another program left: the older platform's `model_manifest.json`, with its freeze beside it
/// when there is one, or that freeze itself; an MLflow model folder, or the `MLmodel` in it
/// (docs/formats.md, "Import").
struct ForeignImportOptions {
  std::string source;                  ///< path of the file or folder
  std::optional<Algorithm> algorithm;  ///< whose version it becomes; must be set
  std::string notes;
  bool dry_run = false;
};

struct ForeignImportResult {
  ImportedVersion imported;
  std::vector<UploadedFile> files;  ///< in the order of the manifest; a folder's by path
  std::vector<std::string> warnings;
};

}  // namespace algoctl
