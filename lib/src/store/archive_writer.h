#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "core/archive_layout.h"
#include "store/blocks_behind.h"
#include "store/source.h"
#include "store/sparse_writer.h"
#include "store/transfer.h"

namespace algoctl {

/// Writes members of an archive one after the other, on a thread of its own behind what is read and
/// hashed here. Needs 8 MiB. One use, one thread.
class ArchiveWriter {
 public:
  /// Goes on in `file` (O_RDWR) at `from`, where a member begins; what the file has after it is cut
  /// off. `path` is what errors call it. Throws Error{storage}.
  ArchiveWriter(int file, const std::string& path, std::int64_t from);

  /// A member's header; its bytes are appended next, then `end_member`.
  void begin_member(const ArchiveMember& member);
  void append(std::string_view bytes);
  /// Fills the last block. Throws Error{internal} when it was not as many bytes as announced, or
  /// others.
  void end_member();

  /// A whole member. Throws Error{integrity} when the object is not the one announced: what was
  /// written then is no archive. `options.progress` is told the bytes of this member.
  void copy(const ArchiveMember& member, ObjectSource& object, const TransferOptions& options);

  /// The end of the archive.
  void end_archive();

  /// Has all of it written, not durable yet. To be called once.
  void finish();

 private:
  void put(std::string_view bytes);
  void hand_over_full_block();

  SparseWriter to_;
  BlocksBehind behind_;
  char* block_ = nullptr;
  std::size_t fill_ = 0;
  const ArchiveMember* member_ = nullptr;
  std::int64_t got_ = 0;
};

/// How many of the members from `first` on are in the file, whole and right, one after the other.
/// Reads all of them. Throws Error{storage}, Error{interrupted}.
std::size_t good_members(int file, const std::string& path, const ArchiveLayout& layout,
                         std::size_t first, std::size_t end, const TransferOptions& options);

}  // namespace algoctl
