#include "algoctl/version.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "algoctl/error.h"
#include "base/text.h"
#include "core/precedence.h"
#include "core/version_text.h"

namespace algoctl {
namespace {

struct Parts {
  std::array<std::int64_t, 3> numbers{};
  std::string_view prerelease;
  std::string_view build;
};

std::optional<Parts> split_version(std::string_view text) {
  Parts parts;
  Cursor in{text};
  in.take('v');
  for (std::size_t i = 0; i < parts.numbers.size(); ++i) {
    if (i > 0 && !in.take('.')) return std::nullopt;
    const auto number = take_number(in);
    if (!number) return std::nullopt;
    parts.numbers[i] = *number;
  }
  const auto prerelease = take_prerelease(in);
  if (!prerelease) return std::nullopt;
  const auto build = take_build(in);
  if (!build || !in.done()) return std::nullopt;
  parts.prerelease = *prerelease;
  parts.build = *build;
  return parts;
}

/// `201902`, `20190228`, `2019-02-28`, `2019.02`: what people write who date their models.
bool looks_like_date(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c == '-' || c == '.' || c == '_') continue;
    if (!is_digit(c)) return false;
    digits += c;
  }
  if (digits.size() != 6 && digits.size() != 8) return false;
  const std::string century = digits.substr(0, 2);
  const std::string month = digits.substr(4, 2);
  return (century == "19" || century == "20") && month >= "01" && month <= "12";
}

bool has_padded_number(std::string_view text) {
  for (std::size_t i = 0; i + 1 < text.size() && text[i] != '+'; ++i) {
    const bool starts = i == 0 || text[i - 1] == '.' || text[i - 1] == '-' || text[i - 1] == 'v';
    if (starts && text[i] == '0' && is_digit(text[i + 1])) return true;
  }
  return false;
}

[[noreturn]] void throw_malformed_version(std::string_view text) {
  std::string hint = "a version has three numbers, such as 1.2.0";
  if (looks_like_date(text)) {
    hint += "; a date belongs in a label, such as mymodel-201902.pkl";
  } else if (has_padded_number(text)) {
    hint += ", without leading zeros";
  }
  throw Error(Code::usage, "malformed version " + quoted(text), std::move(hint));
}

void check_numbers(std::int64_t largest, std::string_view text) {
  if (largest <= kMaxVersionNumber) return;
  throw Error(Code::usage, "malformed version " + quoted(text),
              "the numbers of a version go up to " + std::to_string(kMaxVersionNumber));
}

void check_length(std::string_view text) {
  if (text.size() <= kMaxVersionLength) return;
  throw Error(Code::usage, "version " + quoted(text) + " is too long",
              "a version has at most 256 bytes");
}

}  // namespace

Version Version::parse(std::string_view text) {
  check_length(text);
  const auto parts = split_version(text);
  if (!parts) throw_malformed_version(text);
  const auto [major, minor, patch] = parts->numbers;
  check_numbers(std::max({major, minor, patch}), text);
  return {major, minor, patch, std::string(parts->prerelease), std::string(parts->build)};
}

Version::Version(std::int64_t major, std::int64_t minor, std::int64_t patch, std::string prerelease,
                 std::string build)
    : major_(major),
      minor_(minor),
      patch_(patch),
      prerelease_(std::move(prerelease)),
      build_(std::move(build)) {
  if (std::min({major, minor, patch}) < 0 ||
      (!prerelease_.empty() && !is_prerelease(prerelease_)) ||
      (!build_.empty() && !is_build(build_))) {
    throw_malformed_version(str());
  }
  check_numbers(std::max({major, minor, patch}), str());
  check_length(str());
}

std::string Version::str() const {
  std::string text =
      std::to_string(major_) + "." + std::to_string(minor_) + "." + std::to_string(patch_);
  if (!prerelease_.empty()) text += "-" + prerelease_;
  if (!build_.empty()) text += "+" + build_;
  return text;
}

int Version::compare(const Version& other) const noexcept {
  if (major_ != other.major_) return major_ < other.major_ ? -1 : 1;
  if (minor_ != other.minor_) return minor_ < other.minor_ ? -1 : 1;
  if (patch_ != other.patch_) return patch_ < other.patch_ ? -1 : 1;
  return compare_prereleases(prerelease_, other.prerelease_);
}

}  // namespace algoctl
