#include "core/splice_check.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "algoctl/error.h"

namespace algoctl {
namespace {

using Type = JsonNode::Type;

JsonNode make_node(Type type, std::string text = {}) {
  JsonNode node;
  node.type = type;
  node.text = std::move(text);
  return node;
}

/// The member of an object; a new one comes right after `previous`, or last.
JsonNode& member(JsonNode& object, std::string_view key, Type type,
                 std::optional<std::string_view> previous = std::nullopt) {
  auto& members = object.members;
  const auto at = [&](std::string_view wanted) {
    return std::find_if(members.begin(), members.end(),
                        [&](const JsonMember& one) { return one.key == wanted; });
  };
  if (const auto found = at(key); found != members.end()) return found->value;
  const auto place = previous ? at(*previous) + 1 : members.end();
  return members.insert(place, {std::string(key), 0, make_node(type)})->value;
}

void remove_slots(JsonNode& root, const std::vector<Slot>& slots) {
  for (JsonMember& one : root.members) {
    if (one.key != "models") continue;
    std::erase_if(one.value.members, [&](const JsonMember& slot) {
      return std::any_of(slots.begin(), slots.end(),
                         [&](const Slot& removed) { return removed.str() == slot.key; });
    });
  }
}

/// The tree after the edit. Every manifest has a name.
JsonNode planned(JsonNode root, const ManifestEdit& edit) {
  remove_slots(root, edit.removed);
  if (edit.version) {
    member(root, "version", Type::string, "name") = make_node(Type::string, edit.version->str());
  }
  for (const ModelFile& model : edit.models) {
    JsonNode& models = member(root, "models", Type::object);
    JsonNode& slot = member(models, model.slot.str(), Type::object);
    member(slot, "uri", Type::string) = make_node(Type::string, model.uri());
    member(slot, "sha256", Type::string) = make_node(Type::string, model.sha256.hex());
    JsonNode& size = member(slot, "size", Type::number);
    if (size.integer() == model.size) continue;  // however it is spelled
    size = make_node(Type::number, std::to_string(model.size));
  }
  return root;
}

bool same(const JsonNode& a, const JsonNode& b) {
  return a.type == b.type && a.text == b.text &&
         std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(), same) &&
         std::equal(a.members.begin(), a.members.end(), b.members.begin(), b.members.end(),
                    [](const JsonMember& x, const JsonMember& y) {
                      return x.key == y.key && same(x.value, y.value);
                    });
}

[[noreturn]] void throw_defect(std::string_view where, const std::string& what) {
  throw Error(Code::internal, std::string(where) + ": the new text of the manifest " + what +
                                  "; nothing was written");
}

}  // namespace

void check_splice(const JsonNode& before, std::string_view after, const ManifestEdit& edit,
                  std::string_view where) {
  // A text that outgrew the limits is no defect: whoever reads it next says so.
  JsonLimits limits;
  limits.bytes = after.size();
  limits.nodes = after.size();
  JsonNode written;
  try {
    written = parse_json(after, where, limits);
  } catch (const Error& error) {
    throw_defect(where, "is malformed (" + error.message() + ")");
  }
  if (!same(planned(before, edit), written)) {
    throw_defect(where, "differs from the old one in more than was planned");
  }
}

}  // namespace algoctl
