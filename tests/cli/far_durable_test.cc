// What is handed out must outlive a power cut.

#include <doctest/doctest.h>

#include <filesystem>

#include "cli/faraway.h"

namespace algoctl::test {
namespace {

/// The command below strace, which is told `words`; nullopt where there is none.
std::optional<ProcessResult> traced(const Faraway& shop, Arguments words,
                                    const Arguments& command) {
  words.insert(words.begin(), {"strace", "-f", "-y", "-qq", "-o", shop / "trace"});
  words.insert(words.end(), {ALGOCTL_PROGRAM, "-q"});
  words.insert(words.end(), command.begin(), command.end());
  const ProcessResult result = run(words, shop.inside({.env = shop.env}));
  if (std::filesystem::exists(shop / "trace")) return result;
  MESSAGE("skipped: no strace");
  return std::nullopt;
}

}  // namespace

TEST_CASE("far store: what is pulled is on the disk before it has its name") {
  Faraway shop;
  SUBCASE("a large file") { shop.write("model.bin", std::string(kLarge, 'm')); }
  SUBCASE("a small one") { shop.write("model.bin", "m"); }
  shop.ship();
  std::filesystem::remove_all(shop.cache());
  const auto result = traced(shop, {"-e", "trace=fsync,rename"}, {"pull", "acme/sentiment"});
  if (!result) return;
  REQUIRE(result->exit == 0);
  const std::string calls = read(shop / "trace");
  const std::size_t synced = calls.find(".part>)");
  const std::size_t named = calls.find(".part\", ");
  CHECK(synced != std::string::npos);
  CHECK(named != std::string::npos);
  CHECK(synced < named);
}

TEST_CASE("far store: a disk that fails while a large file comes is not forgotten") {
  std::string call;
  SUBCASE("on the way") { call = "fdatasync"; }
  SUBCASE("at the end") { call = "fsync"; }
  Faraway shop;
  const std::string model(kLarge, 'm');
  shop.write("model.bin", model);
  shop.ship();
  std::filesystem::remove_all(shop.cache());
  const std::string part = shop.cache() + "/algoctl/transfers/" + sha256_of(model) + ".part";
  // The kernel says so once: the fsync at the end then finds nothing wrong.
  const auto result =
      traced(shop, {"-P", part, "-e", "inject=" + call + ":error=EIO"}, {"pull", "acme/sentiment"});
  if (!result) return;
  CHECK(result->exit == 6);
  CHECK(result->out == "");
  CHECK(result->err.find("cannot write '" + part + "': Input/output error") != std::string::npos);
  // What was not brought to the disk is still in memory, and would look right to whoever goes on.
  CHECK_FALSE(std::filesystem::exists(part));
  CHECK_FALSE(std::filesystem::exists(part + ".journal"));
  shop.run({"pull", "acme/sentiment"});
}

}  // namespace algoctl::test
