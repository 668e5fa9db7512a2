#include "base/path_watch.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>

#include "algoctl/error.h"
#include "support/temporary_folder.h"

namespace algoctl::test {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kNow{0};
constexpr std::chrono::minutes kForEver{60};

void touch(const std::string& path) {
  REQUIRE(::utimensat(AT_FDCWD, path.c_str(), nullptr, 0) == 0);
}

}  // namespace

TEST_CASE("path watch: a file's time, and nothing of its neighbours") {
  const TemporaryFolder folder;
  const std::string file = folder.write("generation", "");
  const std::string neighbour = folder.write("registry.db-wal", "");
  PathWatch watch = PathWatch::file(file);
  CHECK(watch.wait(kForEver, nullptr));  // it has only just begun to listen
  CHECK_FALSE(watch.wait(kNow, nullptr));
  touch(neighbour);
  fs::remove(neighbour);
  CHECK_FALSE(watch.wait(kNow, nullptr));
  touch(file);
  CHECK(watch.wait(kForEver, nullptr));
  CHECK_FALSE(watch.wait(kNow, nullptr));
}

TEST_CASE("path watch: a file that comes later, goes and comes again") {
  const TemporaryFolder folder;
  const std::string file = folder / "generation";
  PathWatch watch = PathWatch::file(file);
  CHECK(watch.wait(kForEver, nullptr));  // to the folder
  CHECK_FALSE(watch.wait(kNow, nullptr));
  for (int times = 0; times < 2; ++times) {
    CAPTURE(times);
    folder.write("generation", "");
    CHECK(watch.wait(kForEver, nullptr));
    while (watch.wait(kNow, nullptr)) {  // what the folder told of the same
    }
    touch(file);
    CHECK(watch.wait(kForEver, nullptr));
    fs::remove(file);
    CHECK(watch.wait(kForEver, nullptr));
    while (watch.wait(kNow, nullptr)) {
    }
  }
  // Another one takes its name.
  folder.write("generation", "");
  CHECK(watch.wait(kForEver, nullptr));
  while (watch.wait(kNow, nullptr)) {
  }
  fs::rename(folder.write("draft", ""), file);
  CHECK(watch.wait(kForEver, nullptr));
  while (watch.wait(kNow, nullptr)) {
  }
  touch(file);
  CHECK(watch.wait(kForEver, nullptr));
}

TEST_CASE("path watch: of a folder the files that count, and the folder itself") {
  const TemporaryFolder parent;
  const std::string folder = parent / "replicas";
  PathWatch watch = PathWatch::folder(folder, [](std::string_view name) { return name == "a"; });
  CHECK_FALSE(watch.wait(kNow, nullptr));
  fs::create_directory(folder);
  CHECK(watch.wait(kForEver, nullptr));
  parent.write("replicas/b", "");
  CHECK_FALSE(watch.wait(kNow, nullptr));
  parent.write("replicas/a", "");
  CHECK(watch.wait(kForEver, nullptr));
  fs::remove_all(folder);
  CHECK(watch.wait(kForEver, nullptr));
}

TEST_CASE("path watch: woken, stopped, and one that hears nothing") {
  const TemporaryFolder folder;
  PathWatch watch = PathWatch::file(folder.write("generation", ""));
  CHECK(watch.wait(kForEver, nullptr));
  watch.wake();
  CHECK(watch.wait(kForEver, nullptr));
  const std::atomic<bool> stop{true};
  CHECK_THROWS_AS(watch.wait(kForEver, &stop), Error);
  PathWatch nothing = PathWatch::nothing();
  CHECK_FALSE(nothing.wait(kNow, nullptr));
  nothing.wake();
  CHECK(nothing.wait(kForEver, nullptr));
}

}  // namespace algoctl::test
