#include "algoctl/name.h"

#include <algorithm>
#include <cstddef>

#include "algoctl/error.h"
#include "base/text.h"
#include "core/scan.h"

namespace algoctl {
namespace {

constexpr std::size_t kMaxPart = 64;    // bytes of an owner or a name
constexpr std::size_t kMaxLabel = 255;  // bytes; what a file name may have

bool is_word(char c) noexcept { return is_lower(c) || is_digit(c); }

/// The character at `at`, whole if it is UTF-8 of several bytes, between quotes.
std::string quoted_character(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  while (end < text.size() && end < at + 4 && (text[end] & '\xc0') == '\x80') ++end;
  return quoted(text.substr(at, end - at));
}

/// The one check of an owner and of a name. Returns what does not fit, or nothing.
std::string part_fault(std::string_view part) {
  if (part.empty()) return "is empty";
  for (std::size_t i = 0; i < part.size(); ++i) {
    const char c = part[i];
    const bool at_end = i == 0 || i + 1 == part.size();
    if (is_word(c) || (!at_end && (c == '-' || c == '_' || c == '.'))) continue;
    const bool misplaced = c == '-' || c == '_' || c == '.';
    const std::string where = !misplaced ? "have " : i == 0 ? "start with " : "end with ";
    return "may not " + where + quoted_character(part, i);
  }
  if (part.find("..") != std::string_view::npos) return "may not have '..'";
  if (part.size() > kMaxPart) return "has " + std::to_string(part.size()) + " characters";
  return {};
}

void check_part(std::string_view text, const char* which, std::string_view part) {
  const std::string fault = part_fault(part);
  if (fault.empty()) return;
  throw Error(Code::usage, "malformed algorithm " + quoted(text) + ": the " + which + " " + fault,
              "owner and name have 1 to 64 characters: small letters, digits, and between them "
              "'.', '_' and '-'");
}

/// The one check of a label, and of a slot, where no `=` may stand.
std::string label_fault(std::string_view text, bool is_slot) {
  if (text.empty()) return "it is empty";
  if (text.size() > kMaxLabel) return "it has " + std::to_string(text.size()) + " bytes";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool starts = i == 0 || text[i - 1] == '/';
    if (is_alphanumeric(c) || c == '_') continue;
    if (c == '/' && !starts && i + 1 < text.size()) continue;
    const bool inner = c == '.' || c == '+' || c == '-' || (c == '=' && !is_slot);
    if (!inner && c != '/') return quoted_character(text, i) + " does not fit";
    if (c == '/') return "'/' does not fit at the " + std::string(starts ? "start" : "end");
    if (starts) return quoted_character(text, i) + " does not fit at the start";
    if (c == '.' && text[i - 1] == '.') return "'..' does not fit";
  }
  return {};
}

}  // namespace

Algorithm Algorithm::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) {
    throw Error(Code::usage, "malformed algorithm " + quoted(text),
                "write owner/name, such as acme/sentiment");
  }
  check_part(text, "owner", text.substr(0, slash));
  check_part(text, "name", text.substr(slash + 1));
  return Algorithm(std::string(text));
}

std::string_view Algorithm::owner() const noexcept {
  return std::string_view(text_).substr(0, text_.find('/'));
}

std::string_view Algorithm::name() const noexcept {
  return std::string_view(text_).substr(text_.find('/') + 1);
}

std::string Algorithm::collision_key() const {
  std::string key = text_;
  std::replace_if(
      key.begin() + static_cast<std::ptrdiff_t>(owner().size()), key.end(),
      [](char c) { return c == '_' || c == '.'; }, '-');
  return key;
}

Label Label::parse(std::string_view text) {
  const std::string fault = label_fault(text, false);
  if (!fault.empty()) {
    throw Error(Code::usage, "malformed label " + quoted(text) + ": " + fault,
                "a label has at most 255 letters, digits, '_', '.', '+', '=' and '-', in segments "
                "joined by '/' that start with a letter, a digit or '_'");
  }
  return Label(std::string(text));
}

Slot Slot::parse(std::string_view text) {
  const std::string fault = label_fault(text, true);
  if (!fault.empty()) {
    throw Error(Code::usage, "malformed slot " + quoted(text) + ": " + fault,
                "a slot has at most 255 letters, digits, '_', '.', '+' and '-', in segments "
                "joined by '/' that start with a letter, a digit or '_'");
  }
  return Slot(std::string(text));
}

std::string Slot::variable() const {
  std::string variable = "ALGOCTL_MODEL_";
  for (const char c : text_) {
    const char upper = is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
    variable += is_alphanumeric(c) ? upper : '_';
  }
  return variable;
}

}  // namespace algoctl
