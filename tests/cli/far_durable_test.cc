// What is handed out must outlive a power cut.

#include <doctest/doctest.h>

#include <filesystem>

#include "cli/faraway.h"

namespace algoctl::test {

TEST_CASE("far store: what is pulled is on the disk before it has its name") {
  Faraway shop;
  SUBCASE("a large file") { shop.write("model.bin", std::string(kLarge, 'm')); }
  SUBCASE("a small one") { shop.write("model.bin", "m"); }
  shop.ship();
  std::filesystem::remove_all(shop.cache());
  const std::string trace = shop / "trace";
  const Arguments command = {
      "strace",        "-f", "-y",   "-qq",           "-e", "trace=fsync,rename", "-o", trace,
      ALGOCTL_PROGRAM, "-q", "pull", "acme/sentiment"};
  const ProcessResult result = run(command, shop.inside({.env = shop.env}));
  if (!std::filesystem::exists(trace)) {
    MESSAGE("skipped: no strace");
    return;
  }
  REQUIRE(result.exit == 0);
  const std::string calls = read(trace);
  const std::size_t synced = calls.find(".part>)");
  const std::size_t named = calls.find(".part\", ");
  CHECK(synced != std::string::npos);
  CHECK(named != std::string::npos);
  CHECK(synced < named);
}

}  // namespace algoctl::test
