#pragma once

#include <sys/types.h>

#include <set>
#include <utility>

namespace algoctl {

/// Device and inode of a file.
using FileId = std::pair<dev_t, ino_t>;

/// The files that running processes have open or mapped, as far as this user may look: all of its
/// own processes, and everybody's for root. Linux only, by /proc.
std::set<FileId> open_files();

}  // namespace algoctl
