#pragma once

#include <string>

#include "base/file.h"

namespace algoctl {

/// Opens (O_PATH) the folder in which `relative` lies below the folder `root`. No link is followed
/// on the way down from there: somebody may be putting one there to lead out of it. Throws
/// Error{usage} for a link, Error{storage}.
Fd open_folder_below(const std::string& root, const std::string& relative);

/// Throws Error{storage} unless the open file `fd` is the one that is called `relative` below
/// `root`, reached without a link to a folder. Throws as open_folder_below.
void require_below(int fd, const std::string& root, const std::string& relative);

}  // namespace algoctl
