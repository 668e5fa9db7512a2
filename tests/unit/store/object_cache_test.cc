#include "store/object_cache.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <thread>
#include <vector>

#include "support/temporary_folder.h"
#include "unit/base/file_fixture.h"
#include "unit/core/failure.h"
#include "unit/store/store_fixture.h"

namespace algoctl {
namespace {

using test::failure;
using test::mode_of;

/// A cache, and a place far away that holds one object.
struct FarObject {
  std::string get() { return cache.get(fetch, digest, 5, {}); }
  [[nodiscard]] std::string part() const {
    return folder / ("cache/transfers/" + digest.hex() + ".part");
  }

  test::TemporaryFolder folder;
  ObjectCache cache{folder / "cache", Stamps()};
  std::string bytes = "bytes";
  Digest digest = Digest::of("bytes");
  std::atomic<int> fetched{0};
  ObjectCache::Fetch fetch = [this](int to, const std::string& to_path, const TransferOptions&) {
    ++fetched;
    write_all(to, bytes, to_path);
    if (Digest::of(bytes) != digest) throw Error(Code::integrity, "other bytes");
  };
};

/// A cache with one object of 2 MiB, whose copy says `damaged` since nobody knows when.
struct DamagedCopy {
  DamagedCopy() {
    get();
    std::filesystem::remove(path());
    damaged[damaged.size() / 2] ^= 1;
    folder.write(path().substr(folder.path().size() + 1), damaged);
    test::settle(path());
  }

  std::string get() {
    const ObjectCache cache(folder / "cache", stamps);
    return test::read(cache.get(fetch, digest, static_cast<std::int64_t>(bytes.size()), {}));
  }
  [[nodiscard]] std::string path() const {
    return ObjectCache(folder / "cache", Stamps()).path_of(digest);
  }
  [[nodiscard]] FileStamp stamp() const { return stamp_of(*stat_if_there(path())); }

  test::TemporaryFolder folder;
  Stamps stamps{folder / "cache"};
  std::string bytes = test::noise(std::size_t{2} << 20);
  std::string damaged = bytes;
  Digest digest = Digest::of(bytes);
  int fetched = 0;
  ObjectCache::Fetch fetch = [this](int to, const std::string& to_path, const TransferOptions&) {
    ++fetched;
    write_all(to, bytes, to_path);
  };
};

}  // namespace

TEST_CASE("ObjectCache: a copy that a power cut has damaged is fetched again") {
  DamagedCopy f;
  CHECK((f.get() == f.bytes));
  CHECK(f.fetched == 2);
  CHECK((f.get() == f.bytes));
  CHECK(f.fetched == 2);
}

TEST_CASE("ObjectCache: what is remembered is not read again") {
  DamagedCopy f;
  f.stamps.record(f.stamp(), f.digest);
  CHECK((f.get() == f.damaged));
  CHECK(f.fetched == 1);
}

TEST_CASE("ObjectCache: an object is fetched once, and nobody may write it") {
  FarObject f;
  const std::string path = f.get();
  CHECK(test::read(path) == "bytes");
  CHECK(mode_of(path) == 0444);
  CHECK(f.get() == path);
  CHECK(f.fetched == 1);
  CHECK(test::files_in(f.folder / "cache/transfers") == 0);
}

TEST_CASE("ObjectCache: a copy that was damaged is fetched again") {
  FarObject f;
  const std::string path = f.get();
  std::filesystem::remove(path);
  f.folder.write(path.substr(f.folder.path().size() + 1), "bites");
  CHECK(test::read(f.get()) == "bytes");
  CHECK(f.fetched == 2);
}

TEST_CASE("ObjectCache: other bytes are not handed out, and not kept") {
  FarObject f;
  f.bytes = "bites";
  CHECK(failure([&] { f.get(); }) == "integrity: other bytes");
  CHECK(test::files_in(f.folder / "cache") == 0);
  f.bytes = "bytes";
  CHECK(test::read(f.get()) == "bytes");
}

TEST_CASE("ObjectCache: what was fetched but got no name can be gone on with") {
  FarObject f;
  // Where a folder is, no file can take its name.
  const std::string path = f.cache.path_of(f.digest);
  std::filesystem::create_directories(path);
  CHECK(failure([&] { f.get(); }).substr(0, 24) == "storage: cannot write '/");
  // Its owner must be able to open it for writing, root or not.
  CHECK((mode_of(f.part()) & S_IWUSR) != 0);
  std::filesystem::remove(path);
  CHECK(test::read(f.get()) == "bytes");
}

TEST_CASE("ObjectCache: of several that want an object at once, one fetches it") {
  FarObject f;
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] { right += test::read(f.get()) == "bytes" ? 1 : 0; });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(right == 8);
  CHECK(f.fetched == 1);
}

}  // namespace algoctl
