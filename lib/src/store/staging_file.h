#pragma once

#include <sys/types.h>

#include <string>

#include "base/file.h"

namespace algoctl {

/// A file that is being written before it gets its final name. Removed in the end unless it got
/// one.
class StagingFile {
 public:
  /// Makes a new file, for its owner alone. Throws Error{storage}; so it does when it is there.
  explicit StagingFile(std::string path);
  StagingFile(StagingFile&&) = default;
  ~StagingFile();

  [[nodiscard]] int fd() const noexcept { return fd_.get(); }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

  /// Gives it its mode and makes its bytes durable. Throws Error{storage}.
  void seal(mode_t mode);

  /// Gives it its final name, at once; false, and nothing done, when that name is taken. The name
  /// is durable once the folder is synced. Throws Error{storage}.
  [[nodiscard]] bool move_to_new(const std::string& path);

  /// The same, in place of what has that name.
  void move_over(const std::string& path);

 private:
  Fd fd_;
  std::string path_;
};

}  // namespace algoctl
