#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace algoctl {

// The little of the tar format (POSIX ustar) that this program writes: regular files, one header
// block each, in one spelling. Reading is writing again and comparing.

inline constexpr std::int64_t kTarBlock = 512;

/// What stands at the end of an archive: two blocks of zeros.
inline constexpr std::int64_t kTarEnd = 2 * kTarBlock;

/// The header of a file: mode 0444, nobody's, of 1970; a size of 8 GiB and more in base 256, which
/// GNU tar, bsdtar and Python read. Throws Error{internal} for a name that is empty or longer than
/// 100 bytes, or a negative size.
std::string tar_header(std::string_view name, std::int64_t size);

/// The size with the zeros that fill its last block.
std::int64_t tar_padded(std::int64_t size) noexcept;

struct TarEntry {
  std::string name;
  std::int64_t size;  ///< bytes
};

/// What a block says, when it is a header as `tar_header` writes it; nullopt for any other.
std::optional<TarEntry> read_tar_header(std::string_view block);

/// The name in any tar header, for messages; empty when the block is none.
std::string tar_name(std::string_view block);

}  // namespace algoctl
