#pragma once

#include <cstddef>
#include <string_view>

namespace algoctl {

// Character classes of the grammars: ASCII only, whatever the locale says.
constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }
constexpr bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }
constexpr bool is_alphanumeric(char c) noexcept {
  return is_digit(c) || is_lower(c) || is_upper(c);
}
constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }

/// Text being read from left to right. Does not own the text.
struct Cursor {
  std::string_view rest;

  [[nodiscard]] bool done() const noexcept { return rest.empty(); }
  [[nodiscard]] bool at(char c) const noexcept { return !rest.empty() && rest.front() == c; }

  /// Takes `c` when it comes next.
  bool take(char c) noexcept {
    if (!at(c)) return false;
    rest.remove_prefix(1);
    return true;
  }

  /// Takes the longest run of fitting characters, which may be empty.
  template <typename Fits>
  std::string_view take_while(Fits fits) noexcept {
    std::size_t size = 0;
    while (size < rest.size() && fits(rest[size])) ++size;
    const std::string_view run = rest.substr(0, size);
    rest.remove_prefix(size);
    return run;
  }

  /// True when there was at least one.
  bool skip_blanks() noexcept { return !take_while(is_blank).empty(); }
};

inline std::string_view without_blanks_around(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace algoctl
