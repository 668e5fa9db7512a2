#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>

#include "support/shop.h"

namespace fs = std::filesystem;

namespace algoctl::test {
namespace {

/// A person's own layout: what stands between the values is theirs.
constexpr const char* kTemplate =
    "{\t\"name\" : \"acme/sentiment\",EOL"
    "EOL"
    "  \"$comment\": \"kept, as is: \\u00e9 \\/ \\t\",EOL"
    "  \"threshold\": 1.10, \"big\": 1E+2,EOL"
    "\t\"schema\":\"algoctl.manifest/v1\",VERSIONEOL"
    "  \"models\" : {EOL"
    "\t\t\"model\":{\"size\":SIZE ,\"note\":[ 1,2 ],EOL"
    "\t\t  \"sha256\" :\"SHA\", \"uri\":\"data://acme/sentiment/LABEL\"}EOL"
    "  },EOL"
    "  \"tail\": {\"a\":[]}EOL"
    "}";

std::string text(const std::string& eol, const std::string& version, const std::string& label,
                 const std::string& bytes) {
  return filled(filled(kTemplate, {{"SIZE", std::to_string(bytes.size())},
                                   {"SHA", sha256_of(bytes)},
                                   {"VERSION", version},
                                   {"LABEL", label}}),
                {{"EOL", eol}});
}

}  // namespace

TEST_CASE("manifest: upload and publish replace values and leave every other byte") {
  for (const std::string eol : {"\n", "\r\n"}) {
    CAPTURE(eol.size());
    const Shop shop;
    shop.answer({"init", "acme/sentiment"});
    shop.write("a.pkl", "aaa");
    shop.write("b.pkl", "bbbb");
    shop.answer({"upload", "a.pkl"});
    shop.write("algorithm.json", text(eol, "\"version\":  \"0.1.0\",", "a.pkl", "aaa"));
    shop.answer({"upload", "b.pkl"});
    CHECK(shop.manifest() == text(eol, "\"version\":  \"0.1.0\",", "b.pkl", "bbbb"));
    CHECK(shop.answer({"publish"}) == "1.0.0");
    const std::string published = text(eol, "\"version\":  \"1.0.0\",", "b.pkl", "bbbb");
    CHECK(shop.manifest() == published);
    const auto shown = shop.algoctl({"show", "acme/sentiment", "--manifest"});
    CHECK(shown.out == published);
    CHECK(shop.answer({"show", "acme/sentiment", "manifest_sha256"}) == sha256_of(published));
    shop.answer({"use", "model=a.pkl"});
    CHECK(shop.manifest() == text(eol, "\"version\":  \"1.0.0\",", "a.pkl", "aaa"));
  }
}

TEST_CASE("manifest: its mode stays, and a link to it stays a link") {
  const Shop shop;
  shop.answer({"init", "acme/sentiment"});
  const std::string path = shop.work() + "/algorithm.json";
  fs::create_directory(shop / "elsewhere");
  const std::string target = shop / "elsewhere/real.json";
  fs::rename(path, target);
  fs::create_symlink("../elsewhere/real.json", path);
  REQUIRE(::chmod(target.c_str(), 0640) == 0);
  CHECK(shop.ship("a.pkl", "a") == "1.0.0");
  CHECK(fs::read_symlink(path) == "../elsewhere/real.json");
  struct stat info {};
  REQUIRE(::stat(target.c_str(), &info) == 0);
  CHECK((info.st_mode & 07777) == 0640);
  CHECK(test::read(target).find("\"version\": \"1.0.0\"") != std::string::npos);
  CHECK(names_in(shop / "elsewhere") == "real.json");
}

TEST_CASE("manifest: found in a parent folder, named by option and by environment") {
  const Shop shop;
  shop.answer({"init", "acme/sentiment"});
  shop.answer({"init", "acme/other", "--dir", "other"});
  shop.write("sub/deep/m.pkl", "m");
  const std::string below = shop.work() + "/sub/deep";
  CHECK(shop.answer({"upload", "m.pkl"}, {.cwd = below}) == "data://acme/sentiment/m.pkl");
  CHECK(shop.answer({"upload", "m.pkl", "--manifest", "../../other/algorithm.json"},
                    {.cwd = below}) == "data://acme/other/m.pkl");
  CHECK(shop.answer({"publish"}, {.env = {{"ALGOCTL_MANIFEST", "../../other/algorithm.json"}},
                                  .cwd = below}) == "1.0.0");
  CHECK(shop.answer({"list", "acme/other"}) == "1.0.0");
  CHECK(shop.answer({"list", "acme/sentiment"}) == "");
}

TEST_CASE("manifest: white space alone and another order publish nothing") {
  const Shop shop;
  shop.answer({"init", "acme/sentiment"});
  shop.ship("a.pkl", "a");
  std::string squeezed;
  for (const char c : shop.manifest()) {
    if (c != ' ' && c != '\n') squeezed += c;
  }
  shop.write("algorithm.json", squeezed);
  CHECK(shop.answer({"publish"}) == "1.0.0");
  CHECK(shop.manifest() == squeezed);
  shop.write("algorithm.json", "{\"note\":1.10," + squeezed.substr(1));
  CHECK(shop.answer({"publish"}) == "1.1.0");
  shop.write("algorithm.json", filled(shop.manifest(), {{"1.10", "1.1"}}));
  CHECK(shop.answer({"publish"}) == "1.2.0");  // another spelling of a number is another manifest
}

}  // namespace algoctl::test
