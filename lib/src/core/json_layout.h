#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"

namespace algoctl {

/// How a person laid out the members of an object, so that new ones can be written alike.
struct Layout {
  std::string open = " ";    ///< between the brace and the first key
  std::string gap = " ";     ///< between a comma and the next key
  std::string colon = ": ";  ///< between a key and its value
  std::string close = " ";   ///< between the last value and the brace

  [[nodiscard]] bool spans_lines() const { return (open + gap).find('\n') != std::string::npos; }
};

/// Keys and the text of their values.
using MemberTexts = std::vector<std::pair<std::string, std::string>>;

/// The layout of an object that has members.
Layout layout_of(std::string_view text, const JsonNode& object);

/// What stands between the comma before a member's key and that key. Of the first member, which has
/// no comma, what would stand there.
std::string gap_before(std::string_view text, const JsonNode& object, std::size_t index);

/// The layout of an object with members in an object of layout `outer`, when there is no other to
/// go by: one level deeper, or on the same line.
Layout layout_inside(const Layout& outer);

/// An object's text.
std::string write_object(const Layout& layout, const MemberTexts& members);
/// The text of members that follow another one, with the comma before each.
std::string write_after(const std::string& gap, const std::string& colon,
                        const MemberTexts& members);

}  // namespace algoctl
