// parse_json on any bytes: refuses with Error{usage}, or gives a tree whose every span, parsed
// alone, is its value again.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "algoctl/error.h"
#include "base/json.h"

namespace {

using algoctl::JsonNode;

void require(bool holds) {
  if (!holds) std::abort();
}

bool same(const JsonNode& a, const JsonNode& b) {
  if (a.type != b.type || a.text != b.text || a.items.size() != b.items.size() ||
      a.members.size() != b.members.size()) {
    return false;
  }
  for (std::size_t i = 0; i < a.items.size(); ++i) {
    if (!same(a.items[i], b.items[i])) return false;
  }
  for (std::size_t i = 0; i < a.members.size(); ++i) {
    if (a.members[i].key != b.members[i].key) return false;
    if (!same(a.members[i].value, b.members[i].value)) return false;
  }
  return true;
}

/// Spans nest and follow each other; returns where this one ends.
std::size_t check_span(std::string_view text, const JsonNode& node, std::size_t least) {
  require(least <= node.begin && node.begin < node.end && node.end <= text.size());
  const std::string_view alone = text.substr(node.begin, node.end - node.begin);
  const JsonNode again = algoctl::parse_json(alone, "span");
  require(again.end == alone.size() && same(again, node));
  std::size_t end = node.begin;
  for (const JsonNode& item : node.items) end = check_span(text, item, end);
  for (const algoctl::JsonMember& member : node.members) {
    require(end < member.key_begin && text[member.key_begin] == '"');
    end = check_span(text, member.value, member.key_begin);
  }
  require(end <= node.end);
  return node.end;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const JsonNode root = algoctl::parse_json(text, "fuzz", {.depth = 12, .nodes = 1000});
    check_span(text, root, 0);
    (void)root.integer();
  } catch (const algoctl::Error& error) {
    require(error.code() == algoctl::Code::usage);
  }
  return 0;
}
