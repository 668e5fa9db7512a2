#include "core/older_manifest.h"

#include <doctest/doctest.h>

#include "base/hash.h"
#include "base/text.h"
#include "core/python_repr.h"
#include "unit/core/failure.h"

namespace algoctl {
namespace {

constexpr const char* kModel =
    R"({"name": "model", "source_uri": "data://a/b/model.pkl", "fail_on_tamper": true,)"
    R"( "metadata": {"acc": 0.93, "data": {"rows": 10}}})";

std::string manifest(const std::string& required, const std::string& optional = "",
                     const std::string& more = "") {
  return R"({"required_files": [)" + required + R"(], "optional_files": [)" + optional + "]" +
         more + "}";
}

/// What freezing made of a manifest's text: two members more, as its own Python wrote them.
std::string frozen(const std::string& text) {
  const std::string open = text.substr(0, text.size() - 1) + R"(, "timestamp": "1551312000.5")";
  Md5 md5;
  md5.update(python_repr(parse_json(open + "}", "text")));
  return open + R"(, "lock_checksum": ")" + md5.finish() + "\"}";
}

std::string with_md5(std::string file, const std::string& md5) {
  file.pop_back();
  return file + R"(, "md5_checksum": ")" + md5 + "\"}";
}

const std::string kMd5 = "900150983cd24fb0d6963f7d28e17f72";

std::string older_failure(const std::string& text) {
  return test::failure([&] { read_older_manifest(JsonFields(text, "m.json")); });
}

std::string disagreement(const std::string& there, const std::string& freeze) {
  return test::failure([&] {
    require_frozen_from(JsonFields(there, "m.json"), JsonFields(freeze, "m.json.freeze"));
  });
}

}  // namespace

TEST_CASE("older manifest: files, required ones first, and what a version keeps of the rest") {
  const std::string text = R"({"optional_files": [{"name": "tok en", "source_uri": "s3://x/t"}],)"
                           R"("team": "nlp", "required_files": [)" +
                           std::string(kModel) + R"(], "timestamp": 1551312000.5})";
  const OlderManifest read = read_older_manifest(JsonFields(text, "m.json"));
  REQUIRE(read.files.size() == 2);
  CHECK(read.files[0].title() == "required file 'model'");
  CHECK(read.files[0].source_uri == "data://a/b/model.pkl");
  CHECK_FALSE(read.files[0].md5);
  CHECK(read.files[1].title() == "optional file 'tok en'");
  const std::map<std::string, std::string> metadata = {{"model.acc", "0.93"},
                                                       {"model.data.rows", "10"},
                                                       {"manifest.team", "nlp"},
                                                       {"manifest.timestamp", "1551312000.5"}};
  CHECK(read.metadata.values() == metadata);
}

TEST_CASE("older manifest: what does not fit is said with line and column") {
  struct Case {
    std::string text;
    const char* want;
  };
  const std::string twice = std::string(kModel) + ", " + kModel;
  for (const Case& c : {
           Case{manifest(""), "m.json:1:1: the manifest names no files"},
           Case{R"({"required_files": {}})",
                "m.json:1:20: 'required_files' must be an array, not an object"},
           Case{R"({"optional_files": [1]})",
                "m.json:1:21: an optional file must be an object, not a number"},
           Case{manifest("{}"), "m.json:1:21: 'name' is missing"},
           Case{manifest(R"({"name": 1})"), "m.json:1:30: 'name' must be a string, not a number"},
           Case{manifest(R"({"name": "a"})"),
                "m.json:1:21: required file 'a': 'source_uri' is missing"},
           Case{manifest("", R"({"name": "a", "source_uri": null})"),
                "m.json:1:71: optional file 'a': 'source_uri' must be a string, not null"},
           Case{manifest(R"({"name": "a", "source_uri": "u", "fail_on_tamper": "no"})"),
                "m.json:1:72: required file 'a': 'fail_on_tamper' must be a boolean, not a string"},
           Case{manifest(R"({"name": "a", "source_uri": "u", "metadata": []})"),
                "m.json:1:66: required file 'a': 'metadata' must be an object, not an array"},
           Case{manifest(R"({"name": "a", "source_uri": "u", "md5_checksum": "X"})"),
                "m.json:1:70: required file 'a': malformed MD5 'X' in 'md5_checksum'"},
           Case{manifest(R"({"name": "a", "source_uri": "u", "metadata": {"k": "\u0000"}})"),
                "m.json:1:66: required file 'a': metadata 'a.k' has a NUL character"},
           Case{manifest(R"({"name": "", "source_uri": "u"})"),
                "m.json:1:30: required file '': malformed slot '': it is empty | a slot has at "
                "most 255 letters, digits, '_', '.', '+' and '-', in segments joined by '/' that "
                "start with a letter, a digit or '_'"},
           Case{manifest(twice), "m.json:1:160: a second file is called 'model'"},
           Case{frozen(manifest(kModel)),
                "m.json:1:21: required file 'model': 'md5_checksum' is missing"},
           Case{manifest(kModel, "", R"(, "lock_checksum": null)"),
                "m.json:1:191: 'lock_checksum' must be a string, not null"},
           Case{manifest(kModel, "", R"(, "lock_checksum": "abc")"),
                "m.json:1:191: malformed MD5 'abc' in 'lock_checksum'"},
       }) {
    CAPTURE(c.text);
    CHECK(older_failure(c.text) == std::string("usage: ") + c.want);
  }
}

TEST_CASE("older manifest: the lock is that of the whole text, wherever it stands") {
  const std::string text = frozen(manifest(with_md5(kModel, kMd5)));
  const OlderManifest read = read_older_manifest(JsonFields(text, "m.json"));
  CHECK(read.files.at(0).md5 == kMd5);
  CHECK(read.metadata.values().at("manifest.timestamp") == "1551312000.5");
  const std::size_t lock = text.find(", \"lock_checksum\"");
  const std::string member = text.substr(lock + 2, text.size() - lock - 3);
  CHECK(older_failure("{" + member + ", " + text.substr(1, lock - 1) + "}") == "nothing");
  std::string changed = text;
  changed.replace(changed.find("0.93"), 4, "0.94");
  Md5 md5;
  md5.update(python_repr(parse_json(changed, "text"), "lock_checksum"));
  CHECK(older_failure(changed) ==
        "integrity: 'm.json' was changed after it was frozen\n  lock_checksum: " +
            text.substr(text.size() - 34, 32) + "\n  computed:      " + md5.finish() +
            " | take the freeze as it was written, or remove it to import without its checksums");
  // Another spelling of the same values is the same to Python, another order is not.
  std::string spelled = text;
  spelled.replace(spelled.find("0.93"), 4, "93e-2");
  CHECK(older_failure(spelled) == "nothing");
}

TEST_CASE("older manifest: a freeze adds to its manifest and changes nothing") {
  const std::string there = manifest(kModel, R"({"name": "t", "source_uri": "u"})", ", \"v\": 1.0");
  const std::string freeze =
      R"({"v": 1.00, "timestamp": "1", "lock_checksum": "x", "optional_files":)"
      R"( [{"source_uri": "u", "name": "t", "md5_checksum": "y"}], "required_files": [)" +
      with_md5(kModel, kMd5) + "]}";
  CHECK(disagreement(there, freeze) == "nothing");
  struct Case {
    const char* from;
    const char* to;
    const char* what;
    const char* manifest;
    const char* freeze;
  };
  for (const Case& c : {
           Case{"model.pkl", "other.pkl", "'source_uri' of file 'model' of 'required_files'",
                "'data://a/b/model.pkl'", "'data://a/b/other.pkl'"},
           Case{"true", "false", "'fail_on_tamper' of file 'model' of 'required_files'", "True",
                "False"},
           Case{"10", "11", "'metadata' of file 'model' of 'required_files'",
                "{'acc': 0.93, 'data': {'rows': 10}}", "{'acc': 0.93, 'data': {'rows': 11}}"},
           Case{"\"fail_on_tamper\": true,", "",
                "'fail_on_tamper' of file 'model' of 'required_files'", "True", "none"},
           Case{"\"fail_on", "\"x\": [], \"fail_on", "'x' of file 'model' of 'required_files'",
                "none", "[]"},
           Case{"\"name\": \"t\"", "\"name\": \"u\"", "file 't' of 'optional_files'", "there",
                "none"},
           Case{"[{\"source_uri\"", "[{\"source_uri\": \"v\", \"name\": \"w\"}, {\"source_uri\"",
                "file 'w' of 'optional_files'", "none", "there"},
           Case{"1.00", "1", "'v' of the manifest", "1.0", "1"},
           Case{"\"v\": 1.00, ", "", "'v' of the manifest", "1.0", "none"},
           Case{"\"v\"", "\"w\": \"x\", \"v\"", "'w' of the manifest", "none", "'x'"},
       }) {
    CAPTURE(c.to);
    std::string changed = freeze;
    changed.replace(changed.find(c.from), std::string(c.from).size(), c.to);
    CHECK(disagreement(there, changed) ==
          std::string("conflict: 'm.json' and 'm.json.freeze' disagree about ") + c.what +
              "\n  manifest: " + c.manifest + "\n  freeze:   " + c.freeze +
              " | put back the manifest that was frozen, or remove the freeze to import without "
              "its checksums");
  }
}

}  // namespace algoctl
