#include "store/stamps.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <thread>
#include <vector>

#include "support/temporary_folder.h"
#include "unit/store/store_fixture.h"

namespace algoctl {
namespace {

using test::TemporaryFolder;

const FileStamp kStamp{64769, 1234567, 1024, 1551348672123456789, 1551348673123456789};

/// The path of the only file below a folder.
std::string only_file(const std::string& folder) {
  std::string found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) {
      CHECK(found.empty());
      found = entry.path();
    }
  }
  return found;
}

}  // namespace

TEST_CASE("stamp_is_settled: only when any later change must show") {
  constexpr std::int64_t kSecond = 1'000'000'000;
  constexpr std::int64_t kThen = 1551348672 * kSecond;
  struct Case {
    std::int64_t mtime;
    std::int64_t ctime;
    std::int64_t clock;
    bool settled;
  };
  for (const Case& c : {
           Case{kThen + 5, kThen + 7, kThen + 8, true},
           Case{kThen + 5, kThen + 7, kThen + 7, false},  // the same step of the clock
           Case{kThen + 5, kThen + 7, kThen + 6, false},
           Case{kThen + 7, kThen + 5, kThen + 7, false},
           Case{kThen + 7, kThen + 5, kThen + 8, true},
           Case{kThen + 7, kThen + 5, kThen, false},    // the clock was set back
           Case{kThen, kThen, kThen + kSecond, false},  // whole seconds: may be every second one
           Case{kThen, kThen, kThen + 2 * kSecond - 1, false},
           Case{kThen, kThen, kThen + 2 * kSecond, true},
           Case{kThen - 9 * kSecond, kThen + 5, kThen + 6, true},  // an old mtime, as tar sets it
           Case{kThen + 60 * kSecond + 1, kThen + 5, kThen + 6, false},  // an mtime to come
           Case{0, kThen + 5, kThen + 6, true},
       }) {
    CAPTURE(c.mtime);
    CAPTURE(c.ctime);
    CAPTURE(c.clock);
    CHECK(stamp_is_settled({1, 2, 3, c.mtime, c.ctime}, c.clock) == c.settled);
  }
}

TEST_CASE("Stamps: finds what was recorded, for exactly that stamp") {
  const TemporaryFolder cache;
  const Stamps stamps(cache.path());
  const Digest digest = Digest::of("bytes");
  CHECK_FALSE(stamps.find(kStamp));
  stamps.record(kStamp, digest);
  CHECK(stamps.find(kStamp) == digest);
  CHECK(Stamps(cache.path()).find(kStamp) == digest);

  for (auto field : {&FileStamp::size, &FileStamp::mtime_ns, &FileStamp::ctime_ns}) {
    FileStamp other = kStamp;
    ++(other.*field);
    CHECK_FALSE(stamps.find(other));
  }
  for (auto field : {&FileStamp::device, &FileStamp::inode}) {
    FileStamp other = kStamp;
    ++(other.*field);
    CHECK_FALSE(stamps.find(other));
  }
}

TEST_CASE("Stamps: one file for each inode, the last record counts") {
  const TemporaryFolder cache;
  const Stamps stamps(cache.path());
  stamps.record(kStamp, Digest::of("old"));
  FileStamp changed = kStamp;
  changed.mtime_ns += 1;
  stamps.record(changed, Digest::of("new"));
  CHECK_FALSE(stamps.find(kStamp));
  CHECK(stamps.find(changed) == Digest::of("new"));
  CHECK(only_file(cache.path()) == cache / "stamps/87/fd01-12d687");
}

TEST_CASE("Stamps: a note is one line that can be read, and has its owner's mode") {
  const TemporaryFolder cache;
  Stamps(cache.path()).record(kStamp, Digest::of("bytes"));
  const std::string path = only_file(cache.path());
  CHECK(test::read(path) ==
        "v1 64769 1234567 1024 1551348672123456789 1551348673123456789 "
        "277089d91c0bdf4f2e6862ba7e4a07605119431f5d13f726dd352b06f1b206a9 2863275197b7720b\n");
  CHECK((stat_if_there(path)->st_mode & 07777) == 0600);
  CHECK((stat_if_there(cache / "stamps")->st_mode & 07777) == 0700);
}

TEST_CASE("Stamps: a damaged note is not known, whichever byte it is") {
  const TemporaryFolder cache;
  const Stamps stamps(cache.path());
  stamps.record(kStamp, Digest::of("bytes"));
  const std::string path = only_file(cache.path());
  const std::string note = test::read(path);
  const std::string name = path.substr(cache.path().size() + 1);
  for (std::size_t i = 0; i < note.size(); ++i) {
    std::string flipped = note;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    cache.write(name, flipped);
    CHECK_FALSE(stamps.find(kStamp));
    cache.write(name, note.substr(0, i));
    CHECK_FALSE(stamps.find(kStamp));
  }
  cache.write(name, note + note);
  CHECK_FALSE(stamps.find(kStamp));
  cache.write(name, note);
  CHECK(stamps.find(kStamp));
}

TEST_CASE("Stamps: without a cache, or with one that cannot be written, nothing is remembered") {
  const TemporaryFolder folder;
  const std::string file = folder.write("file", "x");
  for (const std::string& cache : {std::string(), file, std::string("/proc/none")}) {
    const Stamps stamps(cache);
    stamps.record(kStamp, Digest::of("bytes"));
    CHECK_FALSE(stamps.find(kStamp));
  }
  folder.write("cache/stamps/87/fd01-12d687/in-the-way", "x");
  const Stamps blocked(folder / "cache");
  blocked.record(kStamp, Digest::of("bytes"));
  CHECK_FALSE(blocked.find(kStamp));
  CHECK(test::files_in(folder / "cache") == 1);
}

TEST_CASE("Stamps: threads that record the same file leave one whole note") {
  const TemporaryFolder cache;
  const Stamps stamps(cache.path());
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 50; ++n) stamps.record(kStamp, Digest::of("bytes"));
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(stamps.find(kStamp) == Digest::of("bytes"));
  CHECK(test::files_in(cache.path()) == 1);
}

}  // namespace algoctl
