#pragma once

#include <string>

#include "base/file.h"

namespace algoctl {

/// A folder beside a registry in which it is made before it gets its name, locked by its maker and
/// removed in the end.
class MakingFolder {
 public:
  /// Throws Error{storage}.
  explicit MakingFolder(const std::string& parent);
  ~MakingFolder();
  MakingFolder(const MakingFolder&) = delete;
  MakingFolder& operator=(const MakingFolder&) = delete;

  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
  Fd lock_;
};

/// Removes what makers that were killed have left in `parent`.
void remove_abandoned_making(const std::string& parent) noexcept;

}  // namespace algoctl
