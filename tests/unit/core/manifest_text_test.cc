#include "core/manifest_text.h"

#include <doctest/doctest.h>

#include <string>

#include "algoctl/error.h"
#include "unit/core/manifest_cases.h"

using namespace algoctl;
using namespace algoctl::test;

TEST_CASE("outline: slots may be unfinished, and models missing") {
  auto outline = outline_manifest(
      R"({"schema":"algoctl.manifest/v1","name":"a/b","version":"1.0.0",
          "models":{"model":{},"t":{"uri":"TODO"}}})",
      "f");
  CHECK(outline.name.str() == "a/b");
  CHECK(outline.version->str() == "1.0.0");
  REQUIRE(outline.slots.size() == 2);
  CHECK(outline.slots[0].str() == "model");
  CHECK(outline.slots[1].str() == "t");
  outline = outline_manifest(R"({"schema":"algoctl.manifest/v1","name":"a/b"})", "f");
  CHECK(outline.slots.empty());
  CHECK_FALSE(outline.version);
}

TEST_CASE("outline: what is not there to be filled in is refused as ever") {
  const auto message = [](const std::string& text) {
    return refusal([&] { (void)outline_manifest(text, "f"); }).message;
  };
  CHECK(message("{}") == "f:1:1: 'schema' is missing");
  CHECK(message(with_models("\"m\":[]")) == "f:2:5: slot 'm' must be an object, not an array");
  CHECK(message(with_models("\"a.b\":{},\"a/b\":{}")) ==
        "f:2:10: slots 'a.b' and 'a/b' share the environment variable ALGOCTL_MODEL_A_B");
}

TEST_CASE("essence: what does not count for equality") {
  const std::string base =
      R"({"schema":"s","name":"n","version":"1.0.0","models":{"m":{"uri":"u","size":1}},"x":[1.10]})";
  const std::string essence = manifest_essence(base, "f");
  CHECK(essence == R"({"models":{"m":{"size":1}},"name":"n","schema":"s","x":[1.10]})");
  for (
      const char* same : {
          R"({"schema":"s","name":"n","version":"2.0.0","models":{"m":{"uri":"u","size":1}},"x":[1.10]})",
          R"({"schema":"s","name":"n","models":{"m":{"uri":"other","size":1}},"x":[1.10]})",
          R"({"x":[ 1.10 ],"models":{"m":{"size":1}},"name":"n","schema":"s"})",
          "{\r\n\t\"schema\": \"\\u0073\", \"name\": \"n\", \"m\\u006fdels\": "
          "{\"m\":{\"size\":1,\"uri\":[]}}, \"x\": [1.10], \"version\": {}}\n",
      }) {
    CAPTURE(same);
    CHECK(manifest_essence(same, "f") == essence);
  }
}

TEST_CASE("essence: everything else counts") {
  const std::string essence = manifest_essence(
      R"({"schema":"s","name":"n","models":{"m":{"uri":"u","size":1}},"x":[1.10,2]})", "f");
  for (
      const char* other : {
          R"({"schema":"s","name":"o","models":{"m":{"uri":"u","size":1}},"x":[1.10,2]})",
          R"({"schema":"s","name":"n","models":{"m":{"uri":"u","size":2}},"x":[1.10,2]})",
          R"({"schema":"s","name":"n","models":{"m":{"uri":"u","size":1.0}},"x":[1.10,2]})",
          R"({"schema":"s","name":"n","models":{"m":{"uri":"u","size":"1"}},"x":[1.10,2]})",
          R"({"schema":"s","name":"n","models":{"o":{"uri":"u","size":1}},"x":[1.10,2]})",
          R"({"schema":"s","name":"n","models":{"m":{"uri":"u","size":1,"version":1}},"x":[1.10,2]})",
          R"({"schema":"s","name":"n","models":{"m":{"uri":"u","size":1},"version":{}},"x":[1.10,2]})",
          R"({"schema":"s","name":"n","models":{"m":{"uri":"u","size":1}},"x":[1.1,2]})",
          R"({"schema":"s","name":"n","models":{"m":{"uri":"u","size":1}},"x":[2,1.10]})",
          R"({"schema":"s","name":"n","models":{"m":{"uri":"u","size":1}},"x":[1.10,2],"uri":"u"})",
          R"({"schema":"s","name":"n","models":{"m":{"uri":"u","size":1,"y":{"uri":1}}},"x":[1.10,2]})",
          R"({"schema":"s","name":"n","models":{"m":{"uri":"u","size":1}},"x":[1.10,2],"y":null})",
      }) {
    CAPTURE(other);
    CHECK(manifest_essence(other, "f") != essence);
  }
  CHECK(manifest_essence("{\"a\":{\"version\":1}}", "f") == "{\"a\":{\"version\":1}}");
  CHECK(manifest_essence("{\"a\":true,\"b\":null,\"c\":\"true\"}", "f") ==
        "{\"a\":true,\"b\":null,\"c\":\"true\"}");
  CHECK(refusal([] { (void)manifest_essence("{", "f"); }).message ==
        "f:1:2: unexpected end of the text, expected a string as key");
}

TEST_CASE("new manifest: written as init shows it to people") {
  const auto name = Algorithm::parse("acme/sentiment");
  CHECK(new_manifest(name, {}, std::nullopt) ==
        "{\n"
        "  \"schema\": \"algoctl.manifest/v1\",\n"
        "  \"name\": \"acme/sentiment\",\n"
        "  \"models\": {}\n"
        "}\n");
  CHECK(new_manifest(name, {model("model", "m.pkl", kA, 5), model("b", "d/b.bin", kB, 0)},
                     Version::parse("1.3.0")) ==
        "{\n"
        "  \"schema\": \"algoctl.manifest/v1\",\n"
        "  \"name\": \"acme/sentiment\",\n"
        "  \"version\": \"1.3.0\",\n"
        "  \"models\": {\n"
        "    \"model\": { \"uri\": \"data://acme/sentiment/m.pkl\", \"sha256\": \"" +
            kA +
            "\", \"size\": 5 },\n"
            "    \"b\": { \"uri\": \"data://acme/sentiment/d/b.bin\", \"sha256\": \"" +
            kB +
            "\", \"size\": 0 }\n"
            "  }\n"
            "}\n");
}

TEST_CASE("new manifest: what is written is read back") {
  const auto text = new_manifest(Algorithm::parse("a/b"), {model("model", "m.pkl", kA, 5)},
                                 Version::parse("2.0.0-rc.1"));
  const Manifest manifest = Manifest::parse(text, "f");
  CHECK(manifest.name.str() == "a/b");
  CHECK(manifest.version->str() == "2.0.0-rc.1");
  CHECK(manifest.models.at(0).sha256.hex() == kA);
}
