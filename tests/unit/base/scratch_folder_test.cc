#include "base/scratch_folder.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "support/temporary_folder.h"

namespace fs = std::filesystem;

namespace algoctl {

TEST_CASE("ScratchFolder: what a killed process left is gone, and in the end the folder too") {
  const test::TemporaryFolder folder;
  folder.write(".new-12345678/half/file", "left behind");
  folder.write("other/file", "not ours");
  {
    const ScratchFolder scratch(folder.path(), ".new-");
    CHECK(fs::is_empty(scratch.path()));
    CHECK_FALSE(fs::exists(folder / ".new-12345678"));
  }
  CHECK(fs::exists(folder / "other/file"));
  fs::remove_all(folder / "other");
  CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("ScratchFolder: that of a living process is left alone") {
  const test::TemporaryFolder folder;
  const ScratchFolder first(folder.path(), ".new-");
  const std::string mine = first.path().substr(folder.path().size() + 1) + "/mine";
  folder.write(mine, "x");
  const ScratchFolder second(folder.path(), ".new-");
  sweep_scratch_folders(folder.path(), ".new-");
  CHECK(second.path() != first.path());
  CHECK(fs::exists(folder / mine));
  CHECK(fs::exists(second.path()));
}

TEST_CASE("ScratchFolder: a link of that name is neither followed nor removed") {
  const test::TemporaryFolder folder;
  folder.write("precious/file", "x");
  fs::create_symlink(folder / "precious", folder / ".new-link");
  { const ScratchFolder scratch(folder.path(), ".new-"); }
  CHECK(fs::exists(folder / "precious/file"));
  CHECK_NOTHROW(sweep_scratch_folders(folder / "nowhere", ".new-"));
}

}  // namespace algoctl
