#pragma once

#include <functional>
#include <string>
#include <vector>

#include "client/storing.h"
#include "client/target.h"

namespace algoctl {

/// The manifest's text as it is `now` with its slots pointed at the files. Throws Error{conflict}
/// when somebody else edited one of these slots since `target` was read, to mean something else;
/// `way_out` then is the hint.
std::string repointed_since(const std::string& now, const std::string& path, const Target& target,
                            const std::vector<Arrived>& files,
                            const std::function<std::string(const Arrived&)>& way_out);

/// Points the manifest's slots at the files, which have their labels. Throws as repointed_since.
void repoint(ClientState& state, const std::string& path, const Target& target,
             const std::vector<Arrived>& files);

/// The manifest's text with its slots pointed at the files.
std::string repointed(const std::string& text, const std::string& where, const Algorithm& algorithm,
                      const std::vector<Arrived>& files);

}  // namespace algoctl
