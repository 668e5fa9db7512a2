#include <doctest/doctest.h>

#include <filesystem>

#include "base/text.h"
#include "support/damage.h"
#include "support/killing.h"
#include "support/shop.h"

namespace fs = std::filesystem;

namespace algoctl::test {
namespace {

using Nanoseconds = std::chrono::nanoseconds;

/// What must hold once a command that was killed has been run again.
void check_whole(const Shop& shop, const std::string& work) {
  CHECK(names_in(shop.work()) == work);
  CHECK(
      names_in(shop.home()) ==
      "registry.db registry.db-shm registry.db-wal registry.db.generation registry.db.lock store");
  CHECK(names_in(shop.home() + "/store/staging") == "");
  CHECK(count_in_registry(shop, "SELECT count(*) FROM upload") == 0);
  CHECK(count_in_registry(shop, "SELECT count(*) - coalesce(max(seq), 0) FROM version") == 0);
  for (const auto& entry : fs::recursive_directory_iterator(shop.home() + "/store/objects")) {
    if (!entry.is_regular_file()) continue;
    CHECK(entry.path().filename().string() == sha256_of(test::read(entry.path().string())));
  }
}

}  // namespace

TEST_CASE("kill: init at any instant, run again, is as if nothing had happened") {
  const Shop measured;
  const Nanoseconds whole = time_of(measured, {"init", "acme/sentiment"});
  Instants instants(1);
  for (int round = 0; round < 20 / kFewer; ++round) {
    CAPTURE(round);
    const Shop shop;
    kill_after(shop, {"init", "acme/sentiment"}, instants.next(whole));
    CHECK(shop.answer({"init", "acme/sentiment"}) == shop.work() + "/algorithm.json");
    CHECK(shop.manifest() == measured.manifest());
    check_whole(shop, "algorithm.json");
  }
}

TEST_CASE("kill: upload of 32 MiB at any instant, run again, is as if nothing had happened") {
  const TemporaryFolder source;
  const std::string file = source.write("m.bin", patterned(std::size_t{32} << 20, 7));
  const Shop measured;
  measured.answer({"init", "acme/sentiment"});
  const Nanoseconds whole = time_of(measured, {"upload", file});
  const std::string uploaded = measured.manifest();
  Instants instants(2);
  for (int round = 0; round < 25 / kFewer; ++round) {
    CAPTURE(round);
    const Shop shop;
    shop.answer({"init", "acme/sentiment"});
    kill_after(shop, {"upload", file}, instants.next(whole));
    CHECK(shop.answer({"upload", file}) == "data://acme/sentiment/m.bin");
    CHECK(shop.manifest() == uploaded);
    check_whole(shop, "algorithm.json");
  }
}

TEST_CASE("kill: publish at any instant, run again, is one version") {
  const Shop shop;
  shop.answer({"init", "acme/sentiment"});
  shop.ship("m.bin", "first");
  shop.write("m.bin", "measured");
  shop.answer({"upload", "m.bin", "--replace"});
  const Nanoseconds whole = time_of(shop, {"publish"});
  Instants instants(3);
  for (int round = 2; round < 2 + 40 / kFewer; ++round) {
    CAPTURE(round);
    shop.write("m.bin", std::to_string(round));
    shop.answer({"upload", "m.bin", "--replace"});
    kill_after(shop, {"publish"}, instants.next(whole));
    const std::string number = "1." + std::to_string(round) + ".0";
    CHECK(shop.answer({"publish"}) == number);
    CHECK(shop.answer({"resolve", "@latest"}) == number);
    const auto published = shop.algoctl({"show", "@latest", "--manifest"});
    CHECK(published.out == shop.manifest());
    check_whole(shop, "algorithm.json m.bin");
  }
}

TEST_CASE("kill: release at any instant, run again, is one version with its bytes") {
  const Shop shop;
  shop.answer({"init", "acme/sentiment"});
  constexpr std::size_t kSize = std::size_t{4} << 20;
  shop.write("m.bin", patterned(kSize, 1000));
  shop.answer({"release", "m.bin"});
  shop.write("m.bin", patterned(kSize, 1001));
  const Arguments release = {"release", "m.bin", "--test", "test -s \"$ALGOCTL_MODEL_MODEL\""};
  const Nanoseconds whole = time_of(shop, release);
  Instants instants(4);
  for (std::uint32_t round = 2; round < 2 + 30 / kFewer; ++round) {
    CAPTURE(round);
    const std::string bytes = patterned(kSize, round);
    shop.write("m.bin", bytes);
    kill_after(shop, release, instants.next(whole));
    const std::string number = "1." + std::to_string(round) + ".0";
    CHECK(shop.answer(release) == number);
    CHECK(shop.answer({"list", "acme/sentiment"}).substr(0, number.size() + 1) == number + "\n");
    CHECK(test::read(shop.answer({"pull", "@latest"})) == bytes);
    CHECK(names_in(shop.work()) == "algorithm.json m.bin");
  }
  check_whole(shop, "algorithm.json m.bin");
}

}  // namespace algoctl::test
