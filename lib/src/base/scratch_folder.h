#pragma once

#include <string>

#include "base/file.h"

namespace algoctl {

/// A folder for what is not complete yet, on the file system where it will get its name. Its own name
/// is always the same, so that what a killed process left is removed by the next one; a second process
/// at the same time takes a name of its own. Removed with all in it in the end.
class ScratchFolder {
 public:
  /// Makes or takes over `PARENT/NAME`, empty. Throws Error{storage}.
  ScratchFolder(const std::string& parent, const std::string& name);
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  [[nodiscard]] bool take();

  std::string path_;
  Fd lock_;
};

}  // namespace algoctl
