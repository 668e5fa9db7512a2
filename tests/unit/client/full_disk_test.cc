#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <filesystem>
#include <vector>

#include "base/file.h"
#include "registry/sqlite_db.h"
#include "support/small_disk.h"
#include "unit/client/shelf.h"
#include "unit/core/failure.h"

namespace fs = std::filesystem;

namespace algoctl::test {
namespace {

/// Takes the last byte of a disk.
void fill(const std::string& path) {
  const Fd file = open_file(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
  for (const std::size_t size : {std::size_t{65536}, std::size_t{4096}, std::size_t{1}}) {
    const std::string bytes(size, 'x');
    while (::write(file.get(), bytes.data(), bytes.size()) > 0) {
    }
  }
}

std::int64_t free_bytes(const std::string& path) {
  struct statvfs info {};
  REQUIRE(::statvfs(path.c_str(), &info) == 0);
  return static_cast<std::int64_t>(info.f_bavail) * static_cast<std::int64_t>(info.f_frsize);
}

/// A home on a disk of 4 MiB, with labels that have left some objects behind.
struct FullHome {
  FullHome() {
    options.home = disk / "home";
    options.cache = disk / "cache";
    options.actor = "ada";
    options.now = [this] { return now; };
  }

  void label(const std::string& bytes) {
    Client client(options);
    UploadOptions upload;
    upload.files = {{source.write("m.bin", bytes), std::nullopt}};
    upload.replace = true;
    upload.algorithm = Algorithm::parse("acme/sentiment");
    client.upload(upload);
  }

  std::string gc() {
    Client client(options);
    std::string text;
    const GcResult result = client.gc({}, [&](const GcItem& item) {
      text += item.step == GcItem::Step::freed ? "freed " : "trashed ";
    });
    for (const std::string& warning : result.warnings) text += warning;
    return text;
  }

  /// How many the registry knows.
  [[nodiscard]] std::int64_t objects() const {
    const auto db = open_sqlite({disk / "home/registry.db", SqliteOptions::Mode::read_only,
                                 std::chrono::seconds(5), nullptr});
    Rows& rows = db->query("SELECT count(*) FROM object");
    return rows.next() ? rows.integer(0) : -1;
  }

  /// Nothing is left of the log that could be used again.
  void empty_log() const {
    const auto db = open_sqlite({disk / "home/registry.db", SqliteOptions::Mode::read_write,
                                 std::chrono::seconds(5), nullptr});
    db->script("PRAGMA wal_checkpoint(TRUNCATE)");
  }

  SmallDisk disk{"size=4m"};
  TemporaryFolder source;
  std::int64_t now = kStart;
  ClientOptions options;
};

/// False, with a message, where no disk can be had.
bool usable(const FullHome& home) {
  if (home.disk) return true;
  MESSAGE("skipped: no file system may be mounted here");
  return false;
}

}  // namespace

TEST_CASE("full disk: what is in the trash for a grace is freed, whatever its size") {
  for (const std::size_t size : {std::size_t{1}, std::size_t{100000}}) {
    for (const bool log : {true, false}) {
      CAPTURE(size);
      CAPTURE(log);
      FullHome home;
      if (!usable(home)) return;
      for (const char* name : {"a", "b", "c"}) home.label(name + std::string(size, '.'));
      CHECK(home.gc() == "trashed trashed ");
      home.now += kHour;
      if (!log) home.empty_log();
      fill(home.disk / "filler");
      REQUIRE(free_bytes(home.disk.path()) == 0);
      // Without a log, two bytes less are no room for the rows.
      const bool rows_stay = size == 1 && !log;
      const std::string still = "the registry still knows of 2 freed objects: registry '" +
                                (home.disk / "home/registry.db") +
                                "' cannot grow: the disk is full";
      CHECK(home.gc() == "freed freed " + (rows_stay ? still : ""));
      if (!rows_stay) CHECK(free_bytes(home.disk.path()) > 0);
      fs::remove(home.disk / "filler");
      CHECK(home.gc().empty());
      CHECK(home.objects() == 1);
      home.label("works again");
    }
  }
}

TEST_CASE("full disk: fresh garbage goes into the trash, for the log is written anew") {
  FullHome home;
  if (!usable(home)) return;
  for (const char* name : {"a", "b", "c"}) home.label(name + std::string(100000, '.'));
  fill(home.disk / "filler");
  REQUIRE(free_bytes(home.disk.path()) == 0);
  CHECK(home.gc() == "trashed trashed ");
  CHECK(home.gc().empty());
  home.now += kHour;
  CHECK(home.gc() == "freed freed ");
  CHECK(free_bytes(home.disk.path()) >= 200000);
}

TEST_CASE("full disk: with no log to write anew, the stamps make room for the notes") {
  FullHome home;
  if (!usable(home)) return;
  for (const char* name : {"a", "b", "c"}) home.label(name + std::string(100000, '.'));
  for (int i = 0; i < 100; ++i) {
    make_folders(home.disk / "cache/stamps/00");
    const std::string path = home.disk / ("cache/stamps/00/" + std::to_string(i));
    write_all(open_file(path, O_WRONLY | O_CREAT, 0600).get(), "v1\n", path);
  }
  home.empty_log();
  fill(home.disk / "filler");
  REQUIRE(free_bytes(home.disk.path()) == 0);
  CHECK(home.gc() == "trashed trashed ");
  CHECK_FALSE(fs::exists(home.disk / "cache/stamps"));
}

TEST_CASE("full disk: with no log and no stamps, garbage of long ago is freed at once") {
  FullHome home;
  if (!usable(home)) return;
  for (const char* name : {"a", "b", "c"}) home.label(name + std::string(100000, '.'));
  home.options.cache.clear();
  fs::remove_all(home.disk / "cache");
  home.now = kStart + std::int64_t{1000} * 24 * kHour * 365;  // the objects' own times are of today
  home.empty_log();
  fill(home.disk / "filler");
  REQUIRE(free_bytes(home.disk.path()) == 0);
  CHECK(home.gc() == "freed freed ");
  CHECK(free_bytes(home.disk.path()) > 0);
}

TEST_CASE("full disk: where nothing can make room it says so, and nothing was lost") {
  FullHome home;
  if (!usable(home)) return;
  for (const char* name : {"a", "b"}) home.label(name + std::string(100000, '.'));
  home.options.cache.clear();
  fs::remove_all(home.disk / "cache");
  home.empty_log();
  fill(home.disk / "filler");
  REQUIRE(free_bytes(home.disk.path()) == 0);
  CHECK(failure([&] { home.gc(); }) ==
        "storage: registry '" + (home.disk / "home/registry.db") +
            "' cannot grow: the disk is full | free some space and run it again");
  fs::remove(home.disk / "filler");
  CHECK(home.gc() == "trashed ");
}

TEST_CASE("full disk: what an abandoned upload left is freed") {
  FullHome home;
  if (!usable(home)) return;
  home.label("a");
  {
    const auto db = open_sqlite({home.disk / "home/registry.db", SqliteOptions::Mode::read_write,
                                 std::chrono::seconds(5), nullptr});
    db->script(
        "INSERT INTO upload VALUES ('lost', 'pending', NULL, NULL, 'here', 'another boot', 1, "
        "1)");
  }
  const std::string path = home.disk / "home/store/staging/lost";
  write_all(open_file(path, O_WRONLY | O_CREAT, 0600).get(), std::string(100000, 's'), path);
  home.empty_log();
  fill(home.disk / "filler");
  REQUIRE(free_bytes(home.disk.path()) == 0);
  CHECK(home.gc() == "freed ");
  CHECK_FALSE(fs::exists(path));
  CHECK(home.gc().empty());
}

}  // namespace algoctl::test
