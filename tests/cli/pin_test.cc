#include <doctest/doctest.h>

#include <filesystem>

#include "base/text.h"
#include "support/shop.h"

namespace fs = std::filesystem;

namespace algoctl::test {
namespace {

struct PinShop : Started {
  PinShop() {
    for (const std::string version : {"1.0.0", "1.2.0", "2.0.0"}) {
      ship("m-" + version, version, {"--version", version});
    }
    answer({"init", "acme/ranking", "--dir", "ranking"});
    write("r.pkl", "ranks");
    answer({"upload", "r.pkl", "--manifest", "ranking/algorithm.json"});
    answer({"publish", "--manifest", "ranking/algorithm.json"});
  }

  [[nodiscard]] std::string lock() const { return work() + "/algoctl.lock"; }
};

}  // namespace

TEST_CASE("pin: writes stable, sorted bytes; what is there stays until --update") {
  const PinShop shop;
  CHECK(shop.answer({"pin", "acme/sentiment@^1", "acme/ranking"}) ==
        "acme/sentiment@1.2.0\nacme/ranking@1.0.0");
  const std::string text = shop.read("algoctl.lock");
  CHECK(text.find("\"acme/ranking\"") < text.find("\"acme/sentiment\""));
  CHECK(text.find("\"selector\": \"^1\"") != std::string::npos);
  CHECK(text.find(sha256_of("1.2.0")) != std::string::npos);
  CHECK(text.find(shop.answer({"show", "@1.2.0", "manifest_sha256"})) != std::string::npos);
  const std::string before = shop.state();
  CHECK(shop.answer({"pin", "acme/ranking", "acme/sentiment@^1"}) ==
        "acme/ranking@1.0.0\nacme/sentiment@1.2.0");
  CHECK(shop.answer({"pin"}) == "acme/ranking@1.0.0\nacme/sentiment@1.2.0");
  CHECK(shop.state() == before);
  shop.ship("m-1.3.0", "1.3.0", {"--version", "1.3.0", "--force"});
  CHECK(shop.answer({"pin", "acme/sentiment@^1"}) == "acme/sentiment@1.2.0");
  CHECK(shop.answer({"pin", "--update", "--dry-run"}) ==
        "acme/ranking@1.0.0\nacme/sentiment@1.3.0");
  CHECK(shop.read("algoctl.lock") == text);
  CHECK(shop.answer({"pin", "--update"}) == "acme/ranking@1.0.0\nacme/sentiment@1.3.0");
  CHECK(shop.answer({"pin", "acme/sentiment@latest"}) == "acme/sentiment@2.0.0");
  CHECK(shop.read("algoctl.lock").find("\"selector\": \"^1\"") == std::string::npos);
  CHECK(shop.answer({"pin"}) == "acme/ranking@1.0.0\nacme/sentiment@2.0.0");
}

TEST_CASE("pin: the same pins give the same bytes, whatever the way there") {
  const PinShop shop;
  shop.answer({"pin", "acme/sentiment@^1", "acme/ranking"});
  const std::string text = shop.read("algoctl.lock");
  fs::remove(shop.lock());
  shop.answer({"pin", "acme/ranking@latest"});
  shop.answer({"pin", "acme/sentiment@2"});
  shop.answer({"pin", "acme/sentiment@^1"});
  CHECK(shop.read("algoctl.lock") == text);
}

TEST_CASE("pin: beside the manifest, else here") {
  const PinShop shop;
  fs::create_directories(shop.work() + "/sub/deep");
  shop.answer({"pin", "acme/ranking"}, {.cwd = shop.work() + "/sub/deep"});
  CHECK(fs::exists(shop.lock()));
  fs::create_directory(shop / "outside");
  shop.answer({"pin", "acme/ranking"}, {.cwd = shop / "outside"});
  CHECK(names_in(shop / "outside") == "algoctl.lock");
}

TEST_CASE("pin: the record") {
  const PinShop shop;
  const std::string json =
      filled(R"({"schema":"algoctl.pin/v1","lock":"LOCK","pins":[{"algorithm":"acme/sentiment",)"
             R"("selector":"^1","version":"1.2.0","manifest_sha256":"SHA"}]})",
             {{"LOCK", shop.lock()}, {"SHA", shop.answer({"show", "@1.2.0", "manifest_sha256"})}});
  CHECK(shop.answer({"pin", "acme/sentiment@^1", "--json"}) == json);
  CHECK(shop.answer({"pin", "--locked", "--json"}) == json);
}

TEST_CASE("outdated: what is behind, in words and as a record") {
  const PinShop shop;
  shop.answer({"pin", "acme/sentiment@^1", "acme/ranking"});
  CHECK(shop.answer({"outdated"}) == "");
  CHECK(shop.answer({"outdated", "--json"}) == R"({"schema":"algoctl.outdated/v1","outdated":[]})");
  shop.ship("m-1.3.0", "1.3.0", {"--version", "1.3.0", "--force"});
  CHECK(shop.answer({"outdated"}) == "acme/sentiment 1.2.0 1.3.0");
  CHECK(shop.answer({"outdated", "--json"}) ==
        R"({"schema":"algoctl.outdated/v1","outdated":[{"algorithm":"acme/sentiment",)"
        R"("selector":"^1","locked":"1.2.0","current":"1.3.0"}]})");
  fs::remove(shop.lock());
  check_error(shop, {"outdated"}, 3, "there is no lock file '" + shop.lock() + "'",
              "make one with `algoctl pin OWNER/NAME@SELECTOR`");
}

TEST_CASE("--locked: the lock file's version, or 9") {
  const PinShop shop;
  const std::string hint = "make one with `algoctl pin acme/sentiment@^1`";
  for (const char* command : {"resolve", "pull"}) {
    check_error(shop, {command, "@^1", "--locked"}, 9,
                "there is no lock file '" + shop.lock() + "'", hint);
  }
  shop.answer({"pin", "acme/sentiment@^1"});
  shop.ship("m-1.3.0", "1.3.0", {"--version", "1.3.0", "--force"});
  for (const char* reference : {"@^1", "@1.2", "@1.2.0", "acme/sentiment"}) {
    CAPTURE(reference);
    CHECK(shop.answer({"resolve", reference, "--locked"}) == "1.2.0");
    CHECK(test::read(shop.answer({"pull", reference, "--locked"})) == "1.2.0");
  }
  CHECK(shop.answer({"pin", "acme/sentiment", "--locked"}) == "acme/sentiment@1.2.0");
  CHECK(test::read(shop.answer({"pull", "--locked"})) == "1.2.0");
  for (const Arguments& arguments : {Arguments{"resolve", "@2", "--locked"},
                                     {"pull", "@2", "--locked"},
                                     {"pin", "@2", "--locked"}}) {
    const auto result = shop.algoctl(arguments);
    CHECK(result.exit == 9);
    CHECK(result.out == "");
    CHECK(starts_with(result.err,
                      "algoctl: the lock file was written for another selector of "
                      "acme/sentiment\n"));
    CHECK(result.err.find("hint: ") != std::string::npos);
  }
  const auto other = shop.algoctl({"resolve", "acme/ranking", "--locked"});
  CHECK(other.exit == 9);
  CHECK(starts_with(other.err, "algoctl: the lock file has no pin for acme/ranking\n"));
}

TEST_CASE("--locked: a lock file of another registry does not fit") {
  const PinShop shop;
  const PinShop other;
  shop.answer({"pin", "acme/sentiment@^1"});
  fs::copy_file(shop.lock(), other.lock());
  for (const Arguments& arguments :
       {Arguments{"resolve", "@^1", "--locked"}, {"pull", "--locked"}, {"pin", "--locked"}}) {
    const auto result = other.algoctl(arguments);
    CHECK(result.exit == 9);
    CHECK(starts_with(result.err,
                      "algoctl: the history of acme/sentiment was rewritten since it "
                      "was pinned"));
  }
}

TEST_CASE("pin: what cannot be pinned") {
  const PinShop shop;
  check_error(shop, {"pin", "data://acme/sentiment/m-1.0.0"}, 2,
              "'data://acme/sentiment/m-1.0.0' is a label: only versions are pinned",
              "write acme/sentiment@SELECTOR");
  check_error(shop, {"pin", "acme/sentiment@^1", "acme/rankin"}, 3,
              "there is no algorithm 'acme/rankin'", "did you mean 'acme/ranking'?");
  check_error(shop, {"pin"}, 3, "there is no lock file '" + shop.lock() + "'",
              "make one with `algoctl pin OWNER/NAME@SELECTOR`");
  for (const char* text : {"", "{", "[]", "{\"schema\":\"algoctl.lock/v9\",\"pins\":{}}"}) {
    shop.write("algoctl.lock", text);
    for (const char* command : {"pin", "outdated", "pull"}) {
      const auto result = shop.algoctl({command});
      CHECK(result.exit == 2);
      CHECK(starts_with(result.err, "algoctl: " + shop.lock() + ":1:"));
    }
    CHECK(shop.read("algoctl.lock") == text);
  }
}

TEST_CASE("pin: one algorithm twice is refused, and both are named") {
  const PinShop shop;
  check_error(
      shop, {"pin", "acme/sentiment@^1", "acme/ranking", "acme/sentiment@2"}, 2,
      "'acme/sentiment@^1' and 'acme/sentiment@2' are of one algorithm, and a lock file has "
      "one pin for each",
      "give one of them");
}

TEST_CASE("pin: --update and --locked exclude each other") {
  const PinShop shop;
  shop.answer({"pin", "acme/ranking"});
  check_error(shop, {"pin", "--update", "--locked"}, 2, "--update and --locked exclude each other",
              "give one of them");
}

TEST_CASE("--locked: a version that its own selector does not admit does not fit") {
  const PinShop shop;
  const auto edited = [&](const std::string& from, const std::string& to) {
    std::string text = shop.read("algoctl.lock");
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    shop.write("algoctl.lock", text.replace(at, from.size(), to));
  };
  SUBCASE("another range") {
    shop.answer({"pin", "acme/sentiment@^1"});
    edited("\"^1\"", "\"^2\"");
  }
  SUBCASE("another digest") {
    shop.answer({"pin", "acme/sentiment@^1"});
    edited("\"^1\"", "\"sha256:" + sha256_of("x") + "\"");
  }
  for (const char* command : {"pin", "pull"}) {
    const auto result = shop.algoctl({command, "--locked"});
    CHECK(result.exit == 9);
    CHECK(starts_with(result.err,
                      "algoctl: the lock file has acme/sentiment@1.2.0 for the selector "));
  }
}

TEST_CASE("--locked: a yanked version, a channel's and a prerelease still fit") {
  const PinShop shop;
  shop.answer({"pin", "acme/sentiment@^1"});
  shop.answer({"yank", "@1.2.0"});
  CHECK(shop.answer({"pin", "--locked"}) == "acme/sentiment@1.2.0");
  shop.answer({"promote", "@1.0.0", "stable"});
  shop.answer({"pin", "acme/sentiment@stable"});
  shop.answer({"promote", "@2.0.0", "stable"});
  CHECK(shop.answer({"pin", "--locked"}) == "acme/sentiment@1.0.0");
  shop.ship("m-rc", "rc", {"--version", "2.1.0-rc.1"});
  shop.answer({"pin", "acme/sentiment@^2", "--pre"});
  CHECK(shop.answer({"pin", "--locked"}) == "acme/sentiment@2.1.0-rc.1");
}

TEST_CASE("pin --update: a pinned prerelease is not moved back, as outdated sees it") {
  const PinShop shop;
  shop.ship("m-rc", "rc", {"--version", "2.1.0-rc.1"});
  shop.answer({"pin", "acme/sentiment@^2", "--pre"});
  CHECK(shop.answer({"outdated"}) == "");
  CHECK(shop.answer({"pin", "--update"}) == "acme/sentiment@2.1.0-rc.1");
  CHECK(shop.answer({"pin", "acme/sentiment@^2", "--update"}) == "acme/sentiment@2.1.0-rc.1");
  shop.ship("m-rc2", "rc2", {"--version", "2.1.0-rc.2"});
  CHECK(shop.answer({"outdated"}) == "acme/sentiment 2.1.0-rc.1 2.1.0-rc.2");
  CHECK(shop.answer({"pin", "--update"}) == "acme/sentiment@2.1.0-rc.2");
  CHECK(shop.answer({"pin", "acme/sentiment@2"}) == "acme/sentiment@2.0.0");
}

TEST_CASE("--locked: an algorithm that the registry does not have does not fit") {
  const PinShop shop;
  shop.answer({"pin", "acme/ranking"});
  Started other;
  other.ship("m", "1");
  fs::copy_file(shop.lock(), other.work() + "/algoctl.lock");
  for (const char* command : {"pin", "pull"}) {
    check_error(other, {command, "--locked"}, 9,
                "the lock file names acme/ranking, which the registry does not have",
                "check that this is the registry it was pinned in");
  }
  CHECK(other.algoctl({"pin"}).exit == 3);
}

TEST_CASE("pin REF --update: writes a lock file anew that cannot be read, and says so") {
  const PinShop shop;
  const std::string hint =
      "name all that is to be in it: `algoctl pin OWNER/NAME@SELECTOR --update` writes it anew";
  for (const char* text : {"", "{", "<<<<<<< HEAD\n{}\n=======\n>>>>>>> other\n",
                           "{\"schema\":\"algoctl.lock/v1\",\"pins\":{\"acme/ranking\":{}}}"}) {
    CAPTURE(text);
    shop.write("algoctl.lock", text);
    for (const Arguments& arguments : {Arguments{"pin", "--update"}, {"pin", "acme/ranking"}}) {
      const auto refused = shop.algoctl(arguments);
      CHECK(refused.exit == 2);
      CHECK(refused.err.find(hint) != std::string::npos);
    }
    CHECK(shop.read("algoctl.lock") == text);
    const auto result = shop.algoctl({"pin", "acme/ranking", "--update"});
    CHECK(result.exit == 0);
    CHECK(result.out == "acme/ranking@1.0.0\n");
    CHECK(starts_with(result.err, "algoctl: warning: " + shop.lock() + ":1:"));
    CHECK(result.err.find("; it is written anew, with nothing else in it\n") != std::string::npos);
    CHECK(shop.answer({"pin", "--locked"}) == "acme/ranking@1.0.0");
  }
  shop.write("algoctl.lock", "{\"schema\":\"algoctl.lock/v9\",\"pins\":{}}");
  check_error(shop, {"pin", "acme/ranking", "--update"}, 2,
              shop.lock() + ":1:11: schema 'algoctl.lock/v9' is newer than this program",
              "install a newer algoctl");
}

}  // namespace algoctl::test
