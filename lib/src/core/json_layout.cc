#include "core/json_layout.h"

namespace algoctl {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

/// The white space that ends at `end`; of several line breaks only the last, so that the blank line
/// between two groups of members is not copied.
std::string blank_before(std::string_view text, std::size_t end) {
  const std::size_t begin = text.find_last_not_of(kBlank, end - 1) + 1;  // a brace is before it
  std::string_view blank = text.substr(begin, end - begin);
  if (const std::size_t line = blank.rfind('\n'); line != std::string_view::npos) {
    const bool crlf = line > 0 && blank[line - 1] == '\r';
    blank.remove_prefix(crlf ? line - 1 : line);
  }
  return std::string(blank);
}

/// What stands between a member's key and its value; `: ` when that spans lines.
std::string colon_of(std::string_view text, const JsonMember& member) {
  const std::size_t colon = text.find_last_not_of(kBlank, member.value.begin - 1);
  const std::size_t begin = text.find_last_not_of(kBlank, colon - 1) + 1;
  const std::string_view between = text.substr(begin, member.value.begin - begin);
  const bool one_line = between.find_first_of("\r\n") == std::string_view::npos;
  return one_line ? std::string(between) : ": ";
}

}  // namespace

std::string gap_before(std::string_view text, const JsonNode& object, std::size_t index) {
  if (index > 0) return blank_before(text, object.members[index].key_begin);
  if (object.members.size() > 1) return blank_before(text, object.members[1].key_begin);
  // Alone after its brace, `{"a": 1}` does not tell; the blank after its colon does.
  const std::string open = blank_before(text, object.members[0].key_begin);
  const bool tight = open.empty() && colon_of(text, object.members[0]).back() == ':';
  return open.empty() && !tight ? " " : open;
}

Layout layout_of(std::string_view text, const JsonNode& object) {
  return Layout{
      .open = blank_before(text, object.members.front().key_begin),
      .gap = gap_before(text, object, object.members.size() - 1),
      .colon = colon_of(text, object.members.back()),
      .close = blank_before(text, object.end - 1),
  };
}

Layout layout_inside(const Layout& outer) {
  if (outer.open.find('\n') == std::string::npos) return outer;
  // One step is what the members stand in from their closing brace.
  const std::size_t indent = outer.open.rfind('\n') + 1;
  const std::size_t line = outer.close.rfind('\n');
  const std::string brace = line == std::string::npos ? "" : outer.close.substr(line + 1);
  std::string step = outer.open.substr(indent);
  if (step.compare(0, brace.size(), brace) == 0) step.erase(0, brace.size());
  return Layout{outer.open + step, outer.open + step, outer.colon, outer.open};
}

std::string write_object(const Layout& layout, const MemberTexts& members) {
  if (members.empty()) return "{}";
  const MemberTexts rest(members.begin() + 1, members.end());
  return "{" + layout.open + Json(members.front().first).dump() + layout.colon +
         members.front().second + write_after(layout.gap, layout.colon, rest) + layout.close + "}";
}

std::string write_after(const std::string& gap, const std::string& colon,
                        const MemberTexts& members) {
  std::string out;
  for (const auto& [key, value] : members) {
    out += "," + gap + Json(key).dump() + colon + value;
  }
  return out;
}

}  // namespace algoctl
