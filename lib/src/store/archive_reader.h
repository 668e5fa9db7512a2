#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "algoctl/error.h"
#include "base/file.h"
#include "core/archive_layout.h"
#include "store/source.h"

namespace algoctl {

/// An archive as a file: its index is read when it is opened, and nothing is taken out of it that
/// the index does not announce. Safe to use from several threads.
class ArchiveReader {
 public:
  /// Throws Error{not_found} when there is no such file, Error{usage} for a file that is no archive
  /// at all, Error{integrity} for one that is damaged or, when `expected` is given, has another
  /// digest; Error{storage} for one of a newer algoctl.
  static ArchiveReader open(const std::string& path, const std::optional<Digest>& expected);

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  [[nodiscard]] const ArchiveIndex& index() const noexcept { return index_; }
  [[nodiscard]] const ArchiveLayout& layout() const noexcept { return *layout_; }

  /// Throws Error{integrity} unless the file has exactly the announced members, in that order, with
  /// nothing between them or after the last, and the small ones before the objects are right.
  void require_whole(const std::atomic<bool>* stop) const;

  /// The bytes of a small member, right. Throws Error{integrity}.
  [[nodiscard]] std::string read(const ArchiveMember& member) const;

  /// Calls `visit` for each line of a member, with its number from 1. Throws Error{integrity} in
  /// the end when they were not the announced bytes: what was made of them is to be dropped then.
  void read_lines(
      const ArchiveMember& member, const std::atomic<bool>* stop,
      const std::function<void(std::string_view line, std::int64_t number)>& visit) const;

  /// The bytes of a member as a source, which refuses others. Valid as long as this object.
  [[nodiscard]] ObjectSource source(const ArchiveMember& member) const;

  /// `'PATH' is damaged: WHAT`, with what to do about it.
  [[nodiscard]] Error damaged(const std::string& what) const;

 private:
  ArchiveReader(std::string path, Fd file) : path_(std::move(path)), file_(std::move(file)) {}
  void read_index(const std::optional<Digest>& expected);
  void check_checksum(const Digest& found, std::int64_t end_of_index) const;
  [[nodiscard]] std::string at(std::int64_t offset, std::int64_t size) const;

  std::string path_;
  Fd file_;
  std::int64_t size_ = 0;
  ArchiveIndex index_;
  std::optional<ArchiveLayout> layout_;
};

/// True when a file begins as an archive does. Says nothing of the rest of it.
bool looks_like_archive(const std::string& path);

}  // namespace algoctl
