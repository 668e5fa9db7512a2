#include "core/flat_metadata.h"

#include "algoctl/error.h"
#include "base/text.h"

namespace algoctl {

using Type = JsonNode::Type;

void FlatMetadata::add(const std::string& key, const JsonNode& value) {
  switch (value.type) {
    case Type::null: return count();
    case Type::array:
      if (value.items.empty()) return add(key, "[]");
      for (std::size_t i = 0; i < value.items.size(); ++i) {
        add(key + "." + std::to_string(i), value.items[i]);
      }
      return;
    case Type::object:
      if (value.members.empty()) return add(key, "{}");
      return add_members(key, value);
    default: return add(key, value.text);
  }
}

void FlatMetadata::add(const std::string& key, std::string_view text) {
  if ((key + std::string(text)).find('\0') != std::string::npos) {
    throw Error(Code::usage, "metadata " + quoted(key) + " has a NUL character");
  }
  if (!values_.emplace(key, text).second) {
    throw Error(Code::usage, "metadata " + quoted(key) + " comes twice",
                "nested keys are joined by dots: rename one of the two");
  }
  count();
}

void FlatMetadata::count() {
  if (++count_ <= kMost) return;
  throw Error(Code::usage, "more than " + std::to_string(kMost) + " metadata values");
}

void FlatMetadata::add_members(const std::string& prefix, const JsonNode& object) {
  for (const JsonMember& member : object.members) add(prefix + "." + member.key, member.value);
}

}  // namespace algoctl
