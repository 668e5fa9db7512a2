#include "core/precedence.h"

#include <algorithm>

#include "core/scan.h"

namespace algoctl {
namespace {

bool is_numeric(std::string_view identifier) noexcept {
  return std::all_of(identifier.begin(), identifier.end(), is_digit);
}

std::string_view take_identifier(Cursor& in) noexcept {
  const std::string_view identifier = in.take_while([](char c) { return c != '.'; });
  in.take('.');
  return identifier;
}

int compare_identifiers(std::string_view a, std::string_view b) noexcept {
  const bool a_numeric = is_numeric(a);
  const bool b_numeric = is_numeric(b);
  if (a_numeric != b_numeric) return a_numeric ? -1 : 1;
  // No leading zeros: the longer number is the greater.
  if (a_numeric && a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a.compare(b);
}

}  // namespace

int compare_prereleases(std::string_view a, std::string_view b) noexcept {
  if (a.empty() || b.empty()) return static_cast<int>(a.empty()) - static_cast<int>(b.empty());
  Cursor left{a};
  Cursor right{b};
  while (!left.done() && !right.done()) {
    const int order = compare_identifiers(take_identifier(left), take_identifier(right));
    if (order != 0) return order;
  }
  return static_cast<int>(right.done()) - static_cast<int>(left.done());
}

std::string precedence_key(const Version& version) {
  if (version.is_release()) return "~";
  std::string key;
  Cursor in{version.prerelease()};
  while (!in.done()) {
    const std::string_view identifier = take_identifier(in);
    if (is_numeric(identifier)) {
      const std::string size = std::to_string(identifier.size());
      key.append("a").append(3 - size.size(), '0').append(size);
    } else {
      key.append("b");
    }
    key.append(identifier).append("!");
  }
  return key;
}

}  // namespace algoctl
