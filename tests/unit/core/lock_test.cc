#include <doctest/doctest.h>

#include <string>

#include "algoctl/error.h"
#include "algoctl/pin.h"
#include "unit/core/refusal.h"
#include "unit/core/texts.h"

using algoctl::Algorithm;
using algoctl::Code;
using algoctl::Digest;
using algoctl::Label;
using algoctl::Lock;
using algoctl::Pin;
using algoctl::Reference;
using algoctl::Selector;
using algoctl::Slot;
using algoctl::Version;
using namespace algoctl::test;

namespace {

Pin pin(const char* algorithm, const char* selector, const char* version) {
  const auto name = Algorithm::parse(algorithm);
  return {name,
          Selector::parse(selector),
          Version::parse(version),
          Digest::parse(kA),
          Digest::parse(kB),
          {{Slot::parse("model"), name, Label::parse("m.pkl"), Digest::parse(kC), 5},
           {Slot::parse("a/b"), name, Label::parse("b.bin"), Digest::parse(kA), 0}}};
}

Refusal lock_refusal(const std::string& text) {
  return refusal([&] { (void)Lock::parse(text, "algoctl.lock"); });
}

Refusal require_refusal(const Lock& lock, const std::string& reference) {
  return refusal([&] { (void)lock.require(Reference::parse(reference)); });
}

/// A lock file with one pin, its members from line 2 on.
std::string with_pin(const std::string& members, const std::string& name = "acme/x") {
  return "{\"schema\":\"algoctl.lock/v1\",\"pins\":{\"" + name + "\":{\n" + members + "}}}";
}

std::string pin_members(const std::string& models = "{}") {
  return "\"selector\":\"^1\",\n\"version\":\"1.0.0\",\n\"manifest_sha256\":\"" + kA +
         "\",\n\"journal_head\":\"" + kB + "\",\n\"models\":" + models;
}

}  // namespace

TEST_CASE("lock: the text is indented, sorted, and says everything") {
  Lock lock;
  lock.pins = {pin("acme/sentiment", "^1.2", "1.3.0")};
  CHECK(lock.text() ==
        "{\n"
        "  \"schema\": \"algoctl.lock/v1\",\n"
        "  \"pins\": {\n"
        "    \"acme/sentiment\": {\n"
        "      \"selector\": \"^1.2\",\n"
        "      \"version\": \"1.3.0\",\n"
        "      \"manifest_sha256\": \"" +
            kA +
            "\",\n"
            "      \"journal_head\": \"" +
            kB +
            "\",\n"
            "      \"models\": {\n"
            "        \"model\": {\n"
            "          \"uri\": \"data://acme/sentiment/m.pkl\",\n"
            "          \"sha256\": \"" +
            kC +
            "\",\n"
            "          \"size\": 5\n"
            "        },\n"
            "        \"a/b\": {\n"
            "          \"uri\": \"data://acme/sentiment/b.bin\",\n"
            "          \"sha256\": \"" +
            kA +
            "\",\n"
            "          \"size\": 0\n"
            "        }\n"
            "      }\n"
            "    }\n"
            "  }\n"
            "}\n");
  CHECK(Lock{}.text() == "{\n  \"schema\": \"algoctl.lock/v1\",\n  \"pins\": {}\n}\n");
}

TEST_CASE("lock: the same pins give the same bytes in whatever order they came") {
  Lock one;
  one.pins = {pin("b/x", "latest", "1.0.0"), pin("a/y", "stable", "2.0.0-rc.1"),
              pin("a/x", "1.0.0", "1.0.0")};
  Lock other;
  other.pins = {one.pins[2], one.pins[0], one.pins[1]};
  CHECK(one.text() == other.text());

  const Lock read = Lock::parse(one.text(), "f");
  REQUIRE(read.pins.size() == 3);
  CHECK(read.pins[0].algorithm.str() == "a/x");
  CHECK(read.pins[1].algorithm.str() == "a/y");
  CHECK(read.pins[2].algorithm.str() == "b/x");
  CHECK(read.text() == one.text());
}

TEST_CASE("lock: what was written is read back") {
  Lock lock;
  lock.pins = {pin("acme/x", ">=1.2 <2", "1.3.0-rc.1")};
  const Lock read = Lock::parse(lock.text(), "f");
  const Pin* const found = read.find(Algorithm::parse("acme/x"));
  REQUIRE(found != nullptr);
  CHECK(found->selector.str() == ">=1.2 <2");
  CHECK(found->version.str() == "1.3.0-rc.1");
  CHECK(found->manifest_sha256.hex() == kA);
  CHECK(found->journal_head.hex() == kB);
  REQUIRE(found->models.size() == 2);
  CHECK(found->models[0].slot.str() == "model");
  CHECK(found->models[0].uri() == "data://acme/x/m.pkl");
  CHECK(found->models[0].sha256.hex() == kC);
  CHECK(found->models[0].size == 5);
  CHECK(found->models[1].slot.str() == "a/b");
  CHECK(read.find(Algorithm::parse("acme/y")) == nullptr);
}

TEST_CASE("lock: pins sorted by hand otherwise are sorted when read") {
  const std::string text = replaced(with_pin(pin_members()), "\"acme/x\":{",
                                    "\"b/z\":{" + pin_members() + "},\"acme/x\":{");
  const Lock lock = Lock::parse(text, "f");
  REQUIRE(lock.pins.size() == 2);
  CHECK(lock.pins[0].algorithm.str() == "acme/x");
}

TEST_CASE("lock: a malformed file is refused with its place and remedy") {
  const std::string remedy =
      "name all that is to be in it: `algoctl pin OWNER/NAME@SELECTOR --update` writes it anew";
  const std::string good = with_pin(pin_members());
  CHECK(lock_refusal(good).message == "accepted");
  struct Case {
    std::string text;
    std::string message;
    std::string hint;
  };
  for (const auto& c : {
           Case{"[]", "algoctl.lock:1:1: the text must be an object, not an array", remedy},
           Case{"{", "algoctl.lock:1:2: unexpected end of the text, expected a string as key",
                remedy},
           Case{"{\n<<<<<<< HEAD\n", "algoctl.lock:2:1: conflict markers of a merge",
                "take one side, by `git checkout --ours` or `--theirs`, and pin again what the "
                "other changed; or " +
                    remedy},
           Case{"{}", "algoctl.lock:1:1: 'schema' is missing",
                "write \"schema\": \"algoctl.lock/v1\""},
           Case{R"({"schema":"algoctl.lock/v3"})",
                "algoctl.lock:1:11: schema 'algoctl.lock/v3' is newer than this program",
                "install a newer algoctl"},
           Case{R"({"schema":"algoctl.manifest/v1"})",
                "algoctl.lock:1:11: unknown schema 'algoctl.manifest/v1'",
                "write \"schema\": \"algoctl.lock/v1\""},
           Case{R"({"schema":"algoctl.lock/v1"})", "algoctl.lock:1:1: 'pins' is missing", remedy},
           Case{R"({"schema":"algoctl.lock/v1","pins":[]})",
                "algoctl.lock:1:36: 'pins' must be an object, not an array", remedy},
           Case{R"({"schema":"algoctl.lock/v1","pin":{}})",
                "algoctl.lock:1:29: unknown field 'pin'", "did you mean 'pins'?"},
           Case{R"({"schema":"algoctl.lock/v1","pins":{"a/b":1}})",
                "algoctl.lock:1:43: pin 'a/b' must be an object, not a number", remedy},
           Case{with_pin(""), "algoctl.lock:1:46: pin 'acme/x': 'selector' is missing", remedy},
           Case{with_pin("\"selector\":1"),
                "algoctl.lock:2:12: pin 'acme/x': 'selector' must be a string, not a number",
                remedy},
           Case{with_pin("\"extra\":1"), "algoctl.lock:2:1: pin 'acme/x': unknown field 'extra'",
                remedy},
           Case{with_pin("\"modles\":1"), "algoctl.lock:2:1: pin 'acme/x': unknown field 'modles'",
                "did you mean 'models'?"},
           Case{replaced(good, ",\n\"version\":\"1.0.0\"", ""),
                "algoctl.lock:1:46: pin 'acme/x': 'version' is missing", remedy},
           Case{replaced(good, ",\n\"journal_head\":\"" + kB + "\"", ""),
                "algoctl.lock:1:46: pin 'acme/x': 'journal_head' is missing", remedy},
           Case{replaced(good, ",\n\"models\":{}", ""),
                "algoctl.lock:1:46: pin 'acme/x': 'models' is missing", remedy},
           Case{replaced(good, kA, "xyz"),
                "algoctl.lock:4:19: pin 'acme/x': malformed digest 'xyz'",
                "write sha256: and 64 lower-case hexadecimal digits"},
           Case{with_pin(pin_members("{\"m\":{}}")),
                "algoctl.lock:6:15: slot 'm': 'uri' is missing", remedy},
           Case{with_pin(pin_members("{\"m\":{\"uri\":\"data://a/b/c\",\"sha256\":\"" + kA +
                                     "\",\"size\":1,\"x\":2}}")),
                "algoctl.lock:6:122: slot 'm': unknown field 'x'", remedy},
           Case{with_pin("\"selector\":\"^1\",\"selector\":\"^2\""),
                "algoctl.lock:2:17: duplicate key 'selector'", remedy},
       }) {
    CAPTURE(c.text);
    const Refusal got = lock_refusal(c.text);
    CHECK(got.code == Code::usage);
    CHECK(got.message == c.message);
    CHECK(got.hint == c.hint);
  }
}

TEST_CASE("lock: a malformed value keeps its own message behind the place") {
  CHECK(lock_refusal(with_pin("", "Acme")).message ==
        "algoctl.lock:1:37: " + refusal([] { (void)Algorithm::parse("Acme"); }).message);
  CHECK(lock_refusal(replaced(with_pin(pin_members()), "1.0.0", "one")).message ==
        "algoctl.lock:3:11: pin 'acme/x': " + refusal([] { (void)Version::parse("one"); }).message);
  CHECK(lock_refusal(replaced(with_pin(pin_members()), "^1", "^^")).message ==
        "algoctl.lock:2:12: pin 'acme/x': " + refusal([] { (void)Selector::parse("^^"); }).message);
}

TEST_CASE("lock: which references a pin fits") {
  struct Case {
    const char* locked;
    const char* version;
    std::string reference;
    bool fits;
  };
  for (const auto& c : {
           Case{"^1.2", "1.3.0", "a/b", true},
           Case{"stable", "1.3.0", "a/b", true},
           Case{"^1.2", "1.3.0", "a/b@^1.2", true},
           Case{"stable", "1.3.0", "a/b@stable", true},
           Case{"latest", "1.3.0", "a/b@latest", true},
           Case{"^1.2", "1.3.0", "a/b@1.3.0", true},
           Case{"^1.2", "1.3.0", "a/b@~1.3", true},
           Case{"stable", "1.3.0", "a/b@>=1 <2", true},
           Case{"^1.2", "1.3.0", "a/b@1", true},
           Case{"^1.2", "1.3.0", "a/b@1.3.1", false},
           Case{"^1.2", "1.3.0", "a/b@^2", false},
           Case{"^1.2", "1.3.0", "a/b@latest", false},
           Case{"^1.2", "1.3.0", "a/b@stable", false},
           Case{"stable", "1.3.0", "a/b@canary", false},
           Case{"stable", "1.3.0", "a/b@latest", false},
           Case{"stable", "1.3.0", "a/b@sha256:" + kA, true},
           Case{"stable", "1.3.0", "a/b@sha256:" + kB, false},
           Case{"^1.2", "1.3.0-rc.1", "a/b@^1.2", true},
           Case{"^1.2", "1.3.0-rc.1", "a/b@^1", false},
           Case{"^1.2", "1.3.0-rc.1", "a/b@1.3.0-rc.1", true},
           Case{"^1.2", "1.3.0-rc.1", "a/b@>=1.3.0-rc.0", true},
           Case{"^1.2", "1.3.0-rc.1", "a/b@1.3.0", false},
           Case{"^1.2", "1.3.0", "data://a/b/m.pkl", true},
           Case{"^1.2", "1.3.0", "data://a/b/other.pkl", false},
           Case{"^1.2", "1.3.0", "a/c", false},
       }) {
    CAPTURE(c.locked);
    CAPTURE(c.version);
    CAPTURE(c.reference);
    Lock lock;
    lock.pins = {pin("a/a", "latest", "1.0.0"), pin("a/b", c.locked, c.version)};
    const Refusal got = require_refusal(lock, c.reference);
    CHECK((got.message == "accepted") == c.fits);
    if (c.fits) CHECK(&lock.require(Reference::parse(c.reference)) == &lock.pins[1]);
    if (!c.fits) CHECK(got.code == Code::lock_mismatch);
  }
}

TEST_CASE("lock: a pin that does not fit is shown above what was asked for") {
  Lock lock;
  lock.pins = {pin("acme/sentiment", "^1.2", "1.3.0")};
  Refusal got = require_refusal(lock, "acme/sentiment@stable");
  CHECK(got.code == Code::lock_mismatch);
  CHECK(got.message ==
        "the lock file was written for another selector of acme/sentiment\n"
        "  locked:  @^1.2 as 1.3.0\n"
        "  asked:   @stable");
  CHECK(got.hint == "algoctl pin acme/sentiment@stable");

  got = require_refusal(lock, "acme/other@^1");
  CHECK(got.message == "the lock file has no pin for acme/other");
  CHECK(got.hint == "algoctl pin acme/other@^1");

  got = require_refusal(Lock{}, "acme/other");
  CHECK(got.message == "the lock file has no pin for acme/other");
  CHECK(got.hint == "algoctl pin acme/other");

  got = require_refusal(lock, "data://acme/sentiment/x.pkl");
  CHECK(got.code == Code::lock_mismatch);
  CHECK(got.message == "the lock file names no label 'x.pkl' for acme/sentiment@1.3.0");
  CHECK(got.hint == "algoctl pin acme/sentiment --update");

  got = require_refusal(lock, "data://acme/none/x.pkl");
  CHECK(got.message == "the lock file has no pin for acme/none");
  CHECK(got.hint == "algoctl pin acme/none");
}
