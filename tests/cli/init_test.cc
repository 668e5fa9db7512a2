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

TEST_CASE("init: what is refused has claimed no name, and --dry-run refuses it too") {
  const Started shop;
  shop.write("file", "x");
  struct Row {
    Arguments options;
    int exit;
    bool foreseen;
  };
  for (const Row& row :
       {Row{{"--dir", "file/x"}, 6, true}, Row{{"--dir", "/proc/x"}, 6, false},
        Row{{"--home", "fresh", "--store", "file"}, 6, true},
        Row{{"--home", "fresh", "--store", "file/x"}, 6, true},
        Row{{"--home", "fresh", "--store", "foo://x"}, 2, true},
        Row{{"--home", "fresh", "--store", "https://127.0.0.1:1/x", "--timeout", "0.1"},
            6,
            true}}) {
    CAPTURE(row.options);
    Arguments init = {"init", "acme/q-q", "--dir", "fresh-work"};
    if (row.options[0] == "--dir") init.resize(2);
    init.insert(init.end(), row.options.begin(), row.options.end());
    const std::string before = shop.state();
    if (row.foreseen) {
      Arguments dry = init;
      dry.push_back("--dry-run");
      CHECK(shop.algoctl(dry).exit == row.exit);
    }
    CHECK(shop.algoctl(init).exit == row.exit);
    CHECK(shop.state() == before);
  }
  CHECK(shop.answer({"list"}) == "acme/sentiment");
  shop.answer({"init", "acme/q_q", "--dir", "ok"});
  const Arguments upload = {"upload", "file",  "--algorithm", "a/b",    "--no-manifest",
                            "--home", "fresh", "--store",     "foo://x"};
  for (Arguments command : {upload, upload}) {
    command.push_back("--dry-run");
    CHECK(shop.algoctl(command).exit == 2);
    CHECK_FALSE(fs::exists(shop.work() + "/fresh"));
    command.pop_back();
    CHECK(shop.algoctl(command).exit == 2);
    CHECK_FALSE(fs::exists(shop.work() + "/fresh"));
  }
}

TEST_CASE("init: the manifest that is named") {
  const Shop shop;
  const std::string named = shop.work() + "/a/other.json";
  CHECK(shop.answer({"init", "acme/sentiment", "--manifest", "a/other.json"}) == named);
  CHECK(shop.read("a/other.json") == kEmptyManifest);
  const ProcessOptions environment{.env = {{"ALGOCTL_MANIFEST", shop.work() + "/b.json"}}};
  CHECK(shop.answer({"init", "acme/sentiment"}, environment) == shop.work() + "/b.json");
  CHECK(shop.answer({"init", "acme/sentiment", "--dir", "c"}, environment) ==
        shop.work() + "/c/algorithm.json");
  CHECK(shop.answer({"init", "acme/sentiment", "--dir", "a", "--manifest", "a/other.json"}) ==
        named);
  CHECK_FALSE(fs::exists(shop.work() + "/algorithm.json"));
  CHECK_FALSE(fs::exists(shop.work() + "/a/algorithm.json"));
  check_error(shop, {"init", "acme/sentiment", "--dir", "c", "--manifest", "a/other.json"}, 2,
              "--dir 'c' is not where the manifest '" + named + "' is to be",
              "leave one of --dir and --manifest out");
}

}  // namespace algoctl::test
