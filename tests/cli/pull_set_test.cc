#include <doctest/doctest.h>

#include <filesystem>

#include "base/text.h"
#include "support/damage.h"
#include "support/shop.h"

namespace fs = std::filesystem;

namespace algoctl::test {
namespace {

/// acme/ranking and acme/sentiment, both pinned, with what their slots are filled with.
struct SetShop : Shop {
  using Slots = std::vector<std::pair<std::string, std::string>>;  // SLOT=LABEL, bytes

  void ship(const std::string& algorithm, const Slots& slots) const {
    const std::string folder = "src/" + algorithm;
    const std::string manifest = folder + "/algorithm.json";
    answer({"init", algorithm, "--dir", folder});
    for (const auto& [slot, bytes] : slots) {
      const auto equals = slot.find('=');
      const std::string file = write("file", bytes);
      answer({"upload", slot.substr(0, equals) + "=file", "--as", slot.substr(equals + 1),
              "--manifest", manifest});
    }
    answer({"publish", "--manifest", manifest});
  }

  void ship_and_pin(const Slots& ranking, const Slots& sentiment) const {
    ship("acme/ranking", ranking);
    ship("acme/sentiment", sentiment);
    answer({"pin", "acme/ranking", "acme/sentiment"});
  }
};

}  // namespace

TEST_CASE("pull -o: several pins are one set, and never one over the other") {
  const SetShop shop;
  SUBCASE("one label, different bytes") {
    shop.ship_and_pin({{"model=m.pkl", "ranks"}}, {{"model=m.pkl", "feelings"}});
    for (const Arguments& more : {Arguments{}, {"--dry-run"}}) {
      Arguments pull{"pull", "-o", "out"};
      pull.insert(pull.end(), more.begin(), more.end());
      check_error(shop, pull, 4,
                  "'data://acme/sentiment/m.pkl' and 'data://acme/ranking/m.pkl' have one name and "
                  "different bytes: both cannot be in 'out'",
                  "pull one algorithm at a time, each into a folder of its own");
    }
  }
  SUBCASE("a file and a folder of one name") {
    SUBCASE("the file first") {
      shop.ship_and_pin({{"model=m", "ranks"}}, {{"model=m/n/o", "feelings"}});
    }
    SUBCASE("the folder first") {
      shop.ship_and_pin({{"model=m/n/o", "ranks"}}, {{"model=m", "feelings"}});
    }
    const auto result = shop.algoctl({"pull", "-o", "out"});
    CHECK(result.exit == 4);
    CHECK(result.err.find("make a file and a folder of one name") != std::string::npos);
  }
  CHECK_FALSE(fs::exists(shop.work() + "/out"));
}

TEST_CASE("pull -o: several pins with the same bytes under one label share the file") {
  const SetShop shop;
  shop.ship_and_pin({{"model=m", "ranks"}, {"tokens=t", "words"}},
                    {{"model=f", "feelings"}, {"tokens=t", "words"}});
  CHECK(shop.answer({"pull", "-o", "out/"}) == "out//m\nout//t\nout//f\nout//t");
  CHECK(names_in(shop.work() + "/out") == "f m t");
  CHECK(shop.read("out/t") == "words");
}

TEST_CASE("pull -o: a broken second pin leaves nothing of the first") {
  const SetShop shop;
  shop.ship_and_pin({{"model=m", "ranks"}}, {{"model=f", "feelings"}});
  fs::remove(object_path(shop, "feelings"));
  SUBCASE("where the folder is new") {}
  SUBCASE("where it is there") { fs::create_directory(shop.work() + "/out"); }
  const std::string before = shop.state();
  CHECK(shop.algoctl({"pull", "-o", "out"}).exit == 5);
  CHECK(shop.state() == before);
}

TEST_CASE("pull -o: a new folder has the mode of any other") {
  const SetShop shop;
  shop.ship_and_pin({{"model=deep/m", "ranks"}}, {{"model=f", "feelings"}});
  fs::create_directory(shop.work() + "/other");
  shop.answer({"pull", "-o", "out"});
  const auto mode = [&](const std::string& name) {
    return fs::status(shop.work() + "/" + name).permissions();
  };
  CHECK(mode("out") == mode("other"));
  CHECK(mode("out/deep") == mode("other"));
  CHECK(names_in(shop.work()) == "algoctl.lock file other out src");
}

TEST_CASE("pull -o: when one file cannot be replaced, the others are as they were") {
  const SetShop shop;
  shop.ship_and_pin({{"model=m", "new ranks"}}, {{"model=s", "new feelings"}});
  shop.write("out/m", "old ranks");
  shop.write("out/s", "old feelings");
  const auto result =
      run({"strace", "-f", "-qq", "-o", shop / "trace", "-e",
           "inject=rename,renameat2:error=EIO:when=2", ALGOCTL_PROGRAM, "pull", "-o", "out"},
          shop.inside());
  if (!fs::exists(shop / "trace")) {
    MESSAGE("skipped: no strace");
    return;
  }
  CHECK(result.exit == 6);
  CHECK(shop.read("out/m") == "old ranks");
  CHECK(shop.read("out/s") == "old feelings");
  CHECK(names_in(shop.work() + "/out") == "m s");
}

TEST_CASE("pull --slot: of several pins, those that have it") {
  const SetShop shop;
  shop.ship_and_pin({{"model=m", "ranks"}}, {{"model=s", "feelings"}, {"tokens=t", "words"}});
  CHECK(test::read(shop.answer({"pull", "--slot", "tokens"})) == "words");
  CHECK(shop.answer({"pull", "--slot", "tokens", "--to", "x"}) == "x");
  CHECK(shop.read("x") == "words");
  CHECK(split(shop.answer({"pull", "--slot", "model"}), '\n').size() == 2);
  CHECK(split(shop.answer({"pull", "--slot", "model", "--slot", "tokens"}), '\n').size() == 3);
  check_error(shop, {"pull", "--slot", "token"}, 3,
              "there is no slot 'token' in any of acme/ranking@1.0.0, acme/sentiment@1.0.0",
              "did you mean 'tokens'?");
  check_error(shop, {"pull", "--slot", "model", "--to", "x"}, 2,
              "--to takes one file, but the lock file pins several algorithms",
              "name the one to pull");
}

TEST_CASE("pull: a lock file without pins says nothing, and does not fit") {
  const SetShop shop;
  shop.write("algoctl.lock", R"({"schema":"algoctl.lock/v1","pins":{}})");
  check_error(shop, {"pull", "--locked"}, 9,
              "the lock file '" + shop.work() + "/algoctl.lock' has no pins",
              "make one with `algoctl pin OWNER/NAME@SELECTOR`");
  CHECK(shop.algoctl({"pull"}).exit == 2);  // and there is no manifest here
  shop.ship("acme/ranking", {{"model=m", "ranks"}});
  CHECK(test::read(shop.answer({"pull", "--manifest", "src/acme/ranking/algorithm.json"})) ==
        "ranks");
}

TEST_CASE("pull --to: a name that only a folder can have makes none") {
  const SetShop shop;
  shop.ship("acme/ranking", {{"model=m", "ranks"}});
  check_error(shop, {"pull", "acme/ranking", "--to", "newdir/"}, 2,
              "'newdir/' is a folder, and no place for a file", "choose another place");
}

TEST_CASE("pull: a yanked version's replacement is named") {
  const SetShop shop;
  shop.ship("acme/ranking", {{"model=m", "ranks"}});
  shop.write("file", "better");
  shop.answer({"release", "model=file", "--manifest", "src/acme/ranking/algorithm.json"});
  shop.answer({"yank", "acme/ranking@1.0.0", "--use", "1.1.0", "-m", "wrong"});
  const auto result = shop.algoctl({"pull", "acme/ranking@1.0.0"});
  CHECK(result.exit == 0);
  CHECK(result.err == "algoctl: warning: acme/ranking@1.0.0 is yanked: wrong; use 1.1.0\n");
}

}  // namespace algoctl::test
