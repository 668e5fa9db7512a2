#pragma once

#include <string>
#include <vector>

#include "http/wire.h"

namespace algoctl::http {

/// Where the module may lie that speaks HTTP, for code that lies in `folder`: beside it, and where
/// an installation and a build have it. Absolute when `folder` is.
std::vector<std::string> module_places(const std::string& folder);

/// Loads the module from the first of `places` where there is one, else by its name as the system's
/// loader finds it, which is how a program has it that links it. It stays loaded. Throws
/// Error{storage} when there is none, or none that fits. Safe to call from any thread.
const AlgoctlHttpModule& load_module(const std::vector<std::string>& places);

/// The same for the running code, whether program or shared library.
const AlgoctlHttpModule& load_module();

}  // namespace algoctl::http
