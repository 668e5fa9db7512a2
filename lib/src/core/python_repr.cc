#include "core/python_repr.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdlib>

#include "core/python_printable.h"

namespace algoctl {
namespace {

using Type = JsonNode::Type;

/// The code point at the front of well-formed UTF-8, and how many bytes it takes.
struct Decoded {
  char32_t point;
  std::size_t size;
};

Decoded decode(std::string_view text) noexcept {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  char32_t point = size == 1 ? lead : lead & (0xffU >> (size + 1));
  for (std::size_t i = 1; i < size && i < text.size(); ++i) {
    point = (point << 6U) | (static_cast<unsigned char>(text[i]) & 0x3fU);
  }
  return {point, std::min(size, text.size())};
}

void append_escape(std::string& out, char32_t point) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const int digits = point <= 0xff ? 2 : point <= 0xffff ? 4 : 8;
  out += digits == 2 ? "\\x" : digits == 4 ? "\\u" : "\\U";
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) out += kDigits[(point >> shift) & 15U];
}

/// A double's shortest digits that read as itself again: `d.ddde+XX` taken apart.
struct Shortest {
  bool negative;
  std::string digits;
  int exponent;  ///< of the first digit
};

Shortest shortest(double value) {
  std::array<char, 40> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 std::chars_format::scientific)
                       .ptr;
  std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  Shortest result{text.front() == '-', "", 0};
  if (result.negative) text.remove_prefix(1);
  const std::size_t e = text.find('e');
  for (const char c : text.substr(0, e)) {
    if (c != '.') result.digits += c;
  }
  result.exponent = std::atoi(std::string(text.substr(e + 1)).c_str());
  return result;
}

std::string with_exponent(const Shortest& number) {
  std::string out = number.digits.substr(0, 1);
  if (number.digits.size() > 1) out += "." + number.digits.substr(1);
  const int size = std::abs(number.exponent);
  out += number.exponent < 0 ? "e-" : "e+";
  return out + (size < 10 ? "0" : "") + std::to_string(size);
}

std::string without_exponent(const Shortest& number) {
  if (number.exponent < 0) {
    return "0." + std::string(static_cast<std::size_t>(-number.exponent - 1), '0') + number.digits;
  }
  const auto whole = static_cast<std::size_t>(number.exponent) + 1;
  std::string digits = number.digits;
  if (digits.size() < whole) digits.append(whole - digits.size(), '0');
  const std::string fraction = digits.substr(whole);
  return digits.substr(0, whole) + "." + (fraction.empty() ? "0" : fraction);
}

std::string python_float(double value) {
  const Shortest number = shortest(value);
  const bool small_or_large = number.exponent < -4 || number.exponent >= 16;
  return (number.negative ? "-" : "") +
         (small_or_large ? with_exponent(number) : without_exponent(number));
}

void write(const JsonNode& value, std::string_view without, std::string& out) {
  switch (value.type) {
    case Type::null: out += "None"; return;
    case Type::boolean: out += value.text == "true" ? "True" : "False"; return;
    case Type::number: out += python_number(value.text); return;
    case Type::string: out += python_string(value.text); return;
    case Type::array:
      out += '[';
      for (const JsonNode& item : value.items) {
        if (&item != &value.items.front()) out += ", ";
        write(item, {}, out);
      }
      out += ']';
      return;
    case Type::object: break;
  }
  out += '{';
  bool first = true;
  for (const JsonMember& member : value.members) {
    if (!without.empty() && member.key == without) continue;
    if (!first) out += ", ";
    first = false;
    out += python_string(member.key) + ": ";
    write(member.value, {}, out);
  }
  out += '}';
}

}  // namespace

std::string python_string(std::string_view text) {
  const bool twice =
      text.find('\'') != std::string_view::npos && text.find('"') == std::string_view::npos;
  const char quote = twice ? '"' : '\'';
  std::string out(1, quote);
  while (!text.empty()) {
    const auto [point, size] = decode(text);
    if (point == static_cast<unsigned char>(quote) || point == '\\') {
      out += '\\';
      out += static_cast<char>(point);
    } else if (point == '\t') {
      out += "\\t";
    } else if (point == '\n') {
      out += "\\n";
    } else if (point == '\r') {
      out += "\\r";
    } else if (is_python_printable(point)) {
      out += text.substr(0, size);
    } else {
      append_escape(out, point);
    }
    text.remove_prefix(size);
  }
  return out += quote;
}

std::string python_number(std::string_view spelled) {
  if (spelled.find_first_of(".eE") == std::string_view::npos) {
    return spelled == "-0" ? "0" : std::string(spelled);
  }
  double value = 0;
  const auto result = std::from_chars(spelled.data(), spelled.data() + spelled.size(), value);
  // Too large is no JSON to parse_json: what does not fit is too small.
  if (result.ec != std::errc()) value = spelled.front() == '-' ? -0.0 : 0.0;
  return python_float(value);
}

std::string python_repr(const JsonNode& value, std::string_view without) {
  std::string out;
  write(value, without, out);
  return out;
}

}  // namespace algoctl
