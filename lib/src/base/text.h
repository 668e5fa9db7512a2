#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace algoctl {

/// The nearest of `candidates` by edit distance, when it is near enough to be what was meant.
std::optional<std::string> nearest(std::string_view wanted,
                                   const std::vector<std::string>& candidates);

/// `did you mean 'X'?`, or empty.
std::string did_you_mean(std::string_view wanted, const std::vector<std::string>& candidates);

/// Text between single quotes for a message: control characters and bytes that are not UTF-8 as
/// `\xNN`, cut after 80 bytes. An object, because a function would compete with std::quoted for
/// every std::string wherever <filesystem> or <iomanip> is seen.
struct Quoted {
  std::string operator()(std::string_view text) const;
};
inline constexpr Quoted quoted;

/// The same for a path, which is never cut: a person may need all of it.
std::string quoted_path(std::string_view path);

/// What somebody else wrote, as part of a line: control characters as spaces, so that it stays on
/// that line and a terminal obeys nothing in it.
std::string printable(std::string text);

/// `1 upload`, `2 uploads`. `one` is a noun whose plural ends in s.
std::string counted(std::int64_t count, std::string_view one);

std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::vector<std::string> split(std::string_view text, char separator);
bool starts_with(std::string_view text, std::string_view prefix);

/// True when all of the text is well-formed UTF-8.
bool is_utf8(std::string_view text) noexcept;

}  // namespace algoctl
