#include "algoctl/manifest.h"

#include <doctest/doctest.h>

#include <string>

#include "core/manifest_text.h"
#include "unit/core/manifest_cases.h"

using namespace algoctl;
using namespace algoctl::test;

TEST_CASE("manifest: the text of the design page is read") {
  const std::string text =
      "{\n"
      "  \"schema\": \"algoctl.manifest/v1\",\n"
      "  \"name\": \"acme/sentiment\",\n"
      "  \"version\": \"1.3.0\",\n"
      "  \"description\": \"…\",\n"
      "  \"models\": {\n"
      "    \"model\": { \"uri\": \"data://acme/sentiment/mymodel-201902.pkl\", \"sha256\": \"" +
      kA + "\", \"size\": 123456 },\n" +
      "    \"tokenizer/vocab\": { \"size\": 0, \"uri\": \"data://other/words/v.json\", "
      "\"sha256\": \"" +
      kB + "\", \"note\": [1, 2] }\n" +
      "  }\n"
      "}\n";
  const Manifest manifest = Manifest::parse(text, "algorithm.json");
  CHECK(manifest.name.str() == "acme/sentiment");
  CHECK(manifest.version->str() == "1.3.0");
  REQUIRE(manifest.models.size() == 2);
  const ModelFile& first = manifest.models[0];
  CHECK(first.slot.str() == "model");
  CHECK(first.algorithm.str() == "acme/sentiment");
  CHECK(first.label.str() == "mymodel-201902.pkl");
  CHECK(first.sha256.hex() == kA);
  CHECK(first.size == 123456);
  CHECK(first.uri() == "data://acme/sentiment/mymodel-201902.pkl");
  CHECK(manifest.models[1].uri() == "data://other/words/v.json");
  CHECK(manifest.models[1].size == 0);
  CHECK(manifest.find(Slot::parse("model")) == &manifest.models[0]);
  CHECK(manifest.find(Slot::parse("tokenizer/vocab")) == &manifest.models[1]);
  CHECK(manifest.find(Slot::parse("none")) == nullptr);
}

TEST_CASE("manifest: version may be absent, models may be empty, keys may be escaped") {
  const Manifest manifest = Manifest::parse(
      R"({"\u0073chema":"algoctl.manifest\/v1","name":"acme\/x","\u006dodels":{}})", "f");
  CHECK(manifest.name.str() == "acme/x");
  CHECK_FALSE(manifest.version);
  CHECK(manifest.models.empty());
}

TEST_CASE("manifest: what is wrong at the top is named with its place and remedy") {
  struct Case {
    const char* text;
    const char* message;
    const char* hint;
  };
  for (const auto& c : {
           Case{"[]", "algorithm.json:1:1: the text must be an object, not an array", ""},
           Case{"", "algorithm.json:1:1: unexpected end of the text, expected a value", ""},
           Case{"{}", "algorithm.json:1:1: 'schema' is missing",
                "write \"schema\": \"algoctl.manifest/v1\""},
           Case{R"({"schema":1})", "algorithm.json:1:11: 'schema' must be a string, not a number",
                "write \"schema\": \"algoctl.manifest/v1\""},
           Case{R"({"schema":"other"})", "algorithm.json:1:11: unknown schema 'other'",
                "write \"schema\": \"algoctl.manifest/v1\""},
           Case{R"({"schema":"algoctl.manifest/v0"})",
                "algorithm.json:1:11: unknown schema 'algoctl.manifest/v0'",
                "write \"schema\": \"algoctl.manifest/v1\""},
           Case{R"({"schema":"algoctl.manifest/v"})",
                "algorithm.json:1:11: unknown schema 'algoctl.manifest/v'",
                "write \"schema\": \"algoctl.manifest/v1\""},
           Case{R"({"schema":"algoctl.manifest/v1x"})",
                "algorithm.json:1:11: unknown schema 'algoctl.manifest/v1x'",
                "write \"schema\": \"algoctl.manifest/v1\""},
           Case{R"({"schema":"algoctl.lock/v1"})",
                "algorithm.json:1:11: unknown schema 'algoctl.lock/v1'",
                "write \"schema\": \"algoctl.manifest/v1\""},
           Case{"{\n  \"schema\": \"algoctl.manifest/v2\"}",
                "algorithm.json:2:13: schema 'algoctl.manifest/v2' is newer than this program",
                "install a newer algoctl"},
           Case{R"({"schema":"algoctl.manifest/v10"})",
                "algorithm.json:1:11: schema 'algoctl.manifest/v10' is newer than this program",
                "install a newer algoctl"},
           Case{R"({"schema":"algoctl.manifest/v1"})", "algorithm.json:1:1: 'name' is missing",
                "write \"name\": \"OWNER/NAME\""},
           Case{R"({"schema":"algoctl.manifest/v1","name":null})",
                "algorithm.json:1:40: 'name' must be a string, not null",
                "write \"name\": \"OWNER/NAME\""},
           Case{R"({"schema":"algoctl.manifest/v1","name":"a/b"})",
                "algorithm.json:1:1: 'models' is missing", "algoctl upload FILE adds it"},
           Case{R"({"schema":"algoctl.manifest/v1","name":"a/b","models":[]})",
                "algorithm.json:1:55: 'models' must be an object, not an array",
                "write \"models\": {}, algoctl upload fills it in"},
           Case{R"({"schema":"algoctl.manifest/v1","name":"a/b","version":1.2})",
                "algorithm.json:1:56: 'version' must be a string, not a number",
                "take the field out: algoctl publish writes it"},
           Case{R"({"schema":"algoctl.manifest/v1","name":"a/b","name":"a/b"})",
                "algorithm.json:1:46: duplicate key 'name'", ""},
       }) {
    CAPTURE(c.text);
    const Refusal got = manifest_refusal(c.text);
    CHECK(got.code == Code::usage);
    CHECK(got.message == c.message);
    CHECK(got.hint == c.hint);
  }
}

TEST_CASE("manifest: a malformed name or version keeps its own message behind the place") {
  const auto message_of = [](auto run) { return refusal(run).message; };
  CHECK(manifest_refusal(R"({"schema":"algoctl.manifest/v1","name":"Acme"})").message ==
        "algorithm.json:1:40: " + message_of([] { (void)Algorithm::parse("Acme"); }));
  CHECK(manifest_refusal(R"({"schema":"algoctl.manifest/v1","name":"a/b","version":"201902"})")
            .message ==
        "algorithm.json:1:56: " + message_of([] { (void)Version::parse("201902"); }));
  CHECK(manifest_refusal(with_models("\"../x\":{}")).message ==
        "algorithm.json:2:1: " + message_of([] { (void)Slot::parse("../x"); }));
  CHECK(manifest_refusal(with_models(slot_text("m", "../../etc", kA))).message ==
        "algorithm.json:2:12: slot 'm': " + message_of([] { (void)Label::parse("../../etc"); }));
  CHECK(manifest_refusal(with_models(slot_text("m", "x", "ABC"))).message ==
        "algorithm.json:2:47: slot 'm': " + message_of([] { (void)Digest::parse("ABC"); }));
}

TEST_CASE("manifest: an incomplete slot is named with its field and the command that fills it in") {
  struct Case {
    const char* slot;
    const char* message;
  };
  for (const auto& c : {
           Case{R"("m":{})", "algorithm.json:2:5: slot 'm': 'uri' is missing"},
           Case{R"("m":{"uri":"data://a/b/c"})",
                "algorithm.json:2:5: slot 'm': 'sha256' is missing"},
           Case{R"("m":{"uri":"data://a/b/c","sha256":""})",
                "algorithm.json:2:5: slot 'm': 'size' is missing"},
           Case{R"("m":{"uri":5})",
                "algorithm.json:2:12: slot 'm': 'uri' must be a string, not a number"},
           Case{R"("m":{"uri":"","sha256":null})",
                "algorithm.json:2:24: slot 'm': 'sha256' must be a string, not null"},
           Case{R"("m":{"uri":"","sha256":"","size":"5"})",
                "algorithm.json:2:34: slot 'm': 'size' must be a number, not a string"},
           Case{R"("m":{"uri":"acme/x@1.0.0","sha256":"","size":5})",
                "algorithm.json:2:12: slot 'm': 'uri' must be data://OWNER/NAME/LABEL, not "
                "'acme/x@1.0.0'"},
           Case{R"("m":{"uri":"s3://bucket/key","sha256":"","size":5})",
                "algorithm.json:2:12: slot 'm': 'uri' must be data://OWNER/NAME/LABEL, not "
                "'s3://bucket/key'"},
       }) {
    CAPTURE(c.slot);
    const Refusal got = manifest_refusal(with_models(c.slot));
    CHECK(got.code == Code::usage);
    CHECK(got.message == c.message);
    CHECK(got.hint == "algoctl upload m=FILE fills it in");
  }
}

TEST_CASE("manifest: a size is a whole number of bytes") {
  for (const std::string size : {"-1", "1.5", "9223372036854775808", "1e300", "-0.5"}) {
    CAPTURE(size);
    const Refusal got = manifest_refusal(with_models(slot_text("m", "x", kA, size)));
    CHECK(got.code == Code::usage);
    CHECK(got.message ==
          "algorithm.json:2:121: slot 'm': 'size' must be a whole number of bytes, "
          "not '" +
              size + "'");
  }
  for (const std::string size : {"0", "9223372036854775807", "1e3", "7.0"}) {
    CAPTURE(size);
    CHECK(manifest_refusal(with_models(slot_text("m", "x", kA, size))).message == "accepted");
  }
}

TEST_CASE("manifest: a digest is written as its 64 digits alone") {
  const Refusal got = manifest_refusal(with_models(slot_text("m", "x", "sha256:" + kA)));
  CHECK(got.message == "algorithm.json:2:47: slot 'm': 'sha256' must be the 64 digits alone");
  CHECK(got.hint == "take off the prefix sha256:");
}

TEST_CASE("manifest: a slot is an object, and no two slots have one environment variable") {
  Refusal got = manifest_refusal(with_models("\"m\": 5"));
  CHECK(got.message == "algorithm.json:2:6: slot 'm' must be an object, not a number");
  got =
      manifest_refusal(with_models(slot_text("a-b", "x", kA) + ",\n " + slot_text("a_b", "y", kB)));
  CHECK(got.code == Code::usage);
  CHECK(got.message ==
        "algorithm.json:3:2: slots 'a-b' and 'a_b' share the environment variable "
        "ALGOCTL_MODEL_A_B");
  CHECK(got.hint == "rename one of them");
}

TEST_CASE("manifest: two slots may share a label only with the same bytes") {
  CHECK(manifest_refusal(with_models(slot_text("a", "x", kA) + "," + slot_text("b", "x", kA)))
            .message == "accepted");
  // Whosever the labels are: both files would have one place in a folder.
  CHECK(manifest_refusal(
            with_models(slot_text("a", "x", kA) + "," + slot_text("b", "x", kB, "1", "acme/other")))
            .code == Code::conflict);

  Refusal got =
      manifest_refusal(with_models(slot_text("a", "x", kA) + ",\n" + slot_text("b", "x", kB, "2")));
  CHECK(got.code == Code::conflict);
  CHECK(got.message ==
        "algorithm.json:3:5: label 'x' stands for different bytes\n"
        "  sha256:" +
            kA + ", size 1: slot 'a'\n  sha256:" + kB + ", size 2: slot 'b'");
  CHECK(got.hint == "upload one of the two under a label of its own");

  got = manifest_refusal(with_models(slot_text("a", "x", kA) + "," + slot_text("b", "x", kA, "2")));
  CHECK(got.code == Code::conflict);
}

TEST_CASE("manifest: no label is the folder of another") {
  struct Case {
    const char* first;
    const char* second;
    const char* file;  ///< nullptr: accepted
  };
  for (const auto& c : {
           Case{"a", "a/b", "a"},
           Case{"a/b", "a", "a"},
           Case{"a/b", "a/b/c/d", "a/b"},
           Case{"a/b/c/d", "a/b", "a/b"},
           Case{"a", "ab", nullptr},
           Case{"a", "a.b", nullptr},
           Case{"a", "a-b/c", nullptr},
           Case{"a/b", "a/c", nullptr},
           Case{"ab/c", "a", nullptr},
           Case{"a/bc", "a/b", nullptr},
       }) {
    CAPTURE(c.first);
    CAPTURE(c.second);
    const Refusal got = manifest_refusal(
        with_models(slot_text("s1", c.first, kA) + ",\n" + slot_text("s2", c.second, kB)));
    if (!c.file) {
      CHECK(got.message == "accepted");
      continue;
    }
    const bool first_is_file = std::string(c.first) == c.file;
    CHECK(got.code == Code::conflict);
    CHECK(got.message == std::string("algorithm.json:3:6: label '") + c.file + "' of slot '" +
                             (first_is_file ? "s1" : "s2") + "' is a folder of label '" +
                             (first_is_file ? c.second : c.first) + "' of slot '" +
                             (first_is_file ? "s2" : "s1") + "'");
  }
}

TEST_CASE("manifest: among others too, a folder is found whatever sorts in between") {
  const auto manifest =
      with_models(slot_text("s1", "a", kA) + "," + slot_text("s2", "a-1", kA) + "," +
                  slot_text("s3", "a.txt", kA) + ",\n" + slot_text("s4", "a/z", kA));
  CHECK(manifest_refusal(manifest).message ==
        "algorithm.json:3:6: label 'a' of slot 's1' is a folder of label 'a/z' of slot 's4'");
}

TEST_CASE("manifest: a large manifest is read in no time") {
  std::string models;
  for (int i = 0; i < 15000; ++i) {
    models += (i ? ",\n" : "");
    models += slot_text("s" + std::to_string(i), "d/" + std::to_string(i), kA);
  }
  CHECK(Manifest::parse(with_models(models), "f").models.size() == 15000);
}
