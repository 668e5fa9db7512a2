#include "core/splice.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "algoctl/error.h"
#include "base/json.h"
#include "core/manifest_text.h"
#include "core/splice_check.h"
#include "unit/core/refusal.h"
#include "unit/core/splice_cases.h"

using namespace algoctl;
using namespace algoctl::test;

namespace {

ManifestEdit version_edit(const char* version) { return {Version::parse(version), {}, {}}; }

/// Short texts for tables: `@S` is the schema's member, `@N` the name's, `@A` and `@B` are digests.
std::string full(const std::string& text) {
  std::string out = replace_all(text, "@S", R"("schema": "algoctl.manifest/v1")");
  out = replace_all(out, "@N", R"("name": "a/b")");
  out = replace_all(out, "@s", R"("schema":"algoctl.manifest/v1")");
  out = replace_all(out, "@n", R"("name":"a/b")");
  out = replace_all(out, "@A", kA);
  return replace_all(out, "@B", kB);
}

struct Case {
  const char* what;
  std::string before;
  std::string after;
};

void check_table(const std::vector<Case>& cases, const ManifestEdit& edit) {
  for (const Case& c : cases) {
    CAPTURE(c.what);
    const std::string before = full(c.before);
    const std::string after = full(c.after);
    CHECK(splice_manifest(before, edit, "f") == after);
    CHECK(splice_manifest(after, edit, "f") == after);  // again changes nothing
    // The other line end is kept, too.
    const std::string crlf = replace_all(after, "\n", "\r\n");
    CHECK(splice_manifest(replace_all(before, "\n", "\r\n"), edit, "f") == crlf);
  }
}

}  // namespace

TEST_CASE("splice: slots that go take one comma with them, and leave all else") {
  const std::string slot =
      R"({"uri": "data://acme/x/a", "sha256": ")" + std::string(64, 'a') + R"(", "size": 1})";
  const auto text = [&](const std::string& models) {
    return R"({"schema": "algoctl.manifest/v1", "name": "acme/x", "models": )" + models + "}";
  };
  struct Case {
    std::string before;
    std::vector<Slot> removed;
    std::string after;
  };
  const Slot a = Slot::parse("a");
  const Slot b = Slot::parse("b");
  const Slot c = Slot::parse("c");
  const std::string three =
      "{\n  \"a\": " + slot + ",\n  \"b\": " + slot + ",\n  \"c\": " + slot + "\n}";
  for (const Case& row : {
           Case{three, {a}, "{\n  \"b\": " + slot + ",\n  \"c\": " + slot + "\n}"},
           Case{three, {b}, "{\n  \"a\": " + slot + ",\n  \"c\": " + slot + "\n}"},
           Case{three, {c}, "{\n  \"a\": " + slot + ",\n  \"b\": " + slot + "\n}"},
           Case{three, {a, c}, "{\n  \"b\": " + slot + "\n}"},
           Case{three, {a, b, c}, "{}"},
           Case{three, {Slot::parse("other")}, three},
           Case{"{\"a\":" + slot + "}", {a}, "{}"},
       }) {
    ManifestEdit edit;
    edit.removed = row.removed;
    CHECK(splice_manifest(text(row.before), edit, "m") == text(row.after));
  }
}

TEST_CASE("splice: the version is replaced or inserted after the name, in the style of the file") {
  check_table(
      {
          {"replaced, nothing else touched",
           "{\n  @S,\n  \"version\" : \"1.0.0\" ,\n  @N, \"x\": 1.10\n}",
           "{\n  @S,\n  \"version\" : \"2.0.0\" ,\n  @N, \"x\": 1.10\n}"},
          {"equal already", "{ @S, @N, \"version\": \"2.0.0\" }",
           "{ @S, @N, \"version\": \"2.0.0\" }"},
          {"equal already, escaped", "{ @S, @N, \"version\": \"2\\u002e0.0\" }",
           "{ @S, @N, \"version\": \"2\\u002e0.0\" }"},
          {"escaped key", "{ @S, @N, \"\\u0076ersion\": \"1.0.0\" }",
           "{ @S, @N, \"\\u0076ersion\": \"2.0.0\" }"},
          {"two spaces", "{\n  @S,\n  @N,\n  \"models\": {}\n}\n",
           "{\n  @S,\n  @N,\n  \"version\": \"2.0.0\",\n  \"models\": {}\n}\n"},
          {"four spaces", "{\n    @S,\n    @N\n}",
           "{\n    @S,\n    @N,\n    \"version\": \"2.0.0\"\n}"},
          {"tabs", "{\n\t@S,\n\t@N\n}\n", "{\n\t@S,\n\t@N,\n\t\"version\": \"2.0.0\"\n}\n"},
          {"minified", "{@s,@n,\"models\":{}}", "{@s,@n,\"version\":\"2.0.0\",\"models\":{}}"},
          {"one line", "{@S, @N, \"models\": {}}",
           "{@S, @N, \"version\": \"2.0.0\", \"models\": {}}"},
          {"name first", "{\n  @N,\n  @S\n}", "{\n  @N,\n  \"version\": \"2.0.0\",\n  @S\n}"},
          {"name first on the brace's line", "{@N,\n @S}", "{@N,\n \"version\": \"2.0.0\",\n @S}"},
          {"blank lines are not copied", "{\n  @S,\n\n\n  @N,\n\n  \"models\": {}\n}",
           "{\n  @S,\n\n\n  @N,\n  \"version\": \"2.0.0\",\n\n  \"models\": {}\n}"},
          {"space before the colon", "{ \"x\" : 1, @S, @N, \"y\" : 2 }",
           "{ \"x\" : 1, @S, @N, \"version\" : \"2.0.0\", \"y\" : 2 }"},
          {"commas at the start of lines", "{ @S\n, @N\n, \"x\": 1\n}",
           "{ @S\n, @N, \"version\": \"2.0.0\"\n, \"x\": 1\n}"},
          {"a nested version is another", "{ @S, @N, \"x\": { \"version\": \"1.0.0\" } }",
           "{ @S, @N, \"version\": \"2.0.0\", \"x\": { \"version\": \"1.0.0\" } }"},
          {"white space around the text", " \n{ @S, @N }\n\n ",
           " \n{ @S, @N, \"version\": \"2.0.0\" }\n\n "},
      },
      version_edit("2.0.0"));
}

TEST_CASE("splice: of a slot exactly the values that differ are replaced") {
  const std::string done = "\"uri\": \"data://a/b/new.pkl\", \"sha256\": \"@B\", \"size\": 7";
  check_table(
      {
          {"all three",
           "{ @S, @N, \"models\": { \"m\": { \"uri\": \"\", \"sha256\": \"@A\", \"size\": 1 } } }",
           "{ @S, @N, \"models\": { \"m\": { " + done + " } } }"},
          {"none", "{ @S, @N, \"models\": { \"m\": {" + done + "} } }",
           "{ @S, @N, \"models\": { \"m\": {" + done + "} } }"},
          {"equal in other spelling",
           "{@s,@n,\"models\":{\"m\":{\"uri\":\"data:\\/\\/a\\/b\\/"
           "new.pkl\",\"sha256\":\"@B\",\"size\":7.0}}}",
           "{@s,@n,\"models\":{\"m\":{\"uri\":\"data:\\/\\/a\\/b\\/"
           "new.pkl\",\"sha256\":\"@B\",\"size\":7.0}}}"},
          {"other order, other fields, other slots",
           "{ @S, @N, \"models\": { \"x\": {\"a\":1.0}, \"m\": {\"size\":1e0, \"note\": [ ], "
           "\"sha256\":\"@B\",\n"
           "\"uri\":null}, \"y\": {\"uri\": \"u\"} } }",
           "{ @S, @N, \"models\": { \"x\": {\"a\":1.0}, \"m\": {\"size\":7, \"note\": [ ], "
           "\"sha256\":\"@B\",\n"
           "\"uri\":\"data://a/b/new.pkl\"}, \"y\": {\"uri\": \"u\"} } }"},
          {"wrong types are replaced whole",
           "{ @S, @N, \"models\": { \"m\": { \"uri\": [1, {}], \"sha256\": {\"a\": \"}\"}, "
           "\"size\": \"7\" } } }",
           "{ @S, @N, \"models\": { \"m\": { " + done + " } } }"},
          {"escaped keys",
           "{ @S, @N, \"\\u006dodels\": { \"\\u006d\": { \"ur\\u0069\": \"\", \"sha256\": \"@B\", "
           "\"size\": 7 } } }",
           "{ @S, @N, \"\\u006dodels\": { \"\\u006d\": { \"ur\\u0069\": \"data://a/b/new.pkl\", "
           "\"sha256\": \"@B\", \"size\": 7 } } }"},
      },
      {std::nullopt, {new_model("m")}});
}

TEST_CASE("splice: what a slot lacks is written after what it has") {
  const std::string done = "\"uri\": \"data://a/b/new.pkl\", \"sha256\": \"@B\", \"size\": 7";
  check_table(
      {
          {"empty, one line", "{\n  @S,\n  @N,\n  \"models\": {\n    \"m\": {}\n  }\n}\n",
           "{\n  @S,\n  @N,\n  \"models\": {\n    \"m\": { " + done + " }\n  }\n}\n"},
          {"empty over lines", "{\n  @S,\n  @N,\n  \"models\": {\n    \"m\": {\n    }\n  }\n}\n",
           "{\n  @S,\n  @N,\n  \"models\": {\n    \"m\": { " + done + " }\n  }\n}\n"},
          {"empty, minified", "{@s,@n,\"models\":{\"m\":{}}}",
           "{@s,@n,\"models\":{\"m\":{\"uri\":\"data://a/b/"
           "new.pkl\",\"sha256\":\"@B\",\"size\":7}}}"},
          {"empty, beside one over lines",
           "{\n\t@S,\n\t@N,\n\t\"models\": {\n\t\t\"x\": {\n\t\t\t\"uri\": 1,\n\t\t\t\"size\": "
           "2\n\t\t},\n\t\t\"m\": {}\n\t}\n}",
           "{\n\t@S,\n\t@N,\n\t\"models\": {\n\t\t\"x\": {\n\t\t\t\"uri\": 1,\n\t\t\t\"size\": "
           "2\n\t\t},\n\t\t\"m\": {\n"
           "\t\t\t\"uri\": \"data://a/b/new.pkl\",\n\t\t\t\"sha256\": \"@B\",\n\t\t\t\"size\": "
           "7\n\t\t}\n\t}\n}"},
          {"only a note", "{ @S, @N, \"models\": { \"m\": {\"note\": 1} } }",
           "{ @S, @N, \"models\": { \"m\": {\"note\": 1, " + done + "} } }"},
          {"only a note, over lines", "{ @S, @N, \"models\": { \"m\": {\n  \"note\": 1\n} } }",
           "{ @S, @N, \"models\": { \"m\": {\n  \"note\": 1,\n  \"uri\": \"data://a/b/new.pkl\",\n "
           " \"sha256\": \"@B\",\n  \"size\": 7\n} } }"},
          {"a field with an empty name", "{ @S, @N, \"models\": { \"m\": { \"\": 1, \"x\": 2 } } }",
           "{ @S, @N, \"models\": { \"m\": { \"\": 1, \"x\": 2, " + done + " } } }"},
          {"one replaced, one missing, in the last value",
           "{ @S, @N, \"models\": { \"m\": { \"sha256\": \"@B\", \"uri\": \"old\" } } }",
           "{ @S, @N, \"models\": { \"m\": { \"sha256\": \"@B\", \"uri\": \"data://a/b/new.pkl\", "
           "\"size\": 7 } } }"},
      },
      {std::nullopt, {new_model("m")}});
}

TEST_CASE("splice: a new slot comes after the last one, in the style of its siblings") {
  const std::string done = "\"uri\": \"data://a/b/new.pkl\", \"sha256\": \"@B\", \"size\": 7";
  const std::string tight = "\"uri\":\"data://a/b/new.pkl\",\"sha256\":\"@B\",\"size\":7";
  check_table(
      {
          {"models empty", "{\n  @S,\n  @N,\n  \"models\": {}\n}\n",
           "{\n  @S,\n  @N,\n  \"models\": {\n    \"m\": { " + done + " }\n  }\n}\n"},
          {"models empty over lines", "{\n  @S,\n  @N,\n  \"models\": {\n\n  },\n  \"z\": 0\n}",
           "{\n  @S,\n  @N,\n  \"models\": {\n    \"m\": { " + done + " }\n  },\n  \"z\": 0\n}"},
          {"models empty, tabs", "{\n\t@S,\n\t@N,\n\t\"models\": {}\n}\n",
           "{\n\t@S,\n\t@N,\n\t\"models\": {\n\t\t\"m\": { " + done + " }\n\t}\n}\n"},
          {"models empty, the whole indented", "  {\n    @S,\n    @N,\n    \"models\": {}\n  }",
           "  {\n    @S,\n    @N,\n    \"models\": {\n      \"m\": { " + done + " }\n    }\n  }"},
          {"models empty, minified", "{@s,@n,\"models\":{}}",
           "{@s,@n,\"models\":{\"m\":{" + tight + "}}}"},
          {"models empty, one line", "{ @S, @N, \"models\": {} }",
           "{ @S, @N, \"models\": { \"m\": { " + done + " } } }"},
          {"models missing", "{\n  @S,\n  @N\n}\n",
           "{\n  @S,\n  @N,\n  \"models\": {\n    \"m\": { " + done + " }\n  }\n}\n"},
          {"models missing, minified", "{@s,@n}", "{@s,@n,\"models\":{\"m\":{" + tight + "}}}"},
          {"models missing, after an object", "{\n  @S,\n  @N,\n  \"x\": {\n    \"y\": 1\n  }\n}",
           "{\n  @S,\n  @N,\n  \"x\": {\n    \"y\": 1\n  },\n  \"models\": {\n    \"m\": { " +
               done + " }\n  }\n}"},
          {"one-line sibling",
           "{\n  @S,\n  @N,\n  \"models\": {\n    \"x\": {\"uri\": \"u\", \"size\": 1}\n  }\n}\n",
           "{\n  @S,\n  @N,\n  \"models\": {\n    \"x\": {\"uri\": \"u\", \"size\": 1},\n    "
           "\"m\": {" +
               done + "}\n  }\n}\n"},
          {"sibling over lines",
           "{\n  @S,\n  @N,\n  \"models\": {\n    \"x\": {\n      \"uri\": \"u\",\n      \"size\": "
           "1\n    }\n  }\n}\n",
           "{\n  @S,\n  @N,\n  \"models\": {\n    \"x\": {\n      \"uri\": \"u\",\n      \"size\": "
           "1\n    },\n    \"m\": {\n"
           "      \"uri\": \"data://a/b/new.pkl\",\n      \"sha256\": \"@B\",\n      \"size\": 7\n "
           "   }\n  }\n}\n"},
          {"minified siblings", "{@s,@n,\"models\":{\"x\":{\"a\":1},\"y\":{\"a\":1}}}",
           "{@s,@n,\"models\":{\"x\":{\"a\":1},\"y\":{\"a\":1},\"m\":{" + tight + "}}}"},
          {"siblings on one line", "{@S, @N, \"models\": {\"x\": {\"a\": 1}}}",
           "{@S, @N, \"models\": {\"x\": {\"a\": 1}, \"m\": {" + done + "}}}"},
          {"empty sibling", "{\n @S,\n @N,\n \"models\": {\n  \"x\": {}\n }\n}",
           "{\n @S,\n @N,\n \"models\": {\n  \"x\": {},\n  \"m\": { " + done + " }\n }\n}"},
      },
      {std::nullopt, {new_model("m")}});
}

TEST_CASE("splice: version and several slots in one go") {
  const ManifestEdit edit{Version::parse("1.0.0"),
                          {new_model("p"), new_model("x", "x.bin", kA, 0), new_model("q/r")}};
  const std::string p = "\"uri\": \"data://a/b/new.pkl\", \"sha256\": \"@B\", \"size\": 7";
  const std::string x = "\"uri\": \"data://a/b/x.bin\", \"sha256\": \"@A\", \"size\": 0";
  check_table(
      {
          {"x is there", "{\n  @S,\n  @N,\n  \"models\": {\n    \"x\": { \"size\": 5 }\n  }\n}\n",
           "{\n  @S,\n  @N,\n  \"version\": \"1.0.0\",\n  \"models\": {\n    \"x\": { \"size\": 0, "
           "\"uri\": \"data://a/b/x.bin\", \"sha256\": \"@A\" },\n    \"p\": { " +
               p + " },\n    \"q/r\": { " + p + " }\n  }\n}\n"},
          {"models missing, the name last", "{ @S, @N }",
           "{ @S, @N, \"version\": \"1.0.0\", \"models\": { \"p\": { " + p + " }, \"x\": { " + x +
               " }, \"q/r\": { " + p + " } } }"},
      },
      edit);
}

TEST_CASE("splice: without a change the bytes stay, whatever they look like") {
  for (const std::string text : {
           "{@s,@n}",
           " {\r\n@s ,\t@n , \"x\" : [ 1.10 , 1e5,\"\\u00e9\" ],\"models\" : { } }\r\n\r\n",
           "{@s,@n,\"models\":{\"m\":{}}}",
       }) {
    CHECK(splice_manifest(full(text), {}, "f") == full(text));
  }
}

TEST_CASE("splice: a text that is no working manifest is refused, before and after") {
  const ManifestEdit edit{std::nullopt, {new_model("m")}};
  const auto message = [&](const std::string& text) {
    const Refusal got = refusal([&] { (void)splice_manifest(full(text), edit, "f"); });
    CHECK(got.code == Code::usage);
    return got.message;
  };
  CHECK(message("{") == "f:1:2: unexpected end of the text, expected a string as key");
  CHECK(message("{}") == "f:1:1: 'schema' is missing");
  CHECK(message("{@s,@n,\"models\":[]}") == "f:1:55: 'models' must be an object, not an array");
  CHECK(message("{@s,@n,\"models\":{\"m\":\"x\"}}") ==
        "f:1:60: slot 'm' must be an object, not a string");
  CHECK(message("{@s,@n,\"models\":{\"x\":null}}") ==
        "f:1:60: slot 'x' must be an object, not null");
  CHECK(message("{@s,@n,\"models\":{},\"models\":{}}") == "f:1:58: duplicate key 'models'");
  CHECK(message("{@s,@n,\"models\":{\"M\":{}}}") ==
        "f:1:63: slots 'M' and 'm' share the environment variable ALGOCTL_MODEL_M");
  const std::string filler(4194304 - full("{@s,@n,\"x\":\"\"}").size(), 'x');
  CHECK(message("{@s,@n,\"x\":\"" + filler + "\"}") == "f:1:1: more than 4194304 bytes");
}

TEST_CASE("splice: an edit that names a slot twice is caught by the check, not written") {
  for (const char* models : {"{\"m\":{\"size\":1}}", "{}"}) {
    CAPTURE(models);
    const ManifestEdit edit{std::nullopt, {new_model("m", "x", kA, 2), new_model("m", "y", kB, 3)}};
    const Refusal got = refusal([&] {
      (void)splice_manifest(full("{@s,@n,\"models\":" + std::string(models) + "}"), edit, "f");
    });
    CHECK(got.code == Code::internal);
  }
}

TEST_CASE("splice check: any difference that was not planned is a defect") {
  const std::string before = full(R"({@s,@n,"x":[1.10,"a"],"models":{"m":{"uri":"u"}}})");
  const ManifestEdit edit{Version::parse("1.0.0"), {new_model("m")}};
  const std::string after = splice_manifest(before, edit, "f");
  const JsonNode old = parse_json(before, "f");
  CHECK_NOTHROW(check_splice(old, after, edit, "f"));

  const std::string message =
      "f: the new text of the manifest differs from the old one in more than was planned; nothing "
      "was written";
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"1.10", "1.1"},
           {"\"a\"", "\"b\""},
           {"\"x\"", "\"y\""},
           {"1.0.0", "1.0.1"},
           {",\"a\"", ""},
           {"new.pkl", "old.pkl"},
           {kB, kA},
           {"\"size\":7", "\"size\":8"},
           {"\"size\":7", "\"size\":7,\"more\":0"},
           {"[1.10,\"a\"]", "[\"a\",1.10]"},
           {"a/b\"", "a/c\""},
           {"\"version\":\"1.0.0\",", ""},
       }) {
    CAPTURE(from);
    const std::string wrong = replace_all(after, from, to);
    REQUIRE(wrong != after);
    const Refusal got = refusal([&] { check_splice(old, wrong, edit, "f"); });
    CHECK(got.code == Code::internal);
    CHECK(got.message == message);
  }
  CHECK(refusal([&] { check_splice(old, before, edit, "f"); }).message == message);
  CHECK(refusal([&] { check_splice(old, after, version_edit("1.0.0"), "f"); }).message == message);
  const Refusal broken = refusal([&] { check_splice(old, "{", edit, "f"); });
  CHECK(broken.code == Code::internal);
  CHECK(broken.message ==
        "f: the new text of the manifest is malformed (f:1:2: unexpected end of the text, expected "
        "a string as key); nothing was written");
}
