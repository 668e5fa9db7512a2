#include "store/sync_behind.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include "base/file.h"
#include "support/temporary_folder.h"
#include "unit/core/failure.h"

namespace algoctl::test {
namespace {

constexpr std::int64_t kMuch = std::int64_t{16} << 20;

/// A descriptor that nothing can bring to a disk, with a name as a file has one.
struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    read = Fd(ends[0]);
    write = Fd(ends[1]);
  }
  Fd read;
  Fd write;
};

}  // namespace

TEST_CASE("SyncBehind: a failure that the kernel says once is said at the end") {
  const Pipe pipe;
  SyncBehind disk(pipe.write.get(), "model.bin");
  disk.written(kMuch - 1);
  disk.written(1);
  disk.written(kMuch);  // nobody is there any more
  CHECK(failure([&] { disk.finish(); }) == "storage: cannot write 'model.bin': Invalid argument");
}

TEST_CASE("SyncBehind: what is small is left to the fsync at the end") {
  const Pipe pipe;
  SyncBehind disk(pipe.write.get(), "model.bin");
  disk.written(kMuch - 1);
  disk.finish();
}

TEST_CASE("SyncBehind: what has no name is not brought to the disk") {
  const TemporaryFolder folder;
  const std::string path = folder / "pipe";
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  const Fd file = open_file(path, O_RDWR);
  REQUIRE(::unlink(path.c_str()) == 0);
  SyncBehind disk(file.get(), "model.bin");
  disk.written(kMuch);
  disk.finish();  // trying would have failed
}

TEST_CASE("SyncBehind: in turn with whoever writes, and given up without an end") {
  const TemporaryFolder folder;
  const Fd file = open_file(folder.write("model.bin", "model"), O_RDWR);
  for (const bool finishes : {true, false}) {
    SyncBehind disk(file.get(), "model.bin");
    for (int i = 0; i < 20; ++i) {
      REQUIRE(::pwrite(file.get(), "model", 5, i) == 5);
      disk.written(kMuch);
    }
    if (finishes) disk.finish();
  }
}

}  // namespace algoctl::test
