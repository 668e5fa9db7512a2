#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <thread>
#include <vector>

#include "base/file.h"
#include "support/small_disk.h"
#include "unit/base/file_fixture.h"
#include "unit/core/failure.h"

namespace algoctl {

using test::entries_in;
using test::failure;
using test::mode_of;
using test::TemporaryFolder;
using test::Umask;

TEST_CASE("make_folders: a shared folder passes on its mode and setgid, any other one less") {
  struct Case {
    mode_t parent;
    mode_t mask;
    mode_t made;
  };
  for (const Case& c :
       {Case{0700, 0022, 0700}, Case{0755, 0022, 0755}, Case{0755, 0077, 0700}, Case{0777, 0, 0755},
        Case{01777, 0, 0755}, Case{02775, 0077, 02775}, Case{02770, 0022, 02770}}) {
    CAPTURE(c.parent);
    const TemporaryFolder folder;
    const Umask umask(c.mask);
    REQUIRE(chmod(folder.path().c_str(), c.parent) == 0);
    make_folders(folder / "a/b/c");
    CHECK(mode_of(folder / "a") == c.made);
    CHECK(mode_of(folder / "a/b/c") == c.made);
    make_folders(folder / "a/b/c");
  }
}

TEST_CASE("make_folders: a file in the way is named") {
  const TemporaryFolder folder;
  const std::string file = folder.write("file", "x");
  CHECK(failure([&] { make_folders(file); }) ==
        "storage: cannot use '" + file +
            "' as a folder: Not a directory | a part of the path is a file, not a folder");
  CHECK(failure([&] { make_folders(file + "/below"); }) ==
        "storage: cannot use '" + file +
            "' as a folder: Not a directory | a part of the path is a file, not a folder");
}

TEST_CASE("make_folders: needs the right to write") {
  if (geteuid() != 0) {
    MESSAGE("skipped: needs root");
    return;
  }
  const TemporaryFolder folder;
  REQUIRE(chmod(folder.path().c_str(), 0755) == 0);
  const test::AsNobody nobody;
  CHECK(
      failure([&] { make_folders(folder / "a"); }) ==
      "storage: cannot make folder '" + (folder / "a") +
          "': Permission denied | check the owner and the mode of it and of the folders above it");
}

TEST_CASE("make_temporary_folder: private, new each time") {
  const TemporaryFolder folder;
  const std::string first = make_temporary_folder(folder.path(), "view-");
  const std::string second = make_temporary_folder(folder.path(), "view-");
  CHECK(first != second);
  CHECK(name_of(first).size() == 13);
  CHECK(mode_of(first) == 0700);
  REQUIRE(chmod(folder.path().c_str(), 02770) == 0);
  CHECK(mode_of(make_temporary_folder(folder.path(), "view-")) == 02770);
}

TEST_CASE("remove_tree: all that is below, and nothing that is linked to") {
  const TemporaryFolder folder;
  folder.write("kept/file", "precious");
  folder.write("tree/a/b/file", "x");
  REQUIRE(symlink("../kept", (folder / "tree/link").c_str()) == 0);
  REQUIRE(symlink("/not/there", (folder / "tree/dangling").c_str()) == 0);
  remove_tree(folder / "tree");
  CHECK_FALSE(stat_if_there(folder / "tree"));
  CHECK(test::read(folder / "kept/file") == "precious");
  remove_tree(folder / "tree");
  remove_tree(folder / "kept/file");
  CHECK(entries_in(folder / "kept") == 0);
}

TEST_CASE("absolute_path: from the root, without dots") {
  struct Case {
    const char* path;
    const char* absolute;
  };
  for (const Case& c :
       {Case{"/", "/"}, Case{"/a/b", "/a/b"}, Case{"/a//b/", "/a/b"}, Case{"/a/./b/../c", "/a/c"},
        Case{"/..", "/"}, Case{"/../a", "/a"}, Case{"/a/..", "/"}}) {
    CAPTURE(c.path);
    CHECK(absolute_path(c.path) == c.absolute);
  }
  const std::string here = std::filesystem::current_path();
  CHECK(absolute_path("") == here);
  CHECK(absolute_path("a/../b") == here + "/b");
}

TEST_CASE("folder_of and name_of: a path taken apart") {
  struct Case {
    const char* path;
    const char* folder;
    const char* name;
  };
  for (const Case& c : {Case{"a", ".", "a"}, Case{"a/b", "a", "b"}, Case{"/a", "/", "a"},
                        Case{"/a/b", "/a", "b"}, Case{"/", "/", ""}, Case{"", ".", ""}}) {
    CAPTURE(c.path);
    CHECK(folder_of(c.path) == c.folder);
    CHECK(name_of(c.path) == c.name);
  }
}

}  // namespace algoctl
