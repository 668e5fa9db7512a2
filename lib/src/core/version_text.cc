#include "core/version_text.h"

#include <algorithm>

namespace algoctl {
namespace {

bool is_identifier_character(char c) noexcept { return is_alphanumeric(c) || c == '-'; }

bool is_zero_padded(std::string_view identifier) noexcept {
  return identifier.size() > 1 && identifier.front() == '0' &&
         std::all_of(identifier.begin(), identifier.end(), is_digit);
}

bool are_identifiers(std::string_view text, bool padding_allowed) noexcept {
  Cursor in{text};
  do {
    const std::string_view identifier = in.take_while(is_identifier_character);
    if (identifier.empty() || (!padding_allowed && is_zero_padded(identifier))) return false;
  } while (in.take('.'));
  return in.done();
}

std::string_view take_run(Cursor& in) {
  return in.take_while([](char c) { return is_identifier_character(c) || c == '.'; });
}

}  // namespace

std::optional<std::int64_t> take_number(Cursor& in) {
  const std::string_view digits = in.take_while(is_digit);
  if (digits.empty() || (digits.size() > 1 && digits.front() == '0')) return std::nullopt;
  std::int64_t value = 0;
  for (const char digit : digits) {
    value = std::min(value * 10 + (digit - '0'), kMaxVersionNumber + 1);
  }
  return value;
}

std::optional<std::string_view> take_prerelease(Cursor& in) {
  if (!in.take('-')) return std::string_view{};
  const std::string_view run = take_run(in);
  if (!is_prerelease(run)) return std::nullopt;
  return run;
}

std::optional<std::string_view> take_build(Cursor& in) {
  if (!in.take('+')) return std::string_view{};
  const std::string_view run = take_run(in);
  if (!is_build(run)) return std::nullopt;
  return run;
}

bool is_prerelease(std::string_view text) noexcept { return are_identifiers(text, false); }
bool is_build(std::string_view text) noexcept { return are_identifiers(text, true); }

}  // namespace algoctl
