#include "store/staging_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/temporary_folder.h"
#include "unit/core/failure.h"
#include "unit/store/store_fixture.h"

namespace algoctl {
namespace {

using test::failure;
using test::TemporaryFolder;

}  // namespace

TEST_CASE("StagingFile: goes away unless it got its name") {
  const TemporaryFolder folder;
  {
    const StagingFile staged(folder / "staged");
    CHECK((stat_if_there(folder / "staged")->st_mode & 07777) == 0600);
  }
  CHECK(test::files_in(folder.path()) == 0);
}

TEST_CASE("StagingFile: never takes over what is there, file or link") {
  const TemporaryFolder folder;
  const std::string path = folder.write("staged", "somebody's");
  CHECK(failure([&] { const StagingFile staged(path); }) ==
        "storage: cannot open '" + path + "': File exists");
  CHECK(test::read(path) == "somebody's");
  REQUIRE(symlink("victim", (folder / "link").c_str()) == 0);
  CHECK(failure([&] { const StagingFile staged(folder / "link"); }) ==
        "storage: cannot open '" + (folder / "link") + "': File exists");
  CHECK_FALSE(stat_if_there(folder / "victim"));
}

TEST_CASE("StagingFile: gets a new name at once, with its mode, and keeps no other") {
  const TemporaryFolder folder;
  StagingFile staged(folder / "staged");
  write_all(staged.fd(), "bytes", staged.path());
  staged.seal(0444);
  CHECK(staged.move_to_new(folder / "final"));
  CHECK(test::read(folder / "final") == "bytes");
  CHECK((stat_if_there(folder / "final")->st_mode & 07777) == 0444);
  CHECK(stat_if_there(folder / "final")->st_nlink == 1);
  CHECK(test::files_in(folder.path()) == 1);
}

TEST_CASE("StagingFile: a name that is taken stays with its file, unless it is moved over it") {
  const TemporaryFolder folder;
  folder.write("final", "old");
  {
    StagingFile staged(folder / "staged");
    write_all(staged.fd(), "new", staged.path());
    CHECK_FALSE(staged.move_to_new(folder / "final"));
    CHECK(test::read(folder / "final") == "old");
    staged.move_over(folder / "final");
  }
  CHECK(test::read(folder / "final") == "new");
  CHECK(test::files_in(folder.path()) == 1);
}

TEST_CASE("StagingFile: what is named is what was written, whatever took the name meanwhile") {
  const TemporaryFolder folder;
  StagingFile staged(folder / "staged");
  write_all(staged.fd(), "written", staged.path());
  REQUIRE(link(staged.path().c_str(), (folder / "aside").c_str()) == 0);
  REQUIRE(unlink(staged.path().c_str()) == 0);
  folder.write("staged", "smuggled in");
  CHECK(staged.move_to_new(folder / "final"));
  CHECK(test::read(folder / "final") == "written");
}

TEST_CASE("StagingFile: a folder that is not there is named") {
  const TemporaryFolder folder;
  StagingFile staged(folder / "staged");
  CHECK(failure([&] { (void)staged.move_to_new(folder / "none/final"); }) ==
        "storage: cannot make '" + (folder / "none/final") + "': No such file or directory");
  CHECK(failure([&] { staged.move_over(folder / "none/final"); }) ==
        "storage: cannot replace '" + (folder / "none/final") + "': No such file or directory");
}

}  // namespace algoctl
