#include "store/transfer.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <thread>
#include <vector>

#include "store/blocks_behind.h"
#include "store/sparse_writer.h"
#include "support/small_disk.h"
#include "unit/core/failure.h"
#include "unit/store/store_fixture.h"

namespace algoctl {
namespace {

using test::failure;
using test::kMiB;
using test::TemporaryFolder;

constexpr std::size_t kKiB = 1024;
constexpr std::size_t kBlock = 2 * kMiB;

std::int64_t allocated(int fd) {
  struct stat info {};
  REQUIRE(fstat(fd, &info) == 0);
  return std::int64_t{info.st_blocks} * 512;
}

}  // namespace

TEST_CASE("hash_source and copy_hashed: every size around the blocks, byte for byte") {
  const TemporaryFolder folder;
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, 64 * kKiB - 1, 64 * kKiB, 256 * kKiB, 256 * kKiB + 1,
        kMiB - 1, kMiB, kMiB + 1, 4 * kMiB, 5 * kMiB, 9 * kMiB + 17}) {
    CAPTURE(size);
    const std::string bytes = test::noise(size);
    const std::string path = folder.write("from", bytes);
    ObjectSource hashed = ObjectSource::open(path);
    const Transferred read = hash_source(hashed);
    CHECK(read.digest == Digest::of(bytes));
    CHECK(read.size == static_cast<std::int64_t>(size));

    const std::string to_path = folder / "to";
    const Fd to = test::new_file(to_path);
    ObjectSource source = ObjectSource::open(path);
    const Transferred copied = copy_hashed(source, to.get(), to_path);
    CHECK(copied.digest == read.digest);
    CHECK(copied.size == read.size);
    CHECK(test::read(to_path) == bytes);
    REQUIRE(unlink(to_path.c_str()) == 0);
  }
}

TEST_CASE("copy_hashed: blocks of zeros become holes, wherever they are") {
  const TemporaryFolder folder;
  if (share_blocks(test::new_file(folder / "a").get(), test::new_file(folder / "b").get())) {
    MESSAGE("skipped: blocks are shared here, and a copy has the holes of its source");
    return;
  }
  const auto zeros = [](std::size_t size) { return std::string(size, '\0'); };
  struct Case {
    const char* what;
    std::string bytes;
    std::size_t allocated;  // at most
  };
  for (const Case& c : {
           Case{"all", zeros(3 * kMiB), 0},
           Case{"the end", test::noise(64 * kKiB) + zeros(2 * kMiB), 64 * kKiB},
           Case{"the beginning", zeros(2 * kMiB) + test::noise(64 * kKiB), 64 * kKiB},
           Case{"the middle", test::noise(64 * kKiB) + zeros(4 * kMiB) + test::noise(64 * kKiB),
                128 * kKiB},
           Case{"one block", test::noise(64 * kKiB) + zeros(64 * kKiB) + test::noise(64 * kKiB),
                128 * kKiB},
           Case{"an odd end", zeros(kMiB + 5), 4 * kKiB},
           Case{"zeros but for the last byte of a block", zeros(64 * kKiB - 1) + "x" + zeros(kMiB),
                64 * kKiB},
       }) {
    CAPTURE(std::string(c.what));
    const std::string path = folder.write("from", c.bytes);
    const std::string to_path = folder / "to";
    const Fd to = test::new_file(to_path);
    ObjectSource source = ObjectSource::open(path);
    CHECK(copy_hashed(source, to.get(), to_path).digest == Digest::of(c.bytes));
    CHECK(test::read(to_path) == c.bytes);
    sync_file(to.get(), to_path);
    // Some file systems allocate a little more, for what they keep beside the bytes.
    CHECK(allocated(to.get()) <= static_cast<std::int64_t>(c.allocated + 16 * kKiB));
    REQUIRE(unlink(to_path.c_str()) == 0);
  }
}

TEST_CASE("copy_hashed: a stream of unknown length") {
  const TemporaryFolder folder;
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const Fd in(ends[0]);
  const std::string bytes = test::noise(3 * kMiB + 7);
  std::thread writer([&] {
    const Fd out(ends[1]);
    write_all(out.get(), bytes, "pipe");
  });
  ObjectSource source = ObjectSource::stream(in.get(), "standard input");
  const Fd to = test::new_file(folder / "to");
  const Transferred copied = copy_hashed(source, to.get(), folder / "to");
  writer.join();
  CHECK(copied.digest == Digest::of(bytes));
  CHECK(test::read(folder / "to") == bytes);
}

TEST_CASE("progress: told about every MiB, never backwards, and the end") {
  const TemporaryFolder folder;
  const std::string path = folder.write("from", test::noise(2 * kMiB + 5));
  const auto thread = std::this_thread::get_id();
  std::vector<std::int64_t> told;
  TransferOptions options;
  options.progress = [&](std::int64_t done) {
    CHECK(std::this_thread::get_id() == thread);
    told.push_back(done);
  };
  const std::vector<std::int64_t> expected = {kMiB, 2 * kMiB, 2 * kMiB + 5};
  ObjectSource hashed = ObjectSource::open(path);
  hash_source(hashed, options);
  CHECK(told == expected);

  told.clear();
  const Fd to = test::new_file(folder / "to");
  ObjectSource copied = ObjectSource::open(path);
  copy_hashed(copied, to.get(), folder / "to", options);
  CHECK(told == expected);
}

TEST_CASE("stop: ends a transfer between two blocks") {
  const TemporaryFolder folder;
  const std::string path = folder.write("from", test::noise(4 * kMiB));
  std::atomic<bool> stop = false;
  TransferOptions options{[&](std::int64_t) { stop = true; }, &stop};
  ObjectSource hashed = ObjectSource::open(path);
  CHECK(failure([&] { hash_source(hashed, options); }) == "interrupted: interrupted");
  stop = false;
  const Fd to = test::new_file(folder / "to");
  ObjectSource copied = ObjectSource::open(path);
  CHECK(failure([&] { copy_hashed(copied, to.get(), folder / "to", options); }) ==
        "interrupted: interrupted");
}

TEST_CASE("copy_hashed: a source that changes meanwhile is refused") {
  const TemporaryFolder folder;
  const std::string path = folder.write("from", test::noise(4 * kMiB));
  test::settle(path);
  const TransferOptions options{
      [&](std::int64_t) { write_all(open_file(path, O_WRONLY | O_APPEND).get(), "more", path); },
      nullptr};
  const Fd to = test::new_file(folder / "to");
  ObjectSource source = ObjectSource::open(path);
  CHECK(failure([&] { copy_hashed(source, to.get(), folder / "to", options); }) ==
        "storage: '" + path +
            "' changed while it was read | try again once whatever writes it has finished");
}

TEST_CASE("copy_hashed: what the writing thread cannot write is the caller's error") {
  const TemporaryFolder folder;
  const std::string path = folder.write("from", test::noise(8 * kMiB));
  for (const char* size : {"from", "small"}) {
    const std::string from = std::string(size) == "from" ? path : folder.write("small", "x");
    const Fd read_only = open_file(path, O_RDONLY);
    ObjectSource source = ObjectSource::open(from);
    CHECK(failure([&] { copy_hashed(source, read_only.get(), "to"); }) ==
          "storage: cannot write 'to': Bad file descriptor");
  }
}

TEST_CASE("copy_hashed: a full disk is said to be full") {
  const test::SmallDisk disk("size=2m");
  if (!disk) {
    MESSAGE("skipped: no small disk here");
    return;
  }
  const TemporaryFolder folder;
  const std::string path = folder.write("from", test::noise(8 * kMiB));
  const Fd to = test::new_file(disk / "to");
  ObjectSource source = ObjectSource::open(path);
  CHECK(failure([&] { copy_hashed(source, to.get(), "to"); }) ==
        "storage: cannot write 'to': No space left on device | free some space on the disk, or "
        "choose "
        "another place");
}

TEST_CASE("SparseWriter: past 4 GiB sizes and offsets are still right") {
  const TemporaryFolder folder;
  const Fd to = test::new_file(folder / "to");
  SparseWriter writer(to.get(), folder / "to");
  const std::string zeros(16 * kMiB, '\0');
  for (int i = 0; i < 257; ++i) writer.write(zeros);
  writer.write("end");
  writer.finish();
  constexpr std::int64_t kZeros = std::int64_t{257} * 16 * kMiB;
  CHECK(test::stamp_at(folder / "to").size == kZeros + 3);
  CHECK(allocated(to.get()) <= std::int64_t{64} * kKiB);
  char end[4] = {'?', '?', '?', '?'};
  REQUIRE(pread(to.get(), end, 4, kZeros - 1) == 4);
  CHECK(std::string(end, 4) == std::string("\0end", 4));
}

TEST_CASE("BlocksBehind: a block is not filled again before it is written, however slow the disk") {
  const TemporaryFolder folder;
  const std::string path = folder / "to";
  const Fd to = open_file(path, O_RDWR | O_CREAT | O_DSYNC, 0600);
  SparseWriter writer(to.get(), path);
  BlocksBehind behind(kBlock, [&](std::string_view bytes) { writer.write(bytes); });
  std::string expected;
  for (char c = 'a'; c < 'q'; ++c) {
    const std::string bytes(kBlock, c);
    bytes.copy(behind.block(), bytes.size());
    behind.pass(bytes.size());
    expected += bytes;
  }
  behind.finish();
  CHECK((test::read(path) == expected));
}

TEST_CASE("BlocksBehind: gives up what is left when it is dropped in the middle") {
  const TemporaryFolder folder;
  const Fd to = test::new_file(folder / "to");
  SparseWriter writer(to.get(), folder / "to");
  BlocksBehind behind(kBlock, [&](std::string_view bytes) { writer.write(bytes); });
  for (int i = 0; i < 3; ++i) {
    behind.block()[0] = 'x';
    behind.pass(kBlock);
  }
}

}  // namespace algoctl
