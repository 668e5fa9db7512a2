#include "core/json_fields.h"

#include <algorithm>

#include "base/text.h"

namespace algoctl {
namespace {

/// True for `FAMILY/v2` and above.
bool is_newer(std::string_view schema, std::string_view family) {
  if (!starts_with(schema, std::string(family) + "/v")) return false;
  const std::string_view number = schema.substr(family.size() + 2);
  const bool digits =
      std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits && !number.empty() && number != "1" && number.front() != '0';
}

}  // namespace

std::string_view type_name(JsonNode::Type type) noexcept {
  switch (type) {
    case JsonNode::Type::null: return "null";
    case JsonNode::Type::boolean: return "a boolean";
    case JsonNode::Type::number: return "a number";
    case JsonNode::Type::string: return "a string";
    case JsonNode::Type::array: return "an array";
    case JsonNode::Type::object: return "an object";
  }
  return "null";
}

JsonFields::JsonFields(std::string_view text, std::string_view where, const JsonLimits& limits)
    : text_(text), where_(where), root_(parse_json(text, where, limits)) {
  require_type(root_, JsonNode::Type::object, "the text");
}

void JsonFields::require_schema(std::string_view family, Code newer) const {
  const std::string wanted = std::string(family) + "/v1";
  const std::string hint = "write \"schema\": \"" + wanted + "\"";
  const JsonNode& schema = require(root_, "schema", JsonNode::Type::string, {}, hint);
  if (schema.text == wanted) return;
  if (is_newer(schema.text, family)) {
    refuse(schema.begin, "schema " + quoted(schema.text) + " is newer than this program",
           "install a newer algoctl", newer);
  }
  refuse(schema.begin, "unknown schema " + quoted(schema.text), hint);
}

const JsonNode& JsonFields::require(const JsonNode& object, std::string_view key,
                                    JsonNode::Type type, std::string_view subject,
                                    const std::string& hint) const {
  const JsonNode* const node = object.find(key);
  if (!node) refuse(object.begin, std::string(subject) + quoted(key) + " is missing", hint);
  require_type(*node, type, quoted(key), subject, hint);
  return *node;
}

void JsonFields::require_type(const JsonNode& node, JsonNode::Type type, std::string_view name,
                              std::string_view subject, const std::string& hint) const {
  if (node.is(type)) return;
  refuse(node.begin,
         std::string(subject) + std::string(name) + " must be " + std::string(type_name(type)) +
             ", not " + std::string(type_name(node.type)),
         hint);
}

void JsonFields::refuse(std::size_t offset, const std::string& what, const std::string& hint,
                        Code code) const {
  throw Error(code, json_place(text_, offset, where_) + ": " + what, hint);
}

}  // namespace algoctl
