#include <doctest/doctest.h>

#include <filesystem>

#include "support/shop.h"

namespace fs = std::filesystem;

namespace algoctl::test {
namespace {

constexpr const char* kEmptyManifest =
    "{\n"
    "  \"schema\": \"algoctl.manifest/v1\",\n"
    "  \"name\": \"acme/sentiment\",\n"
    "  \"models\": {}\n"
    "}\n";

}  // namespace

TEST_CASE("init: prints the manifest's path, makes the registry, and changes nothing again") {
  const Shop shop;
  const std::string path = shop.work() + "/algorithm.json";
  const auto first = shop.algoctl({"init", "acme/sentiment"});
  CHECK(first.exit == 0);
  CHECK(first.out == path + "\n");
  CHECK(first.err == "");
  CHECK(shop.manifest() == kEmptyManifest);
  CHECK(fs::exists(shop.home() + "/registry.db"));
  CHECK(shop.answer({"list"}) == "acme/sentiment");
  const std::string before = shop.state();
  const auto again = shop.algoctl({"init", "acme/sentiment", "--json"});
  CHECK(again.exit == 0);
  CHECK(again.out == R"({"schema":"algoctl.init/v1","algorithm":"acme/sentiment","manifest":")" +
                         path + "\"}\n");
  CHECK(shop.state() == before);
}

TEST_CASE("init: another algorithm's folder and a name that looks alike are refused") {
  const Started shop;
  check_error(shop, {"init", "acme/other"}, 4,
              "'" + shop.work() +
                  "/algorithm.json' belongs to another algorithm\n  there: acme/sentiment\n"
                  "  yours: acme/other",
              "choose another folder with --dir");
  shop.answer({"init", "acme/senti-ment", "--dir", "a"});
  for (const char* name : {"acme/senti_ment", "acme/senti.ment"}) {
    check_error(
        shop, {"init", name, "--dir", "b"}, 4,
        std::string("algorithm '") + name + "' looks the same as 'acme/senti-ment', which is there",
        "'-', '_' and '.' count as one character in a name; choose another one");
  }
  CHECK(shop.answer({"init", "other/senti_ment", "--dir", "b"}) ==
        shop.work() + "/b/algorithm.json");
}

TEST_CASE("init: --dir makes the folder, and begins with the newest version's slots") {
  const Started shop;
  shop.ship("a.pkl", "aaa");
  CHECK(shop.answer({"init", "acme/sentiment", "--dir", "deep/copy"}) ==
        shop.work() + "/deep/copy/algorithm.json");
  CHECK(shop.read("deep/copy/algorithm.json") == filled(R"({
  "schema": "algoctl.manifest/v1",
  "name": "acme/sentiment",
  "version": "1.0.0",
  "models": {
    "model": { "uri": "data://acme/sentiment/a.pkl", "sha256": "SHA", "size": 3 }
  }
}
)",
                                                        {{"SHA", sha256_of("aaa")}}));
  CHECK(shop.answer({"publish"}, {.cwd = shop.work() + "/deep/copy"}) == "1.0.0");
}

}  // namespace algoctl::test
