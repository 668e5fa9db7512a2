#include "core/splice.h"

#include <algorithm>

#include "core/json_fields.h"
#include "core/json_layout.h"
#include "core/manifest_text.h"
#include "core/splice_check.h"

namespace algoctl {
namespace {

/// Bytes of the old text, and what stands there in the new one.
struct Change {
  std::size_t begin;
  std::size_t end;
  std::string text;
};

MemberTexts members_of(const ModelFile& model) {
  return {{"uri", Json(model.uri()).dump()},
          {"sha256", Json(model.sha256.hex()).dump()},
          {"size", Json(model.size).dump()}};
}

/// True when a slot's field says already what `model` says.
bool agrees(const std::string& key, const JsonNode& value, const ModelFile& model) {
  if (key == "size") return value.integer() == model.size;
  const std::string wanted = key == "uri" ? model.uri() : model.sha256.hex();
  return value.is(JsonNode::Type::string) && value.text == wanted;
}

/// Collects the changes of one text. Offsets are those of the old text until `apply`.
class Splicer {
 public:
  explicit Splicer(const JsonFields& fields)
      : text_(fields.text()), root_(fields.root()), root_layout_(layout_of(text_, root_)) {}

  void set_version(const Version& version) {
    const std::string value = Json(version.str()).dump();
    if (const JsonNode* node = root_.find("version")) {
      if (node->text != version.str()) replace(*node, value);
      return;
    }
    const auto name = std::find_if(root_.members.begin(), root_.members.end(),
                                   [](const JsonMember& member) { return member.key == "name"; });
    insert_after(root_, static_cast<std::size_t>(name - root_.members.begin()),
                 {{"version", value}});
  }

  void set_models(const std::vector<ModelFile>& models) {
    const JsonNode* const slots = root_.find("models");
    const Layout layout = slot_layout(slots);
    MemberTexts added;
    for (const ModelFile& model : models) {
      const JsonNode* const slot = slots ? slots->find(model.slot.str()) : nullptr;
      if (slot) {
        set_slot(*slot, layout, model);
      } else {
        added.emplace_back(model.slot.str(), write_object(layout, members_of(model)));
      }
    }
    if (added.empty()) return;
    if (!slots) {
      append(root_, {{"models", write_object(layout_inside(root_layout_), added)}});
    } else if (slots->members.empty()) {
      replace(*slots, write_object(layout_inside(root_layout_), added));
    } else {
      append(*slots, added);
    }
  }

  std::string apply() {
    std::stable_sort(changes_.begin(), changes_.end(),
                     [](const Change& a, const Change& b) { return a.begin < b.begin; });
    std::string out;
    std::size_t copied = 0;
    for (const Change& change : changes_) {
      out += text_.substr(copied, change.begin - copied);
      out += change.text;
      copied = change.end;
    }
    out += text_.substr(copied);
    return out;
  }

 private:
  /// How the members of a slot are laid out: as in the last slot that has some.
  Layout slot_layout(const JsonNode* slots) const {
    if (slots) {
      for (auto slot = slots->members.rbegin(); slot != slots->members.rend(); ++slot) {
        if (!slot->value.members.empty()) return layout_of(text_, slot->value);
      }
    }
    if (!root_layout_.spans_lines()) return root_layout_;
    return Layout{.colon = root_layout_.colon};
  }

  void set_slot(const JsonNode& slot, const Layout& layout, const ModelFile& model) {
    if (slot.members.empty()) {
      replace(slot, write_object(layout, members_of(model)));
      return;
    }
    MemberTexts missing;
    for (const auto& [key, value] : members_of(model)) {
      const JsonNode* const node = slot.find(key);
      if (!node) {
        missing.emplace_back(key, value);
      } else if (!agrees(key, *node, model)) {
        replace(*node, value);
      }
    }
    if (!missing.empty()) append(slot, missing);
  }

  void replace(const JsonNode& node, std::string value) {
    changes_.push_back({node.begin, node.end, std::move(value)});
  }

  void append(const JsonNode& object, const MemberTexts& members) {
    insert_after(object, object.members.size() - 1, members);
  }

  void insert_after(const JsonNode& object, std::size_t index, const MemberTexts& members) {
    const std::size_t end = object.members[index].value.end;
    const std::string colon = layout_of(text_, object).colon;
    changes_.push_back({end, end, write_after(gap_before(text_, object, index), colon, members)});
  }

  std::string_view text_;
  const JsonNode& root_;
  Layout root_layout_;
  std::vector<Change> changes_;
};

/// The text without one slot, and without the comma that it no longer needs.
std::string without_slot(const std::string& text, const Slot& slot, std::string_view where) {
  const JsonNode root = parse_json(text, where);
  const JsonNode* const slots = root.find("models");
  if (slots == nullptr) return text;
  const auto& members = slots->members;
  const auto found = std::find_if(members.begin(), members.end(), [&](const JsonMember& member) {
    return member.key == slot.str();
  });
  if (found == members.end()) return text;
  if (members.size() == 1) {
    return text.substr(0, slots->begin) + "{}" + text.substr(slots->end);
  }
  const bool first = found == members.begin();
  const std::size_t begin = first ? found->key_begin : std::prev(found)->value.end;
  const std::size_t end = first ? std::next(found)->key_begin : found->value.end;
  return text.substr(0, begin) + text.substr(end);
}

std::string without_slots(std::string_view bytes, const std::vector<Slot>& slots,
                          std::string_view where) {
  std::string text(bytes);
  for (const Slot& slot : slots) text = without_slot(text, slot, where);
  return text;
}

}  // namespace

std::string splice_manifest(std::string_view bytes, const ManifestEdit& edit,
                            std::string_view where) {
  const JsonFields original(bytes, where);
  outline_manifest(original);
  const std::string kept = without_slots(bytes, edit.removed, where);
  const JsonFields fields(kept, where);
  Splicer splicer(fields);
  if (edit.version) splicer.set_version(*edit.version);
  splicer.set_models(edit.models);
  std::string spliced = splicer.apply();
  check_splice(original.root(), spliced, edit, where);
  outline_manifest(spliced, where);  // a new slot may clash, and the text outgrow the limits
  return spliced;
}

}  // namespace algoctl
