#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace algoctl {

// Small files that say what is so just now, in a folder where others may leave anything. None of
// them outlives a power cut for certain.

/// The bytes of a regular file of at most `limit` bytes; nullopt for anything else, or nothing, or
/// what may not be read. Never waits.
std::optional<std::string> read_ephemeral_file(const std::string& path, std::size_t limit);

/// Makes a file visible at once and never half, as `replace_file` but not durable. One process at a
/// time for one name. Throws Error{storage}.
void replace_ephemeral_file(const std::string& path, std::string_view bytes);

/// The name under which such a file is written before it gets its own: to be removed where it
/// stays, for its writer was killed.
bool is_ephemeral_draft(std::string_view name) noexcept;

}  // namespace algoctl
