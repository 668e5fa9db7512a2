#pragma once

#include <string>

#include "base/file.h"

namespace algoctl {

/// Opens a small file beside the registry, made with the folder's mode when it is not there, so
/// that everybody who may use the registry may use it. No file where that is refused: nothing
/// correct may rest on one.
Fd open_side_file(const std::string& path, int flags) noexcept;

}  // namespace algoctl
