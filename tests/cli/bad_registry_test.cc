#include <doctest/doctest.h>
#include <sys/mount.h>

#include <filesystem>

#include "base/text.h"
#include "registry/sqlite_db.h"
#include "support/shop.h"
#include "support/small_disk.h"

namespace fs = std::filesystem;

namespace algoctl::test {
namespace {

struct RegistryShop : Started {
  RegistryShop() { ship("m", "m"); }
};

/// Reading and writing both fail alike, and nothing was touched.
void check_refused(const Shop& shop, const Arguments& options, int exit, const std::string& message,
                   const std::string& hint) {
  const std::string before = shop.state();
  for (Arguments arguments :
       {Arguments{"list"}, {"resolve", "acme/sentiment"}, {"publish"}, {"upload", "m"}}) {
    arguments.insert(arguments.end(), options.begin(), options.end());
    CAPTURE(join(arguments, " "));
    const auto result = shop.algoctl(arguments);
    CHECK(result.exit == exit);
    CHECK(result.out == "");
    CHECK(result.err == error_text(message, hint));
  }
  // SQLite makes them to read what says of itself that it needs them.
  for (const char* side : {"-wal", "-shm"}) fs::remove(shop.work() + "/r.db" + side);
  CHECK(shop.state() == before);
}

}  // namespace

TEST_CASE("registry: a damaged or foreign file is named and never written to") {
  const RegistryShop shop;
  const std::string path = shop.work() + "/r.db";
  const std::string whole = test::read(shop.registry());
  const Arguments named = {"--registry", path};
  const std::string restore = "nothing was written; restore the file from a backup";
  shop.write("r.db", "");
  check_refused(shop, named, 5, "registry '" + path + "' is damaged: the file is empty", restore);
  shop.write("r.db", whole.substr(0, 5000));
  check_refused(shop, named, 5,
                "registry '" + path + "' is damaged: database disk image is malformed", restore);
  shop.write("r.db", "this is no database, but long enough to look at");
  check_refused(shop, named, 5, "registry '" + path + "' is damaged: file is not a database",
                restore);
  fs::remove(path);
  {
    const auto db =
        open_sqlite({path, SqliteOptions::Mode::create, std::chrono::milliseconds(100), nullptr});
    db->script("CREATE TABLE theirs (x)");
  }
  for (const char* side : {".lock", "-wal", "-shm"}) fs::remove(path + side);
  const std::string before = test::read(path);
  const auto foreign = shop.algoctl({"publish", "--registry", path});
  CHECK(foreign.exit == 5);
  CHECK(foreign.err == error_text("'" + path + "' is a database, but no registry of algoctl",
                                  "nothing was written; name another --registry or --home"));
  CHECK(test::read(path) == before);
}

TEST_CASE("registry: a newer schema is refused, and left alone") {
  const RegistryShop shop;
  {
    const auto db = open_sqlite({shop.registry(), SqliteOptions::Mode::read_write,
                                 std::chrono::milliseconds(100), nullptr});
    db->script("PRAGMA user_version = 99");
  }
  const auto result = shop.algoctl({"resolve", "acme/sentiment"});
  CHECK(result.exit == 6);
  CHECK(starts_with(result.err,
                    "algoctl: registry '" + shop.registry() + "' has schema 99, newer than this "));
  CHECK(result.err.find("hint: nothing was written; install a newer algoctl\n") !=
        std::string::npos);
  CHECK(shop.algoctl({"publish", "--allow-duplicate"}).exit == 6);
}

TEST_CASE("registry: what is not a file of its own") {
  const RegistryShop shop;
  fs::create_symlink(shop.registry(), shop.work() + "/link.db");
  check_refused(shop, {"--registry", "link.db"}, 6,
                "registry '" + shop.work() + "/link.db' is a symbolic link",
                "name the file it leads to: its side files lie beside it");
  check_refused(shop, {"--registry", "."}, 6, "registry '" + shop.work() + "' is no regular file",
                "name another --registry or --home");
  check_refused(shop, {"--registry", "none/r.db"}, 6,
                "there is no registry at '" + shop.work() + "/none/r.db'",
                "check --registry and ALGOCTL_REGISTRY; `algoctl init` makes the default one");
  check_refused(shop, {"--registry", "http://x/y"}, 2,
                "no kind of registry answers to 'http://x/y'",
                "name a SQLite file by its path or as sqlite:PATH");
  for (const char* scheme : {"sqlite:", "file:", "file://"}) {
    CHECK(shop.answer({"resolve", "acme/sentiment", "--registry", scheme + shop.registry()}) ==
          "1.0.0");
  }
  CHECK(shop.answer({"resolve", "acme/sentiment", "--registry", "file:home/registry.db"},
                    {.cwd = shop / ""}) == "1.0.0");
}

TEST_CASE("registry: an absent home reads as empty and is not made") {
  const Shop shop;
  const std::string hint = "the registry is empty; start with `algoctl init`";
  for (const char* command : {"resolve", "pull", "show", "list", "pin"}) {
    CAPTURE(command);
    const auto result = shop.algoctl({command, "acme/sentiment"});
    CHECK(result.exit == 3);
    CHECK(result.out == "");
    CHECK(result.err == error_text("there is no algorithm 'acme/sentiment'", hint));
  }
  const auto list = shop.algoctl({"list"});
  CHECK(list.exit == 0);
  CHECK(list.out == "");
  CHECK(list.err == "");
  CHECK(!fs::exists(shop.home()));
}

TEST_CASE("registry: upload and release make an absent home") {
  const Shop shop;
  shop.write("m", "m");
  CHECK(shop.answer({"upload", "m", "--algorithm", "acme/sentiment"}) == "data://acme/sentiment/m");
  CHECK(shop.answer({"list"}) == "acme/sentiment");
}

TEST_CASE("home: a full disk is refused with 6, and the next try succeeds elsewhere") {
  const RegistryShop shop;
  const SmallDisk disk("size=1m");
  if (!disk) {
    MESSAGE("skipped: no file system may be mounted here");
    return;
  }
  const std::string home = disk / "home";
  shop.answer({"init", "acme/sentiment", "--home", home});
  shop.write("big", std::string(std::size_t{2} << 20, 'b'));
  const std::string manifest = shop.manifest();
  const auto upload = shop.algoctl({"upload", "big", "--home", home});
  CHECK(upload.exit == 6);
  CHECK(upload.out == "");
  CHECK(upload.err.find("No space left on device") != std::string::npos);
  CHECK(shop.manifest() == manifest);
  CHECK(names_in(home + "/store/staging").empty());
  CHECK(shop.answer({"list", "acme/sentiment", "--labels", "--home", home}) == "");
  shop.write("small.bin", "small");
  CHECK(shop.answer({"upload", "small.bin", "--home", home}) == "data://acme/sentiment/small.bin");
}

TEST_CASE("home: a read-only file system serves readers and refuses writers") {
  const RegistryShop shop;
  const SmallDisk disk("size=8m");
  if (!disk) {
    MESSAGE("skipped: no file system may be mounted here");
    return;
  }
  fs::copy(shop.home(), disk / "home", fs::copy_options::recursive);
  REQUIRE(::mount("", disk.path().c_str(), "", MS_REMOUNT | MS_RDONLY, "") == 0);
  const std::string home = disk / "home";
  CHECK(shop.answer({"resolve", "acme/sentiment", "--home", home}) == "1.0.0");
  CHECK(test::read(shop.answer({"pull", "acme/sentiment", "--home", home})) == "m");
  shop.write("n", "n");
  const std::string before = shop.state();
  for (const Arguments& command : {Arguments{"publish", "--allow-duplicate"},
                                   {"upload", "n"},
                                   {"release", "n"},
                                   {"init", "acme/x", "--dir", "d"}}) {
    Arguments arguments = command;
    arguments.insert(arguments.end(), {"--home", home});
    const auto result = shop.algoctl(arguments);
    CAPTURE(join(arguments, " "));
    CHECK(result.exit == 6);
    CHECK(result.out == "");
    CHECK(starts_with(result.err, "algoctl: cannot write registry '" + home +
                                      "/registry.db': Read-only file system\n"));
  }
  CHECK(shop.state() == before);
}

}  // namespace algoctl::test
