#pragma once

#include <cstdint>
#include <string>

namespace algoctl {

/// `size` bytes of a file from `offset` on; fewer only where it ends. Memory is only taken for what
/// is there. Throws Error{storage}; `path` is what errors call the file.
std::string read_at(int file, const std::string& path, std::int64_t offset, std::int64_t size);

/// How much of it to take at once where all of a file is read: bytes.
constexpr std::int64_t kReadAtOnce = std::int64_t{256} << 10;

}  // namespace algoctl
