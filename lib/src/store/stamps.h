#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "algoctl/digest.h"
#include "base/file.h"

namespace algoctl {

/// True when any change of the file after `clock_ns`, a reading of the file clock, must show in its
/// stamp: the clock has passed the file's times by their grain.
bool stamp_is_settled(const FileStamp& stamp, std::int64_t clock_ns) noexcept;

/// Remembers on this machine which digest a file had when it was last read, so that an unchanged
/// file is not read again. A help, never a need: what cannot be read or written is not known, and
/// nothing here throws. Safe to use from several threads and processes. Cheap to copy.
class Stamps {
 public:
  /// Keeps its notes in `cache`/stamps. An empty `cache` remembers nothing.
  explicit Stamps(std::string cache = {});

  /// The digest of the file with this stamp, or nullopt when it is not known.
  [[nodiscard]] std::optional<Digest> find(const FileStamp& stamp) const noexcept;

  /// Remembers. Only for a stamp that was settled before the file was read, and stood after it.
  void record(const FileStamp& stamp, const Digest& digest) const noexcept;

 private:
  [[nodiscard]] std::string path_of(const FileStamp& stamp) const;

  std::string folder_;  ///< empty: remembers nothing
};

}  // namespace algoctl
