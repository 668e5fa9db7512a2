#include "client/place_files.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>

#include "algoctl/error.h"
#include "support/temporary_folder.h"
#include "unit/core/failure.h"

namespace fs = std::filesystem;

namespace algoctl::test {

TEST_CASE("place_files: all get their names, what was there is replaced") {
  const TemporaryFolder folder;
  folder.write("new1", "one");
  folder.write("new2", "two");
  folder.write("a", "old");
  place_files(
      {{folder / "new1", {folder.path(), "a"}}, {folder / "new2", {folder.path(), "deep/b"}}});
  CHECK(read(folder / "a") == "one");
  CHECK(read(folder / "deep/b") == "two");
}

TEST_CASE("place_files: when one fails, those before it are as they were") {
  const TemporaryFolder folder;
  folder.write("new1", "one");
  folder.write("new2", "two");
  folder.write("a", "old");
  struct stat before {};
  REQUIRE(::stat((folder / "a").c_str(), &before) == 0);
  CHECK_THROWS_AS(place_files({{folder / "new1", {folder.path(), "a"}},
                               {folder / "new2", {folder.path(), "b"}},
                               {folder / "missing", {folder.path(), "c"}}}),
                  Error);
  CHECK(read(folder / "a") == "old");
  CHECK_FALSE(fs::exists(folder / "b"));
  CHECK_FALSE(fs::exists(folder / "c"));
  struct stat after {};
  REQUIRE(::stat((folder / "a").c_str(), &after) == 0);
  CHECK(after.st_ino == before.st_ino);
}

TEST_CASE("place_files: no link leads out of the folder") {
  const TemporaryFolder folder;
  folder.write("new", "one");
  folder.write("outside/f", "theirs");
  folder.write("set/g", "");
  fs::create_directory_symlink(folder / "outside", folder / "set/link");
  for (const char* name : {"link/f", "link/deep/f"}) {
    CAPTURE(std::string(name));
    CHECK(failure([&] {
            place_files({{folder / "new", {folder / "set", name}}});
          }).find("usage: ") == 0);
  }
  CHECK(read(folder / "outside/f") == "theirs");
  CHECK_FALSE(fs::exists(folder / "outside/deep"));
  // The folder that was named may be one.
  place_files({{folder / "new", {folder / "set/link", "f"}}});
  CHECK(read(folder / "outside/f") == "one");
}

TEST_CASE("place_folder: with all in it, but never over another") {
  const TemporaryFolder folder;
  folder.write("one/f", "1");
  folder.write("two/f", "2");
  CHECK(place_folder(folder / "one", folder / "set"));
  CHECK_FALSE(place_folder(folder / "two", folder / "set"));
  CHECK(read(folder / "set/f") == "1");
  CHECK(read(folder / "two/f") == "2");
}

}  // namespace algoctl::test
