#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace algoctl {

/// Writes a new, empty file from front to back. Blocks of 64 KiB of zeros become holes. What was
/// written is sent to the disk early, so that the fsync at the end is short. One thread at a time.
class SparseWriter {
 public:
  /// `path` is what errors call the file.
  SparseWriter(int fd, std::string path);

  /// Appends. All pieces but the last are multiples of 64 KiB. Throws Error{storage}.
  void write(std::string_view bytes);

  /// Gives the file its size, which a hole at the end has not. Throws Error{storage}.
  void finish();

 private:
  void write_at(std::int64_t offset, std::string_view bytes);
  void start_writeback();

  int fd_;
  std::string path_;
  std::int64_t size_ = 0;
  std::int64_t sent_ = 0;  ///< bytes whose way to the disk has begun
};

}  // namespace algoctl
