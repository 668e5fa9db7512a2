#pragma once

#include <string>

#include "base/file.h"

namespace algoctl {

/// A folder for what is not complete yet, on the file system where it will get its name. Locked
/// while its process lives; removed with all in it in the end, and after a kill by whoever comes
/// next.
class ScratchFolder {
 public:
  /// Makes `PARENT/PREFIXxxxxxxxx`, and removes what killed processes left of that prefix.
  /// Throws Error{storage}.
  ScratchFolder(const std::string& parent, const std::string& prefix);
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
  Fd lock_;
};

/// Removes the scratch folders in `parent` whose processes were killed.
void sweep_scratch_folders(const std::string& parent, const std::string& prefix) noexcept;

}  // namespace algoctl
