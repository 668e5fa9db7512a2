#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/archive_index.h"

namespace algoctl::test {

/// An archive taken apart, to be put together again wrong. `write` makes index, checksum and
/// digests of histories fit what is there, so that only what was changed is wrong.
struct OpenArchive {
  using Member = std::pair<std::string, std::string>;  ///< name and bytes

  static OpenArchive read(const std::string& path);

  /// The bytes of the archive.
  [[nodiscard]] std::string write() const;

  /// The first member whose name begins so; fails the test when there is none.
  Member& member(const std::string& begin);

  ArchiveIndex index;
  std::vector<Member> members;  ///< after index and checksum
};

/// Members as they are, with the end of an archive.
std::string tar_of(const std::vector<OpenArchive::Member>& members);

}  // namespace algoctl::test
