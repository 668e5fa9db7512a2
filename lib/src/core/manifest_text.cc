#include "core/manifest_text.h"

#include <algorithm>

#include "core/model_fields.h"
#include "core/splice.h"

namespace algoctl {
namespace {

using Type = JsonNode::Type;

/// The members that do not count for equality, by where they stand.
enum class Level { root, models, slot, other };

bool counts(Level level, const std::string& key) {
  return !(level == Level::root && key == "version") && !(level == Level::slot && key == "uri");
}

Level below(Level level, const std::string& key) {
  if (level == Level::root && key == "models") return Level::models;
  return level == Level::models ? Level::slot : Level::other;
}

void write_essence(const JsonNode& node, Level level, std::string& out) {
  if (node.is(Type::object)) {
    std::vector<const JsonMember*> members;
    for (const JsonMember& member : node.members) {
      if (counts(level, member.key)) members.push_back(&member);
    }
    std::sort(members.begin(), members.end(),
              [](const JsonMember* a, const JsonMember* b) { return a->key < b->key; });
    out += '{';
    for (const JsonMember* member : members) {
      if (member != members.front()) out += ',';
      out += Json(member->key).dump() + ':';
      write_essence(member->value, below(level, member->key), out);
    }
    out += '}';
  } else if (node.is(Type::array)) {
    out += '[';
    for (const JsonNode& item : node.items) {
      if (&item != &node.items.front()) out += ',';
      write_essence(item, Level::other, out);
    }
    out += ']';
  } else if (node.is(Type::string)) {
    out += Json(node.text).dump();
  } else {
    out += node.is(Type::null) ? "null" : node.text;
  }
}

Algorithm read_name(const JsonFields& fields) {
  const JsonNode& name =
      fields.require(fields.root(), "name", Type::string, {}, "write \"name\": \"OWNER/NAME\"");
  return fields.at(name.begin, {}, [&] { return Algorithm::parse(name.text); });
}

}  // namespace

ManifestOutline outline_manifest(std::string_view bytes, std::string_view where) {
  return outline_manifest(JsonFields(bytes, where));
}

ManifestOutline outline_manifest(const JsonFields& fields) {
  fields.require_schema("algoctl.manifest");
  ManifestOutline outline{read_name(fields), {}, {}};
  if (const JsonNode* version = fields.root().find("version")) {
    const char* const hint = "take the field out: algoctl publish writes it";
    fields.require_type(*version, Type::string, "'version'", {}, hint);
    outline.version = fields.at(version->begin, {}, [&] { return Version::parse(version->text); });
  }
  if (const JsonNode* models = fields.root().find("models")) {
    fields.require_type(*models, Type::object, "'models'", {},
                        "write \"models\": {}, algoctl upload fills it in");
    outline.slots = read_slots(fields, *models);
  }
  return outline;
}

Algorithm manifest_name(std::string_view bytes, std::string_view where) {
  return read_name(JsonFields(bytes, where));
}

std::string manifest_essence(std::string_view bytes, std::string_view where) {
  std::string out;
  write_essence(parse_json(bytes, where), Level::root, out);
  return out;
}

std::string new_manifest(const Algorithm& name, const std::vector<ModelFile>& models,
                         const std::optional<Version>& version) {
  const std::string empty =
      "{\n"
      "  \"schema\": \"algoctl.manifest/v1\",\n"
      "  \"name\": " +
      Json(name.str()).dump() +
      ",\n"
      "  \"models\": {}\n"
      "}\n";
  return splice_manifest(empty, {version, models}, "new manifest");
}

}  // namespace algoctl
