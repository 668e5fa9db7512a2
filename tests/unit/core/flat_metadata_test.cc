#include "core/flat_metadata.h"

#include <doctest/doctest.h>

#include "unit/core/failure.h"

namespace algoctl {
namespace {

std::string flat(const std::string& json) {
  const JsonNode root = parse_json(json, "text");
  FlatMetadata metadata;
  metadata.add_members("m", root);
  std::string out;
  for (const auto& [key, value] : metadata.values()) out += key + "=" + value + ";";
  return out;
}

}  // namespace

TEST_CASE("FlatMetadata: nested keys are joined by dots, scalars are as they read") {
  CHECK(flat(R"({"a": "x", "b": {"c": 1.10, "d": {"e": true}}, "f": [2, {"g": "h"}]})") ==
        "m.a=x;m.b.c=1.10;m.b.d.e=true;m.f.0=2;m.f.1.g=h;");
  CHECK(flat(R"({"a": null, "b": {}, "c": [], "d": [null], "": ""})") == "m.=;m.b={};m.c=[];");
  CHECK(flat("{}") == "");
}

TEST_CASE("FlatMetadata: two values under one key, NUL, and too many are refused") {
  const auto refusal = [](const std::string& json) { return test::failure([&] { flat(json); }); };
  CHECK(refusal(R"({"a": {"b": 1}, "a.b": 2})") ==
        "usage: metadata 'm.a.b' comes twice | nested keys are joined by dots: rename one of the "
        "two");
  CHECK(refusal(R"({"a": "x\u0000"})") == "usage: metadata 'm.a' has a NUL character");
  CHECK(refusal(R"({"a\u0000": 1})") == "usage: metadata 'm.a\\x00' has a NUL character");
  const auto many = [](int count) {
    std::string json = "{\"k0\": null";
    for (int i = 1; i < count; ++i)
      json += ", \"k" + std::to_string(i) + "\": " + std::to_string(i);
    return json + "}";
  };
  CHECK(refusal(many(1000)) == "nothing");
  CHECK(refusal(many(1001)) == "usage: more than 1000 metadata values");
}

}  // namespace algoctl
