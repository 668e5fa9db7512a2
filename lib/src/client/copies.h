#pragma once

#include <string>
#include <vector>

#include "algoctl/resolve.h"
#include "client/objects.h"
#include "client/state.h"

namespace algoctl {

/// Copies the models' objects to FOLDER/LABEL: all are copied and verified first. A new folder
/// then appears with all in it; in one that is there each file gets its name at once, and when one
/// cannot have it, those before it are as they were. What is there with the same bytes stays. Paths
/// are as `folder` was given. Throws Error{conflict} when two files cannot be there at once.
std::vector<PulledFile> copy_into_folder(ClientState& state, const std::vector<ModelFile>& models,
                                         const std::string& folder, bool dry_run, Network network);

/// Copies one object to a file, which appears or is replaced at once.
std::vector<PulledFile> copy_to_file(ClientState& state, const ModelFile& model,
                                     const std::string& path, bool dry_run, Network network);

}  // namespace algoctl
