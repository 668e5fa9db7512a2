#include <doctest/doctest.h>

#include <filesystem>
#include <memory>

#include "registry/sqlite_db.h"
#include "support/damage.h"
#include "support/killing.h"
#include "support/shop.h"

namespace fs = std::filesystem;

namespace algoctl::test {
namespace {

using Nanoseconds = std::chrono::nanoseconds;

constexpr std::size_t kSize = std::size_t{12} << 20;

/// A registry with two versions of some size.
struct Source : Shop {
  Source() {
    answer({"init", "acme/sentiment"});
    ship("a.bin", patterned(kSize, 1));
    ship("b.bin", patterned(kSize, 2));
    ship("c.bin", patterned(kSize, 3));
    answer({"promote", "acme/sentiment@1.1.0", "stable"});
    for (const char* name : {"a.bin", "b.bin", "c.bin"}) fs::remove(work() + "/" + name);
  }
};

/// Every version that a reader sees has its bytes, at any instant.
void check_nothing_dangles(const Shop& shop) {
  if (!fs::exists(shop.home() + "/registry.db")) return;
  const auto db = open_sqlite({shop.home() + "/registry.db", SqliteOptions::Mode::read_only});
  Rows& rows = db->query("SELECT digest FROM object");
  while (rows.next()) {
    const std::string hex = rows.text(0);
    const std::string path = shop.home() + "/store/objects/sha256/" + hex.substr(0, 2) + "/" + hex;
    REQUIRE(fs::exists(path));
    CHECK(sha256_of(test::read(path)) == hex);
  }
}

/// An algorithm is there with all that was imported of it, or not at all.
void check_all_or_nothing(const Shop& shop) {
  if (!fs::exists(shop.home() + "/registry.db")) return;
  const std::string list = shop.answer({"list"});
  CHECK((list == "" || list == "acme/sentiment"));
  CHECK(count_in_registry(shop, "SELECT count(*) FROM version") == (list == "" ? 0 : 3));
  CHECK(shop.answer({"verify", "--all"}) == "");
}

/// Two collections without a grace leave the bytes of versions, and nothing else.
void check_collected(const Shop& shop) {
  if (!fs::exists(shop.home() + "/registry.db")) return;
  const ProcessOptions now{.env = {{"ALGOCTL_TRASH_GRACE", "0"}}};
  for (int i = 0; i < 2; ++i) CHECK(shop.algoctl({"gc"}, now).exit == 0);
  if (!fs::exists(shop.home() + "/store")) return;
  std::int64_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(shop.home() + "/store/objects")) {
    if (entry.is_regular_file()) ++files;
  }
  CHECK(files == count_in_registry(shop, "SELECT count(*) FROM version"));
  CHECK(count_in_registry(shop, "SELECT count(*) FROM upload") == 0);
}

}  // namespace

TEST_CASE("kill: export at any instant, run again, is the same file") {
  const Source shop;
  const Arguments command = {"export", "acme/sentiment", "-o", "x.tar"};
  const Nanoseconds whole = time_of(shop, command);
  const std::string expected = shop.read("x.tar");
  Instants instants(11);
  for (int round = 0; round < 25 / kFewer; ++round) {
    CAPTURE(round);
    fs::remove(shop.work() + "/x.tar");
    kill_after(shop, command, instants.next(whole));
    if (fs::exists(shop.work() + "/x.tar")) CHECK(shop.read("x.tar") == expected);
    if (round % 2 == 0) kill_after(shop, command, instants.next(whole));
    CHECK(shop.answer(command) ==
          "acme/sentiment@1.0.0\nacme/sentiment@1.1.0\nacme/sentiment@1.2.0");
    CHECK(shop.read("x.tar") == expected);
    CHECK(names_in(shop.work()) == "algorithm.json x.tar");
  }
}

TEST_CASE("kill: import at any instant, run again, is everything once") {
  const Source source;
  const std::string file = source / "x.tar";
  source.answer({"export", "acme/sentiment", "-o", file});
  const Arguments command = {"import", file};
  const Shop measured;
  const Nanoseconds whole = time_of(measured, command);
  Instants instants(12);
  for (int round = 0; round < 25 / kFewer; ++round) {
    CAPTURE(round);
    const Shop shop;
    kill_after(shop, command, instants.next(whole));
    check_nothing_dangles(shop);
    check_all_or_nothing(shop);
    if (round % 2 == 0) kill_after(shop, command, instants.next(whole));
    if (round % 3 == 0) check_collected(shop);
    CHECK(shop.answer(command) ==
          "acme/sentiment@1.0.0\nacme/sentiment@1.1.0\nacme/sentiment@1.2.0");
    CHECK(names_in(shop.home() + "/store/staging") == "");
    CHECK(count_in_registry(shop, "SELECT count(*) FROM upload") == 0);
    CHECK(count_in_registry(shop, "SELECT count(*) FROM version") == 3);
    CHECK(count_in_registry(shop, "SELECT count(*) FROM journal") == 7);
    CHECK(count_in_registry(shop, "SELECT count(DISTINCT origin) FROM journal") == 7);
    CHECK(shop.answer({"resolve", "acme/sentiment@stable"}) == "1.1.0");
    check_nothing_dangles(shop);
  }
}

TEST_CASE("import: several at once bring everything once") {
  const Source source;
  const std::string file = source / "x.tar";
  source.answer({"export", "acme/sentiment", "-o", file});
  const Shop shop;
  std::vector<std::unique_ptr<Process>> running;
  for (int i = 0; i < 4; ++i) {
    running.push_back(
        std::make_unique<Process>(Arguments{ALGOCTL_PROGRAM, "import", file}, shop.inside()));
  }
  for (const auto& process : running) {
    const ProcessResult result = process->wait();
    CHECK(result.exit == 0);
    CHECK(result.out == "acme/sentiment@1.0.0\nacme/sentiment@1.1.0\nacme/sentiment@1.2.0\n");
  }
  CHECK(count_in_registry(shop, "SELECT count(*) FROM journal") == 7);
  CHECK(count_in_registry(shop, "SELECT count(*) FROM upload") == 0);
  CHECK(names_in(shop.home() + "/store/staging") == "");
}

TEST_CASE("export: several at once into one file take turns") {
  const Source shop;
  std::vector<std::unique_ptr<Process>> running;
  for (int i = 0; i < 4; ++i) {
    running.push_back(std::make_unique<Process>(
        Arguments{ALGOCTL_PROGRAM, "export", "--all", "-o", "x.tar"}, shop.inside()));
  }
  for (const auto& process : running) CHECK(process->wait().exit == 0);
  CHECK(names_in(shop.work()) == "algorithm.json x.tar");
  const Shop other;
  CHECK(other.algoctl({"import", shop.work() + "/x.tar"}).exit == 0);
}

}  // namespace algoctl::test
