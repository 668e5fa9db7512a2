#include "core/fitted_name.h"

#include "core/scan.h"

namespace algoctl {
namespace {

bool fits(std::string_view before, char c, bool at_end, std::string_view inner) noexcept {
  if (is_alphanumeric(c) || c == '_') return true;
  const bool starts = before.empty() || before.back() == '/';
  if (c == '/') return !starts && !at_end;
  return !starts && inner.find(c) != std::string_view::npos && !(c == '.' && before.back() == '.');
}

/// One `_` for each character, however many bytes it has.
std::string fitted(std::string_view text, std::string_view inner) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool continues = (text[i] & 0xC0) == 0x80;
    if (fits(out, text[i], i + 1 == text.size(), inner)) {
      out += text[i];
    } else if (!continues || i == 0) {
      out += '_';
    }
  }
  return out;
}

}  // namespace

Slot fitted_slot(std::string_view text) { return Slot::parse(fitted(text, ".+-")); }

Label fitted_label(std::string_view text) { return Label::parse(fitted(text, ".+-=")); }

}  // namespace algoctl
