#pragma once

#include <string>

#include "base/file.h"
#include "client/working_copy.h"

namespace algoctl {

/// Throws what PartFile does for a path that no file can have, or that is in no folder.
void check_export_path(const std::string& path);

/// A file that is being written, `.NAME.algoctl-part` beside where it will be: locked while its
/// process lives, and left where it is by a kill, so that the next one goes on with it. One use.
class PartFile {
 public:
  /// Makes or takes the part of `path`; a symbolic link is followed. Throws Error{busy} when
  /// another process still writes it after the timeout, Error{usage} for a path that no file can
  /// have, Error{storage}.
  PartFile(const std::string& path, const RewriteOptions& options);

  [[nodiscard]] int fd() const noexcept { return fd_.get(); }
  /// Of the part.
  [[nodiscard]] const std::string& path() const noexcept { return part_; }

  /// Gives the whole file its name, at once and durable. Throws Error{storage}.
  void publish();

  /// Removes it.
  void discard() noexcept;

 private:
  std::string target_;
  std::string part_;
  Fd fd_;
};

}  // namespace algoctl
