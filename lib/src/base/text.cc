#include "base/text.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace algoctl {
namespace {

constexpr std::size_t kQuotedBytes = 80;

/// Edit distance in which two neighbours that changed places count as one edit, as typing errors
/// do.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

/// Length of the well-formed UTF-8 sequence at the front, 0 when there is none; its code point.
std::size_t decode(std::string_view text, char32_t& point) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return point = lead, 1;
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return 0;
  point = lead & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return 0;
    point = (point << 6U) | (byte(i) & 0x3fU);
  }
  constexpr std::array<char32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = point >= 0xd800 && point <= 0xdfff;
  return point < kLeast[length] || point > 0x10ffff || surrogate ? 0 : length;
}

/// What moves a terminal's cursor or turns the reading direction, and so could fake a message.
bool is_control(char32_t point) noexcept {
  return point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x200e || point == 0x200f ||
         (point >= 0x2028 && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
}

void append_escaped(std::string& out, std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += "\\x";
    out += kDigits[byte / 16U];
    out += kDigits[byte % 16U];
  }
}

std::string quote(std::string_view text, std::size_t limit) {
  std::string out = "'";
  std::size_t at = 0;
  while (at < text.size()) {
    char32_t point = 0;
    const std::string_view rest = text.substr(at);
    const std::size_t length = decode(rest, point);
    const std::size_t step = std::max<std::size_t>(1, length);
    if (at + step > limit) {
      out += "…";
      break;
    }
    if (length == 0 || is_control(point)) {
      append_escaped(out, rest.substr(0, step));
    } else {
      out += rest.substr(0, step);
    }
    at += step;
  }
  return out += '\'';
}

}  // namespace

std::optional<std::string> nearest(std::string_view wanted,
                                   const std::vector<std::string>& candidates) {
  std::optional<std::string> best;
  std::size_t limit = std::max<std::size_t>(1, wanted.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t longer = std::max(wanted.size(), candidate.size());
    const std::size_t shorter = std::min(wanted.size(), candidate.size());
    if (longer - shorter >= limit) continue;
    const std::size_t edits = distance(wanted, candidate);
    if (edits >= limit || edits >= longer) continue;
    best = candidate;
    limit = edits;
  }
  return best;
}

std::string did_you_mean(std::string_view wanted, const std::vector<std::string>& candidates) {
  const auto found = nearest(wanted, candidates);
  return found ? "did you mean " + quoted(*found) + "?" : std::string();
}

std::string Quoted::operator()(std::string_view text) const { return quote(text, kQuotedBytes); }

std::string quoted_path(std::string_view path) { return quote(path, path.size()); }

std::string printable(std::string text) {
  for (char& c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) c = ' ';
  }
  return text;
}

std::string counted(std::int64_t count, std::string_view one) {
  return std::to_string(count) + " " + std::string(one) + (count == 1 ? "" : "s");
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (const std::string& part : parts) {
    if (&part != &parts.front()) out += separator;
    out += part;
  }
  return out;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

bool is_utf8(std::string_view text) noexcept {
  char32_t point = 0;
  while (!text.empty()) {
    const std::size_t length = decode(text, point);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace algoctl
