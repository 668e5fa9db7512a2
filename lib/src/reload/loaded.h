#pragma once

#include <string>
#include <vector>

#include "algoctl/borrowing.h"
#include "base/file.h"

namespace algoctl {

/// A file that a loaded model may still be reading, held so that it is neither collected from the
/// cache nor changed unseen.
struct HeldFile {
  std::string path;
  Fd fd;  ///< for its existence alone: it cannot be read by
  FileStamp stamp;
};

/// A snapshot with the files that it came from.
struct Loaded : Snapshot {
  using Snapshot::Snapshot;
  std::vector<HeldFile> files;
};

}  // namespace algoctl
