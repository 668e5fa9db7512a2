#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "algoctl/digest.h"
#include "base/tar.h"
#include "core/archive_index.h"

namespace algoctl {

inline constexpr std::string_view kArchiveIndexName = "algoctl-export.json";
inline constexpr std::string_view kArchiveChecksumName = "algoctl-export.sha256";

/// One file in an archive: where it is, and what it must be.
struct ArchiveMember {
  std::string name;
  std::int64_t size;  ///< bytes
  Digest digest;
  std::int64_t offset;  ///< of its header

  [[nodiscard]] std::int64_t data() const noexcept { return offset + kTarBlock; }
  /// Where the next one begins.
  [[nodiscard]] std::int64_t end() const noexcept { return data() + tar_padded(size); }
};

/// Where everything in an archive is, byte for byte, as its index says. A value; no I/O.
class ArchiveLayout {
 public:
  /// `text` is the index as it is written. Throws Error{integrity} for more bytes than a file has.
  ArchiveLayout(const ArchiveIndex& index, std::string_view text);

  /// In the order of the file: index, checksum, histories, manifests, objects.
  [[nodiscard]] const std::vector<ArchiveMember>& members() const noexcept { return members_; }
  /// The bytes of the whole file.
  [[nodiscard]] std::int64_t size() const noexcept;
  /// The SHA-256 of the index, which stands for the archive.
  [[nodiscard]] const Digest& digest() const noexcept { return members_.front().digest; }

  /// Of the n-th algorithm.
  [[nodiscard]] const ArchiveMember& history(std::size_t algorithm) const;
  /// The number of members before the first object.
  [[nodiscard]] std::size_t first_object() const noexcept { return first_object_; }
  /// nullptr when there is none with that digest.
  [[nodiscard]] const ArchiveMember* manifest(const Digest& digest) const;
  [[nodiscard]] const ArchiveMember* object(const Digest& digest) const;

 private:
  void add(std::string name, std::int64_t size, const Digest& digest);
  [[nodiscard]] const ArchiveMember* find(std::size_t begin, std::size_t end,
                                          const Digest& digest) const;

  std::vector<ArchiveMember> members_;
  std::size_t first_manifest_ = 0;
  std::size_t first_object_ = 0;
};

/// What the second member says of the first, as sha256sum(1) does.
std::string archive_checksum(const Digest& index);

}  // namespace algoctl
