#include "base/open_files.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "support/process.h"
#include "support/temporary_folder.h"

using namespace algoctl;

namespace {

bool is_open(const std::string& path) {
  const struct stat info = stat_if_there(path).value();
  return open_files().count({info.st_dev, info.st_ino}) > 0;
}

}  // namespace

TEST_CASE("open_files: a file that this process has open, until it is closed") {
  const test::TemporaryFolder folder;
  const std::string path = folder.write("model", "bytes");
  CHECK_FALSE(is_open(path));
  {
    const Fd file = open_file(path, O_RDONLY);
    CHECK(is_open(path));
  }
  CHECK_FALSE(is_open(path));
}

TEST_CASE("open_files: a file that is mapped, its descriptor closed") {
  const test::TemporaryFolder folder;
  const std::string path = folder.write("a model", "bytes");
  void* address = nullptr;
  {
    const Fd file = open_file(path, O_RDONLY);
    address = mmap(nullptr, 5, PROT_READ, MAP_PRIVATE, file.get(), 0);
  }
  REQUIRE(address != MAP_FAILED);
  CHECK(is_open(path));
  munmap(address, 5);
  CHECK_FALSE(is_open(path));
}

TEST_CASE("open_files: a file that another process has open, by whatever name") {
  const test::TemporaryFolder folder;
  const std::string path = folder.write("model", "bytes");
  REQUIRE(symlink(path.c_str(), (folder / "link").c_str()) == 0);
  test::Process other({"sh", "-c", "exec < link; echo ready; cat >/dev/null; sleep 60"},
                      {.hold_input = true, .cwd = folder.path()});
  other.wait_for_out("ready");
  CHECK(is_open(path));
}
