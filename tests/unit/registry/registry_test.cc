#include "registry/registry.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "base/clock.h"
#include "base/file.h"
#include "migrations.h"
#include "registry/migrate.h"
#include "registry/settings.h"
#include "registry/uploads.h"
#include "unit/registry/fixture.h"

using namespace algoctl;
using test::RegistryFixture;

namespace {

/// What opening for reading says: `CODE: message | hint`, or `fine`.
std::string opening(const RegistryOptions& options) {
  try {
    Registry registry(options);
    registry.read([](Db& db) { db.query("SELECT count(*) FROM algorithm").next(); });
    return "fine";
  } catch (const Error& error) {
    return std::string(code_name(error.code())) + ": " + error.message() + " | " + error.hint();
  }
}

void write_at(const std::string& path, off_t offset, const std::string& bytes) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  REQUIRE(fd >= 0);
  CHECK(::pwrite(fd, bytes.data(), bytes.size(), offset) == static_cast<ssize_t>(bytes.size()));
  ::close(fd);
}

}  // namespace

TEST_CASE("registry: an absent one reads as empty and is made by the first write") {
  RegistryFixture fixture;
  CHECK(fixture.resolve("latest") == "none");
  CHECK_FALSE(fixture.registry.exists());
  fixture.publish("1.0.0");
  CHECK(fixture.registry.exists());
  CHECK(fixture.resolve("latest") == "1.0.0");
}

TEST_CASE("registry: a reader that found none sees the one that somebody made meanwhile") {
  RegistryFixture fixture;
  Registry reader(fixture.options());
  int count = -1;
  const auto look = [&] {
    reader.read([&](Db& db) { count = static_cast<int>(algorithm_names(db).size()); });
  };
  look();
  CHECK(count == 0);
  fixture.publish("1.0.0");
  look();
  CHECK(count == 1);
}

TEST_CASE("registry: one that was named but is not there is an error, not an empty one") {
  RegistryFixture fixture;
  RegistryOptions options = fixture.options();
  options.may_make = false;
  CHECK(opening(options) ==
        "storage: there is no registry at '" + options.path +
            "' | check --registry and ALGOCTL_REGISTRY; `algoctl init` makes the "
            "default one");
  Registry registry(options);
  CHECK_THROWS_AS(registry.write([](Db&) {}), Error);
}

TEST_CASE("registry: what is no registry is said to be none, and is never written to") {
  RegistryFixture fixture;
  fixture.publish("1.0.0");
  const std::string path = fixture.folder / "registry.db";
  const RegistryOptions options = fixture.options();

  SUBCASE("an empty file") {
    CHECK(::truncate(path.c_str(), 0) == 0);
    CHECK(opening(options) ==
          "integrity: registry '" + path +
              "' is damaged: the file is empty | nothing was written; restore the "
              "file from a backup");
    Registry registry(options);
    CHECK_THROWS_AS(registry.write([](Db&) {}), Error);
    CHECK(test::read(path).empty());
  }
  SUBCASE("no database") {
    std::ofstream(path, std::ios::trunc) << "this is not a database, however long it may be\n";
    CHECK(opening(options) ==
          "integrity: registry '" + path +
              "' is damaged: file is not a database | nothing was written; restore "
              "the file from a backup");
  }
  SUBCASE("somebody else's database") {
    write_at(path, 68, "elsewise");
    CHECK(opening(options).substr(0, 10) == "integrity:");
    CHECK(opening(options).find("no registry of algoctl") != std::string::npos);
  }
  SUBCASE("a newer schema") {
    fixture.shell()->script("PRAGMA user_version = 99");
    const std::string newest = std::to_string(sqlite_migrations().size());
    CHECK(opening(options) == "storage: registry '" + path +
                                  "' has schema 99, newer than this program, which knows " +
                                  newest + " | nothing was written; install a newer algoctl");
    Registry registry(options);
    CHECK_THROWS_AS(registry.write([](Db&) {}), Error);
  }
  SUBCASE("a symbolic link") {
    const std::string moved = fixture.folder / "elsewhere.db";
    CHECK(::rename(path.c_str(), moved.c_str()) == 0);
    CHECK(::symlink(moved.c_str(), path.c_str()) == 0);
    CHECK(opening(options) ==
          "storage: registry '" + path +
              "' is a symbolic link | name the file it leads to: its side files lie beside it");
  }
  SUBCASE("a folder") {
    CHECK(::unlink(path.c_str()) == 0);
    CHECK(::mkdir(path.c_str(), 0700) == 0);
    CHECK(opening(options).find("is no regular file") != std::string::npos);
  }
  SUBCASE("pages of rubbish") {
    const auto size = static_cast<off_t>(test::read(path).size());
    for (off_t page = 4096; page < size; page += 4096) {
      write_at(path, page, std::string(4096, '\x5a'));
    }
    CHECK(opening(options).substr(0, 9) == "integrity");
  }
}

TEST_CASE("registry: an older schema is brought up to date with all that is in it") {
  RegistryFixture fixture;
  const std::string path = fixture.folder / "registry.db";
  {
    auto db =
        open_sqlite({path, SqliteOptions::Mode::create, std::chrono::milliseconds(1000), nullptr});
    migrate(*db, path, 1);
    CHECK(check_schema(*db, path).version == 1);
    CHECK_FALSE(check_schema(*db, path).current);
    db->script(
        "INSERT INTO setting VALUES ('registry_id', 'r1');"
        "INSERT INTO algorithm VALUES (1, 'acme/old', 'acme/old', 0, NULL, 0, 0, 0, '')");
    CHECK_THROWS_AS(db->script("SELECT * FROM channel"), Error);
  }
  std::string id;
  fixture.registry.read([&](Db& db) {
    id = setting(db, "registry_id").value();
    CHECK(algorithm_names(db).at(0).str() == "acme/old");
    CHECK_NOTHROW(db.query("SELECT * FROM channel").next());
    CHECK(check_schema(db, path).current);
  });
  CHECK(id == "r1");
  CHECK(fixture.publish("1.0.0", "a", "acme/old").sequence == 1);
}

TEST_CASE("registry: an upload under way outlives the schema in which it had an algorithm") {
  RegistryFixture fixture;
  const std::string path = fixture.folder / "registry.db";
  {
    const auto db =
        open_sqlite({path, SqliteOptions::Mode::create, std::chrono::seconds(1), nullptr});
    migrate(*db, path, 3);
    db->script(
        "INSERT INTO setting VALUES ('registry_id', 'r1');"
        "INSERT INTO algorithm VALUES (1, 'acme/old', 'acme/old', 0, NULL, 0, 0, 0, '');"
        "INSERT INTO upload VALUES ('u1', 1, 'stored', 'abc', 3, 'here', 'a boot', 7, 1)");
  }
  fixture.registry.read([](Db& db) {
    CHECK(upload_ids(db) == std::vector<std::string>{"u1"});
    Rows& rows = db.query("SELECT state, object, size, host, boot, pid, started_at FROM upload");
    REQUIRE(rows.next());
    CHECK(rows.text(1) == "abc");
    CHECK(rows.integer(5) == 7);
  });
}

TEST_CASE("registry: an older schema stays as it is where reading may change nothing") {
  RegistryFixture fixture;
  const std::string path = fixture.folder / "registry.db";
  migrate(*open_sqlite({path, SqliteOptions::Mode::create, std::chrono::seconds(1), nullptr}), path,
          1);
  RegistryOptions options = fixture.options();
  options.may_migrate = false;
  CHECK(opening(options) == "storage: registry '" + path +
                                "' has the older schema 1 and may not be written | let somebody "
                                "who may write it run any algoctl command once");
  CHECK(check_schema(*fixture.shell(), path).version == 1);
  options.may_migrate = true;
  CHECK(opening(options) == "fine");
  CHECK(check_schema(*fixture.shell(), path).current);
}

TEST_CASE("registry: nothing of a write is there when its body throws") {
  RegistryFixture fixture;
  fixture.publish("1.0.0");
  CHECK_THROWS_AS(fixture.registry.write([](Db& db) {
    take_algorithm(db, Algorithm::parse("acme/half"));
    throw Error(Code::conflict, "half way");
  }),
                  Error);
  fixture.registry.read(
      [](Db& db) { CHECK_FALSE(find_algorithm(db, Algorithm::parse("acme/half"))); });
  CHECK_NOTHROW(fixture.publish("1.1.0"));
}

TEST_CASE("registry: a locked one is busy once the time is over, and says how to wait longer") {
  RegistryFixture fixture;
  fixture.publish("1.0.0");
  auto holder = fixture.shell();
  holder->begin(Db::Access::write);
  RegistryOptions options = fixture.options();
  options.timeout = std::chrono::milliseconds(5);
  Registry registry(options);
  std::string said;
  try {
    registry.write([](Db&) {});
  } catch (const Error& error) {
    said = std::string(code_name(error.code())) + ": " + error.message() + " | " + error.hint();
  }
  CHECK(said ==
        "busy: registry '" + options.path +
            "' is still locked by another process | try again, or wait longer with --timeout");
  std::string seen;
  registry.read([&](Db& db) {
    seen = find_algorithm(db, Algorithm::parse("acme/sentiment"))->highest_release->str();
  });
  CHECK(seen == "1.0.0");
}

TEST_CASE("registry: a locked one is waited for once, and whoever gave up stands in nobody's way") {
  RegistryFixture fixture;
  fixture.publish("1.0.0");
  auto holder = fixture.shell();
  holder->begin(Db::Access::write);
  RegistryOptions options = fixture.options();
  options.timeout = std::chrono::milliseconds(400);
  Registry late(options);
  const std::int64_t began = uptime_ms();
  CHECK_THROWS_AS(late.write([](Db&) {}), Error);
  CHECK(uptime_ms() - began < 2 * 400);

  // Now nobody is before it in the queue; SQLite's own lock is held as before.
  const std::string queue = options.path + ".lock";
  REQUIRE(::unlink(queue.c_str()) == 0);
  CHECK_THROWS_AS(late.write([](Db&) {}), Error);
  const Fd turn = open_file(queue, O_RDONLY);
  CHECK(::flock(turn.get(), LOCK_EX | LOCK_NB) == 0);
}

TEST_CASE("registry: a stop flag ends the wait for the lock") {
  RegistryFixture fixture;
  fixture.publish("1.0.0");
  auto holder = fixture.shell();
  holder->begin(Db::Access::write);
  const std::atomic<bool> stop{true};
  RegistryOptions options = fixture.options();
  options.stop = &stop;
  Registry registry(options);
  try {
    registry.write([](Db&) {});
    FAIL("the lock was free");
  } catch (const Error& error) {
    CHECK(error.code() == Code::interrupted);
  }
}

TEST_CASE("registry: reads nest and see one state; a write inside a read is a defect") {
  RegistryFixture fixture;
  fixture.publish("1.0.0");
  Registry other(fixture.options());
  other.read([&](Db& outer) {
    CHECK(algorithm_names(outer).size() == 1);
    fixture.publish("1.0.0", "a", "acme/second");
    other.read([&](Db& inner) { CHECK(algorithm_names(inner).size() == 1); });
    CHECK_THROWS_AS(other.write([](Db&) {}), Error);
  });
  other.read([&](Db& db) { CHECK(algorithm_names(db).size() == 2); });
}

TEST_CASE("registry: several that are made at once are one") {
  RegistryFixture fixture;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      Registry registry(fixture.options());
      registry.write(
          [&](Db& db) { take_algorithm(db, Algorithm::parse("acme/a" + std::to_string(i))); });
    });
  }
  for (auto& thread : threads) thread.join();
  fixture.registry.read([](Db& db) { CHECK(algorithm_names(db).size() == 8); });
}

TEST_CASE(
    "registry: a folder that a group shares gives the file its mode and keeps the side files") {
  RegistryFixture fixture;
  CHECK(::chmod(fixture.folder.path().c_str(), 02775) == 0);
  fixture.publish("1.0.0");
  struct stat info {};
  const std::string path = fixture.folder / "registry.db";
  CHECK(::stat(path.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0664);
  for (const char* suffix : {"-wal", "-shm", ".lock", ".generation"}) {
    CAPTURE(suffix);
    CHECK(::stat((path + suffix).c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0664);
  }
}

TEST_CASE("registry: every write moves the generation file's time") {
  RegistryFixture fixture;
  fixture.publish("1.0.0");
  const std::string path = fixture.folder / "registry.db.generation";
  const struct timespec past[2] = {{1, 0}, {1, 0}};
  CHECK(::utimensat(AT_FDCWD, path.c_str(), past, 0) == 0);
  fixture.publish("1.1.0");
  struct stat info {};
  CHECK(::stat(path.c_str(), &info) == 0);
  CHECK(info.st_mtim.tv_sec > 1);
}

TEST_CASE("registry: another file that takes its name is what is read and written from then on") {
  RegistryFixture fixture;
  fixture.publish("1.0.0");
  CHECK(fixture.resolve("latest") == "1.0.0");
  {
    RegistryFixture other;
    other.publish("2.0.0");
    other.shell()->script("VACUUM INTO '" + (fixture.folder / "restored") + "'");
  }
  for (const char* name : {"registry.db", "registry.db-wal", "registry.db-shm"}) {
    CHECK(::unlink((fixture.folder / name).c_str()) == 0);
  }
  CHECK(fixture.resolve("latest") == "none");
  CHECK(::rename((fixture.folder / "restored").c_str(), fixture.options().path.c_str()) == 0);
  CHECK(fixture.resolve("latest") == "2.0.0");
  fixture.publish("2.1.0");
  Registry fresh(fixture.options());
  std::int64_t versions = 0;
  fresh.read([&](Db& db) {
    Rows& rows = db.query("SELECT count(*) FROM version");
    rows.next();
    versions = rows.integer(0);
  });
  CHECK(versions == 2);
}
