#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "algoctl/digest.h"
#include "client/sources.h"
#include "client/state.h"
#include "store/transfer.h"

namespace algoctl {

/// One file that an import brings.
struct ForeignFile {
  Incoming incoming;             ///< with its slot; the pattern is the label, without fields
  std::optional<Digest> judged;  ///< of the bytes that were looked at before; none: they were not
};

/// What an import makes of a source, before anything is stored.
struct ForeignSource {
  std::string where;  ///< what errors call its manifest
  std::vector<ForeignFile> files;
  std::map<std::string, std::string> metadata;
  std::vector<std::string> warnings;
  std::string folder;  ///< that all labels are in and stay in; or empty
};

/// Reads the older platform's manifest, or its freeze, and looks for its files. Those that were
/// frozen are read. Throws as Client::import_foreign.
ForeignSource open_older_manifest(const std::string& path, const TransferOptions& options);

/// Reads the `MLmodel` of a folder and lists its files. Throws as Client::import_foreign.
ForeignSource open_mlflow_folder(const std::string& folder, const Algorithm& algorithm);

/// The path of `name` in a folder, without a `./` in front.
std::string in_folder(const std::string& folder, const std::string& name);

/// Manifests are read up to this size. Bytes.
constexpr std::int64_t kLargestForeign = std::int64_t{4} << 20;

}  // namespace algoctl
