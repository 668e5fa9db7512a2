#include "registry/mirrors.h"

#include "algoctl/error.h"
#include "base/json.h"
#include "registry/settings.h"

namespace algoctl {
namespace {

constexpr const char* kSetting = "mirrors";

std::string text_in(const JsonNode& row, const char* key) {
  const JsonNode* value = row.find(key);
  if (value != nullptr && value->is(JsonNode::Type::string)) return value->text;
  throw Error(Code::integrity, "the registry's list of mirrors is damaged",
              "restore the registry from a backup");
}

}  // namespace

std::vector<MirrorPlace> mirrors_of(Db& db) {
  std::vector<MirrorPlace> mirrors;
  const auto text = setting(db, kSetting);
  if (!text) return mirrors;
  const JsonNode list = parse_json(*text, "the registry's list of mirrors");
  for (const JsonNode& row : list.items)
    mirrors.push_back({text_in(row, "id"), text_in(row, "url")});
  return mirrors;
}

void set_mirrors(Db& db, const std::vector<MirrorPlace>& mirrors) {
  Json list = Json::array();
  for (const MirrorPlace& mirror : mirrors) {
    list.push(Json::object().set("id", mirror.id).set("url", mirror.url));
  }
  set_setting(db, kSetting, list.dump());
}

}  // namespace algoctl
