#include "http/aws_keys_json.h"

#include "algoctl/error.h"
#include "base/clock.h"
#include "base/json.h"

namespace algoctl::http {
namespace {

Error unfit(const std::string& where, const std::string& what) {
  return {Code::unauthorized, where + " " + what};
}

JsonNode parse_object(std::string_view json, const std::string& where) {
  try {
    JsonNode object = parse_json(json, where);
    if (object.is(JsonNode::Type::object)) return object;
  } catch (const Error&) {
    // Its message may show a part of the secret.
  }
  throw unfit(where, "gave no JSON object");
}

std::string text_of(const JsonNode& object, std::string_view name) {
  const JsonNode* value = object.find(name);
  return value != nullptr && value->is(JsonNode::Type::string) ? value->text : "";
}

}  // namespace

AwsCredentials parse_aws_keys(std::string_view json, AwsKeysFrom from, const std::string& where) {
  const JsonNode object = parse_object(json, where);
  const bool by_process = from == AwsKeysFrom::process;
  const JsonNode* version = object.find("Version");
  if (by_process && (version == nullptr || version->integer() != 1)) {
    throw unfit(where, "gave no credentials of Version 1");
  }
  AwsCredentials keys;
  keys.key_id = text_of(object, "AccessKeyId");
  keys.secret = Secret(text_of(object, "SecretAccessKey"));
  keys.session_token = Secret(text_of(object, by_process ? "SessionToken" : "Token"));
  if (keys.key_id.empty()) throw unfit(where, "gave no AccessKeyId");
  if (keys.secret.empty()) throw unfit(where, "gave no SecretAccessKey");
  const std::string expiration = text_of(object, "Expiration");
  if (!expiration.empty()) {
    keys.expires_at = parse_time(expiration);
    if (!keys.expires_at) throw unfit(where, "gave an Expiration that is no time");
  }
  return keys;
}

}  // namespace algoctl::http
