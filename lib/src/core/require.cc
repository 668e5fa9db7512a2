#include "algoctl/require.h"

#include <array>
#include <charconv>
#include <cmath>
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

template <typename Number>
std::optional<Number> number_of(std::string_view text) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  Number number{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

/// A finite decimal number; nullopt for `nan`, `inf` and everything that is none.
std::optional<double> decimal(std::string_view text) {
  const auto number = number_of<double>(text);
  return number && std::isfinite(*number) ? number : std::nullopt;
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
    Requirement result{trimmed(std::string_view(text).substr(0, at)), symbol.comparison,
                       trimmed(rest.substr(symbol.text.size())), std::nullopt};
    if (result.key.empty() || result.value.empty()) break;
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
  const auto whole_left = number_of<std::int64_t>(left);
  const auto whole_right = number_of<std::int64_t>(right);
  if (whole_left && whole_right) return holds(*whole_left, comparison, *whole_right);
  const auto number_left = decimal(left);
  const auto number_right = decimal(right);
  if (number_left && number_right) return holds(*number_left, comparison, *number_right);
  if (number_left || number_right || asks_order(comparison)) return std::nullopt;
  return holds(left, comparison, right);
}

}  // namespace algoctl
