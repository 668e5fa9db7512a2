#include "store/sparse_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

#include "base/file.h"
#include "base/text.h"

namespace algoctl {
namespace {

constexpr std::size_t kHole = std::size_t{64} << 10U;
constexpr std::int64_t kDirectFrom = std::int64_t{64} << 20U;
constexpr std::int64_t kWriteback = std::int64_t{8} << 20U;

bool is_hole(std::string_view block) noexcept {
  // Equal to itself one byte on, and beginning with zero: zero all through.
  return block.size() == kHole && block[0] == '\0' &&
         std::memcmp(block.data(), block.data() + 1, block.size() - 1) == 0;
}

bool is_aligned(std::string_view bytes, std::int64_t offset) noexcept {
  constexpr auto kMask = SparseWriter::kAlignment - 1;
  return ((reinterpret_cast<std::uintptr_t>(bytes.data()) | bytes.size() |
           static_cast<std::uintptr_t>(offset)) &
          kMask) == 0;
}

}  // namespace

SparseWriter::SparseWriter(int fd, std::string path, std::int64_t from)
    : fd_(fd), path_(std::move(path)), size_(from), sent_(from) {}

void SparseWriter::write(std::string_view bytes) {
  if (!tried_ && size_ >= kDirectFrom) {
    tried_ = true;
    set_direct(true);
  }
  std::size_t begin = 0;  // of what waits to be written at once
  for (std::size_t at = 0; at < bytes.size(); at += kHole) {
    if (!is_hole(bytes.substr(at, kHole))) continue;
    write_at(size_ + static_cast<std::int64_t>(begin), bytes.substr(begin, at - begin));
    begin = at + kHole;
  }
  if (begin < bytes.size()) write_at(size_ + static_cast<std::int64_t>(begin), bytes.substr(begin));
  size_ += static_cast<std::int64_t>(bytes.size());
  start_writeback();
}

/// Leaves things as they are where the file system cannot.
void SparseWriter::set_direct(bool wanted) noexcept {
  const int flags = fcntl(fd_, F_GETFL);
  if (flags < 0) return;
  const bool done = fcntl(fd_, F_SETFL, wanted ? flags | O_DIRECT : flags & ~O_DIRECT) == 0;
  direct_ = wanted && done;
}

void SparseWriter::finish() {
  if (direct_) set_direct(false);
  int result = 0;
  do {
    result = ftruncate(fd_, size_);
  } while (result != 0 && errno == EINTR);
  if (result != 0) throw_errno("cannot write " + quoted_path(path_), errno);
}

void SparseWriter::write_at(std::int64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    if (direct_ && !is_aligned(bytes, offset)) set_direct(false);  // the end of the file
    const ssize_t written = pwrite(fd_, bytes.data(), bytes.size(), offset);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EINVAL && direct_) {
      set_direct(false);  // a file system that promised what it cannot do
      continue;
    }
    if (written < 0) throw_errno("cannot write " + quoted_path(path_), errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += written;
  }
}

void SparseWriter::start_writeback() {
  if (direct_ || size_ - sent_ < kWriteback) return;
  // A help only: the fsync at the end is what counts, and what reports failures.
  sync_file_range(fd_, sent_, size_ - sent_, SYNC_FILE_RANGE_WRITE);
  sent_ = size_;
}

}  // namespace algoctl
