#include "store/read_at.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/file.h"
#include "base/text.h"

namespace algoctl {

std::string read_at(int file, const std::string& path, std::int64_t offset, std::int64_t size) {
  constexpr std::int64_t kPiece = std::int64_t{1} << 20U;
  std::string bytes;
  while (size > 0) {
    const std::size_t before = bytes.size();
    bytes.resize(before + static_cast<std::size_t>(std::min(size, kPiece)));
    const ssize_t got = ::pread(file, bytes.data() + before, bytes.size() - before, offset);
    if (got < 0 && errno != EINTR) throw_errno("cannot read " + quoted_path(path), errno);
    bytes.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got == 0) break;
    offset += std::max<ssize_t>(got, 0);
    size -= std::max<ssize_t>(got, 0);
  }
  return bytes;
}

}  // namespace algoctl
