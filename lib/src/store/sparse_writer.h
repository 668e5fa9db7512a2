#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace algoctl {

/// Writes a new, empty file from front to back. Blocks of 64 KiB of zeros become holes. What was
/// written is sent to the disk early, so that the fsync at the end is short; from the 64th MiB on
/// past the page cache, where the file system can: twice as fast, and nobody's cache is emptied for
/// a file that is not read now. One thread at a time.
class SparseWriter {
 public:
  /// `path` is what errors call the file. With `from`, a multiple of 64 KiB, what is before it in
  /// the file stays, and there must be nothing after it.
  SparseWriter(int fd, std::string path, std::int64_t from = 0);

  /// Bytes that begin at a multiple of this in memory can go past the page cache.
  static constexpr std::size_t kAlignment = 4096;
  static constexpr std::size_t kBlock = std::size_t{2} << 20U;  ///< best given at once

  /// Appends. All pieces but the last are multiples of 64 KiB. Throws Error{storage}.
  void write(std::string_view bytes);

  /// Gives the file its size, which a hole at the end has not. Throws Error{storage}.
  void finish();

 private:
  void write_at(std::int64_t offset, std::string_view bytes);
  void start_writeback();
  void set_direct(bool wanted) noexcept;

  int fd_;
  std::string path_;
  std::int64_t size_;
  std::int64_t sent_;    ///< bytes whose way to the disk has begun
  bool tried_ = false;   ///< to write past the page cache
  bool direct_ = false;  ///< writes go past it
};

}  // namespace algoctl
