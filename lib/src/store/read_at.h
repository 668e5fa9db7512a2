#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace algoctl {

/// `size` bytes of a file from `offset` on; fewer only where it ends. Memory is only taken for what
/// is there. Throws Error{storage}; `path` is what errors call the file.
std::string read_at(int file, const std::string& path, std::int64_t offset, std::int64_t size);

/// Reads a file piece by piece, for which memory is taken once.
class PieceReader {
 public:
  /// `file` stays the caller's; `path` is what errors call it.
  PieceReader(int file, std::string path);

  /// What is there from `offset` on, at most `size` bytes and at most 256 KiB, until the next call;
  /// fewer only where the file ends. Throws Error{storage}.
  std::string_view read(std::int64_t offset, std::int64_t size);

 private:
  int file_;
  std::string path_;
  std::unique_ptr<char[]> memory_;
};

}  // namespace algoctl
