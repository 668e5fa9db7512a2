#pragma once

#include <string>
#include <vector>

#include "client/storing.h"
#include "client/target.h"

namespace algoctl {

/// Points the manifest's slots at the files. Throws Error{conflict} when somebody else edited one
/// of these slots since `target` was read, to mean something else.
void repoint(ClientState& state, const std::string& path, const Target& target,
             const std::vector<Arrived>& files);

/// The manifest's text with its slots pointed at the files.
std::string repointed(const std::string& text, const std::string& where, const Algorithm& algorithm,
                      const std::vector<Arrived>& files);

}  // namespace algoctl
