#include "store/read_at.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/file.h"
#include "base/text.h"

namespace algoctl {
namespace {

constexpr std::int64_t kPiece = std::int64_t{1} << 20U;
// Small enough to stay in the cache of a core between read and hash.
constexpr std::int64_t kHashedPiece = std::int64_t{256} << 10U;

/// How many bytes were read; fewer than `size` only where the file ends.
std::size_t read_into(char* memory, std::size_t size, int file, const std::string& path,
                      std::int64_t offset) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got =
        ::pread(file, memory + done, size - done, offset + static_cast<std::int64_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw_errno("cannot read " + quoted_path(path), errno);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

}  // namespace

std::string read_at(int file, const std::string& path, std::int64_t offset, std::int64_t size) {
  std::string bytes;
  for (std::int64_t left = size; left > 0;) {
    const std::size_t before = bytes.size();
    const auto wanted = static_cast<std::size_t>(std::min(left, kPiece));
    bytes.resize(before + wanted);
    const std::size_t got = read_into(bytes.data() + before, wanted, file, path,
                                      offset + static_cast<std::int64_t>(before));
    bytes.resize(before + got);
    if (got < wanted) break;
    left -= static_cast<std::int64_t>(got);
  }
  return bytes;
}

PieceReader::PieceReader(int file, std::string path)
    : file_(file),
      path_(std::move(path)),
      memory_(std::make_unique_for_overwrite<char[]>(kHashedPiece)) {}

std::string_view PieceReader::read(std::int64_t offset, std::int64_t size) {
  const auto wanted = static_cast<std::size_t>(std::clamp<std::int64_t>(size, 0, kHashedPiece));
  return {memory_.get(), read_into(memory_.get(), wanted, file_, path_, offset)};
}

}  // namespace algoctl
