#include <doctest/doctest.h>

#include <filesystem>

#include "support/shop.h"

namespace fs = std::filesystem;

namespace algoctl::test {
namespace {

constexpr const char* kOwnStore =
    "name a store of its own with --store: that registry collects there what it does not need";

/// A registry with one version, whose store another one is to use.
struct Lender : Started {
  Lender() { ship("m", "v1"); }

  [[nodiscard]] std::string store() const { return home() + "/store"; }
  [[nodiscard]] std::string refusal() const {
    return error_text("file://" + store() + " belongs to another registry", kOwnStore);
  }
  [[nodiscard]] Arguments borrowing(Arguments command) const {
    command.insert(command.end(), {"--home", *this / "theirs", "--store", store()});
    return command;
  }
};

}  // namespace

TEST_CASE("foreign store: no registry but its own puts anything there, and none is made for it") {
  const Lender shop;
  const std::string before = listing(shop.store());
  const Arguments init = shop.borrowing({"init", "acme/other", "--dir", "other"});
  const Arguments upload =
      shop.borrowing({"upload", "m", "--algorithm", "acme/other", "--no-manifest"});
  for (const Arguments& command : {init, upload}) {
    const auto result = shop.algoctl(command);
    CHECK(result.exit == 4);
    CHECK(result.out == "");
    CHECK(result.err == shop.refusal());
    CHECK_FALSE(fs::exists(shop / "theirs"));
    CHECK_FALSE(fs::exists(shop.work() + "/other"));
    CHECK(listing(shop.store()) == before);
  }
}

TEST_CASE("foreign store: one that is remembered is read, and takes nothing more") {
  const Lender shop;
  give_away_store(shop);
  CHECK(test::read(shop.answer({"pull"})) == "v1");
  shop.answer({"pull", "-o", "out"});
  CHECK(shop.read("out/m") == "v1");
  shop.write("m2", "v2");
  check_error(shop, {"upload", "m2"}, 4, "file://" + shop.store() + " belongs to another registry",
              "it can be read from here, no more: that registry collects there what it does not "
              "need; move to a home with a store of its own with `algoctl export` and `algoctl "
              "import`");
}

TEST_CASE("foreign store: a copy of a home, and a registry from a backup, are the same registry") {
  const Lender shop;
  fs::copy(shop.home(), shop / "copy", fs::copy_options::recursive);
  shop.write("m2", "v2");
  shop.answer({"upload", "m2", "--home", shop / "copy"});
  CHECK(shop.answer({"publish", "--home", shop / "copy"}) == "1.1.0");
  fs::rename(shop.home(), shop / "lost");
  fs::rename(shop / "copy", shop.home());
  CHECK(shop.answer({"upload", "m2", "--as", "m3"}) == "data://acme/sentiment/m3");
}

TEST_CASE("foreign store: what was exported goes to a registry with a store of its own") {
  const Lender shop;
  shop.answer({"export", "acme/sentiment", "-o", "x.tar"});
  CHECK(shop.algoctl(shop.borrowing({"import", "x.tar"})).err == shop.refusal());
  CHECK_FALSE(fs::exists(shop / "theirs"));
  shop.answer({"import", "x.tar", "--home", shop / "theirs"});
  CHECK(test::read(shop.answer({"pull", "acme/sentiment", "--home", shop / "theirs"})) == "v1");
}

}  // namespace algoctl::test
