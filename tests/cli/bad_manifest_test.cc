#include <doctest/doctest.h>

#include <filesystem>

#include "base/text.h"
#include "support/shop.h"

namespace fs = std::filesystem;

namespace algoctl::test {
namespace {

struct Uploaded : Shop {
  Uploaded() {
    answer({"init", "acme/sentiment"});
    write("m", "model");
    answer({"upload", "m"});
  }

  [[nodiscard]] std::string path() const { return work() + "/algorithm.json"; }
};

constexpr const char* kHead = R"({"schema":"algoctl.manifest/v1","name":"acme/sentiment")";

/// A manifest with one slot of these members.
std::string with_slot(const std::string& members) {
  return std::string(kHead) + R"(,"models":{"model":{)" + members + "}}}";
}

std::string whole_slot(const std::string& label, const std::string& sha256,
                       const std::string& size) {
  return with_slot("\"uri\":\"data://acme/sentiment/" + label + "\",\"sha256\":\"" + sha256 +
                   "\",\"size\":" + size);
}

}  // namespace

TEST_CASE("manifest: a malformed one is refused with file, line and column") {
  const Uploaded shop;
  struct Row {
    std::string text;
    std::string fault;
    std::string hint;
  };
  const std::string sha = sha256_of("model");
  const std::string fills = "algoctl upload model=FILE fills it in";
  const std::vector<Row> rows = {
      {"", "1:1: unexpected end of the text, expected a value", ""},
      {"{", "1:2: unexpected end of the text, expected a string as key", ""},
      {"[]", "1:1: the text must be an object, not an array", ""},
      {"\xef\xbb\xbf{}", "1:1: byte order mark", "save the file as UTF-8 without byte order mark"},
      {"{\n \"a\": 1,\n \"a\": 2}", "3:2: duplicate key 'a'", ""},
      {"{\"x\":\"\xff\"}", "1:7: invalid UTF-8", ""},
      {std::string(70, '['), "1:65: more than 64 levels", ""},
      {R"({"schema":"algoctl.manifest/v2"})",
       "1:11: schema 'algoctl.manifest/v2' is newer than this program", "install a newer algoctl"},
      {R"({"schema":"algoctl.manifest/v1"})", "1:1: 'name' is missing",
       R"(write "name": "OWNER/NAME")"},
      {std::string(kHead) + "}", "1:1: 'models' is missing", "algoctl upload FILE adds it"},
      {std::string(kHead) + R"(,"models":{}})",
       " there is nothing to publish: the manifest has no slots",
       "fill one with `algoctl upload FILE`"},
      {std::string(kHead) + R"(,"models":[]})", "1:66: 'models' must be an object, not an array",
       R"(write "models": {}, algoctl upload fills it in)"},
      {std::string(kHead) + R"(,"version":"x","models":{}})", "1:67: malformed version 'x'",
       "a version has three numbers, such as 1.2.0"},
      {with_slot(R"("uri":"data://acme/sentiment/m")"), "1:75: slot 'model': 'sha256' is missing",
       fills},
      {with_slot(R"("uri":"http://x/m","sha256":")" + sha + R"(","size":5)"),
       "1:82: slot 'model': 'uri' must be data://OWNER/NAME/LABEL, not 'http://x/m'", fills},
      {whole_slot("m", "00", "5"), "1:117: slot 'model': malformed digest '00'",
       "write 64 lower-case hexadecimal digits"},
      {whole_slot("m", std::string(64, 'A'), "5"),
       "1:117: slot 'model': malformed digest '" + std::string(64, 'A') + "'",
       "write 64 lower-case hexadecimal digits"},
      {whole_slot("m", sha, "-1"),
       "1:191: slot 'model': 'size' must be a whole number of bytes, not '-1'", fills},
      {whole_slot("m", sha, "5.5"),
       "1:191: slot 'model': 'size' must be a whole number of bytes, not '5.5'", fills},
  };
  for (const Row& row : rows) {
    shop.write("algorithm.json", row.text);
    check_error(shop, {"publish"}, 2, shop.path() + ":" + row.fault, row.hint);
  }
  CHECK(shop.answer({"list", "acme/sentiment"}) == "");
}

TEST_CASE("manifest: slots that name what is not so are refused") {
  const Uploaded shop;
  const std::string sha = sha256_of("model");
  const std::string other = sha256_of("other");
  shop.write("algorithm.json", whole_slot("n", sha, "5"));
  check_error(shop, {"publish"}, 3, "slot 'model': algorithm 'acme/sentiment' has no label 'n'");
  shop.write("algorithm.json", whole_slot("m", other, "5"));
  check_error(shop, {"publish"}, 5, "slot 'model': object sha256:" + other + " is not in the store",
              "upload the file again");
  shop.write("algorithm.json", whole_slot("m", sha, "6"));
  check_error(shop, {"publish"}, 5,
              "slot 'model': the manifest's bytes are none that label 'm' ever named\n  manifest: "
              "sha256:" +
                  sha + ", 6 bytes\n  label:    sha256:" + sha + ", 5 bytes",
              "point the slot at a label with `algoctl use model=LABEL`");
  shop.write("x", "other");
  shop.answer({"upload", "x", "--no-manifest"});
  shop.write("algorithm.json", whole_slot("m", other, "5"));
  check_error(shop, {"publish"}, 5,
              "slot 'model': the manifest's bytes are none that label 'm' ever named\n  manifest: "
              "sha256:" +
                  other + ", 5 bytes\n  label:    sha256:" + sha + ", 5 bytes",
              "point the slot at a label with `algoctl use model=LABEL`");
}

TEST_CASE("manifest: none at all, or no file") {
  const Uploaded shop;
  const std::string text = shop.manifest();
  fs::remove(shop.path());
  for (const Arguments& arguments :
       {Arguments{"publish"}, {"use", "model=m"}, {"pull"}, {"upload", "m"}, {"release", "m"}}) {
    CAPTURE(arguments[0]);
    const std::string before = shop.state();
    const auto result = shop.algoctl(arguments);
    CHECK(result.exit == 2);
    CHECK(starts_with(result.err,
                      "algoctl: there is no algorithm.json here or in a parent folder\n"
                      "  hint: make one with `algoctl init OWNER/NAME`, or name "));
    CHECK(shop.state() == before);
  }
  check_error(shop, {"publish", "--manifest", "no.json"}, 2,
              "there is no manifest '" + shop.work() + "/no.json'",
              "make one with `algoctl init OWNER/NAME`, or name another with --manifest");
  fs::create_directory(shop.path());
  check_error(shop, {"publish"}, 2, "'" + shop.path() + "' is a folder, not a file");
}

}  // namespace algoctl::test
