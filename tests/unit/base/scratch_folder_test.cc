#include "base/scratch_folder.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "support/temporary_folder.h"

namespace fs = std::filesystem;

namespace algoctl {

TEST_CASE("ScratchFolder: what a killed process left is gone, and in the end the folder too") {
  const test::TemporaryFolder folder;
  folder.write(".making/half/file", "left behind");
  {
    const ScratchFolder scratch(folder.path(), ".making");
    CHECK(scratch.path() == folder / ".making");
    CHECK(fs::is_empty(scratch.path()));
    folder.write(".making/new", "x");
  }
  CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("ScratchFolder: a second one at the same time has a name of its own") {
  const test::TemporaryFolder folder;
  {
    const ScratchFolder first(folder.path(), ".making");
    folder.write(".making/mine", "x");
    const ScratchFolder second(folder.path(), ".making");
    CHECK(second.path() != first.path());
    CHECK(fs::is_empty(second.path()));
    CHECK(fs::exists(folder / ".making/mine"));
  }
  CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("ScratchFolder: a link in its place is not followed") {
  const test::TemporaryFolder folder;
  folder.write("precious/file", "x");
  fs::create_symlink(folder / "precious", folder / ".making");
  {
    const ScratchFolder scratch(folder.path(), ".making");
    CHECK(scratch.path() != folder / ".making");
  }
  CHECK(fs::exists(folder / "precious/file"));
}

}  // namespace algoctl
