#include "algoctl/require.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <compare>
#include <string_view>

#include "algoctl/error.h"
#include "base/text.h"

namespace algoctl {
namespace {

using Comparison = Requirement::Comparison;

struct Symbol {
  std::string_view text;
  Comparison comparison;
};

// Longer ones first.
constexpr std::array kSymbols = {
    Symbol{"<=", Comparison::at_most}, Symbol{">=", Comparison::at_least},
    Symbol{"==", Comparison::equal},   Symbol{"!=", Comparison::not_equal},
    Symbol{"<", Comparison::less},     Symbol{">", Comparison::greater},
    Symbol{"=", Comparison::equal},
};

std::string trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return "";
  return std::string(text.substr(begin, text.find_last_not_of(" \t") - begin + 1));
}

/// A whole number of any length.
class Whole {
 public:
  static std::optional<Whole> parse(std::string_view text) {
    Whole whole;
    whole.negative_ = !text.empty() && text.front() == '-';
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.empty() || !std::all_of(text.begin(), text.end(), is_digit)) return std::nullopt;
    text.remove_prefix(std::min(text.find_first_not_of('0'), text.size()));
    whole.digits_ = text;
    if (text.empty()) whole.negative_ = false;
    return whole;
  }

  friend std::strong_ordering operator<=>(const Whole& left, const Whole& right) {
    if (left.negative_ != right.negative_) return right.negative_ <=> left.negative_;
    return left.negative_ ? right.beside(left) : left.beside(right);
  }
  friend bool operator==(const Whole& left, const Whole& right) = default;

 private:
  /// Without the signs.
  [[nodiscard]] std::strong_ordering beside(const Whole& other) const {
    const auto longer = digits_.size() <=> other.digits_.size();
    return longer != std::strong_ordering::equal ? longer : digits_ <=> other.digits_;
  }

  bool negative_ = false;
  std::string_view digits_;  // without leading zeros
};

/// A finite decimal number; nullopt for `nan`, `inf` and everything that is none.
std::optional<double> decimal(std::string_view text) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  double number{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  const bool whole = error == std::errc() && stop == end;
  return whole && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

template <typename Value>
bool holds(const Value& left, Comparison comparison, const Value& right) {
  switch (comparison) {
    case Comparison::less: return left < right;
    case Comparison::at_most: return left <= right;
    case Comparison::equal: return left == right;
    case Comparison::not_equal: return left != right;
    case Comparison::at_least: return left >= right;
    case Comparison::greater: return left > right;
  }
  return false;
}

bool asks_order(Comparison comparison) {
  return comparison != Comparison::equal && comparison != Comparison::not_equal;
}

}  // namespace

Requirement Requirement::parse(const std::string& text) {
  const auto malformed = [&] {
    return Error(Code::usage, "malformed requirement " + quoted(text),
                 "write it as 'accuracy>=0.9' or 'accuracy>=@stable'");
  };
  const auto at = text.find_first_of("<>=!");
  if (at == std::string::npos) throw malformed();
  const std::string_view rest = std::string_view(text).substr(at);
  for (const Symbol& symbol : kSymbols) {
    if (!starts_with(rest, symbol.text)) continue;
    const std::string_view after = rest.substr(symbol.text.size());
    // `=>`, `<>`, `!==`: no operator, rather than a value that begins like one.
    if (!after.empty() && std::string_view("<>=!").find(after.front()) != std::string_view::npos) {
      break;
    }
    Requirement result{trimmed(std::string_view(text).substr(0, at)), symbol.comparison,
                       trimmed(after), std::nullopt};
    if (result.key.empty()) break;
    if (result.value.empty()) {
      throw Error(Code::usage, "requirement " + quoted(text) + " has no value",
                  "nothing compares with an empty one; name a value, as in 'accuracy>=0.9'");
    }
    if (result.value.front() == '@') result.than = Selector::parse(result.value.substr(1));
    return result;
  }
  throw malformed();
}

std::string Requirement::symbol() const {
  for (const Symbol& symbol : kSymbols) {
    if (symbol.comparison == comparison) return std::string(symbol.text);
  }
  return "";
}

std::optional<bool> compare_metadata(const std::string& left, Comparison comparison,
                                     const std::string& right) {
  // Whole numbers without the loss that a double has above 2^53.
  const auto whole_left = Whole::parse(left);
  const auto whole_right = Whole::parse(right);
  if (whole_left && whole_right) return holds(*whole_left, comparison, *whole_right);
  const auto number_left = decimal(left);
  const auto number_right = decimal(right);
  if (number_left && number_right) return holds(*number_left, comparison, *number_right);
  if (number_left || number_right || asks_order(comparison)) return std::nullopt;
  return holds(left, comparison, right);
}

}  // namespace algoctl
