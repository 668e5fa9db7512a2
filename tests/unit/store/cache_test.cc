#include "store/cache.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "support/temporary_folder.h"
#include "unit/store/store_fixture.h"

namespace fs = std::filesystem;

namespace algoctl {
namespace {

constexpr std::int64_t kNow = 1551312000000;  // 2019-02-28
constexpr std::int64_t kMinute = 60000;
constexpr std::int64_t kEverything = std::int64_t{1} << 40;

struct CacheFixture {
  CacheFixture() { fs::create_directories(folder / "cache"); }

  /// A view of one file, used so many minutes before kNow. Returns its folder.
  [[nodiscard]] std::string view(const std::string& name, std::int64_t minutes_ago) const {
    const std::string object = folder.write("objects/" + name, "bytes of " + name);
    const std::string path = folder / ("cache/views/store/" + name);
    fs::create_directories(path + "/deep");
    fs::create_symlink(object, path + "/deep/m.bin");
    used(path, minutes_ago);
    return path;
  }
  [[nodiscard]] std::string stamp(const std::string& name, std::int64_t minutes_ago) const {
    std::string path = folder.write("cache/stamps/ab/" + name, "v1\n");
    used(path, minutes_ago);
    return path;
  }
  static void used(const std::string& path, std::int64_t minutes_ago) {
    const std::int64_t seconds = (kNow - minutes_ago * kMinute) / 1000;
    const struct timespec times[2] = {{seconds, 0}, {seconds, 0}};
    REQUIRE(utimensat(AT_FDCWD, path.c_str(), times, 0) == 0);
  }
  [[nodiscard]] Cache::Entry entry(const std::string& path, bool look = false) const {
    for (Cache::Entry& each : cache.entries(look)) {
      if (each.path == path) return each;
    }
    FAIL("no entry " << path);
    return {Cache::Kind::view, "", {}};
  }
  /// The paths of all entries, without the cache's own, sorted.
  [[nodiscard]] std::string names() const {
    std::vector<std::string> names;
    for (const Cache::Entry& each : cache.entries(false)) {
      names.push_back(each.path.substr(each.path.rfind('/') + 1));
    }
    std::sort(names.begin(), names.end());
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : " ") + name;
    return text;
  }

  test::TemporaryFolder folder;
  Cache cache{folder / "cache"};
};

}  // namespace

TEST_CASE("Cache: entries are views and stamps, with size, time of use and what they lead to") {
  const CacheFixture fixture;
  const std::string view = fixture.view("aa", 30);
  const std::string stamp = fixture.stamp("1-2", 20);
  CHECK(fixture.entry(view).kind == Cache::Kind::view);
  CHECK(fixture.entry(view).state.used_at == kNow - 30 * kMinute);
  CHECK_FALSE(fixture.entry(view).state.useless);
  CHECK(fixture.entry(stamp).kind == Cache::Kind::stamp);
  CHECK(fixture.entry(stamp).state.used_at == kNow - 20 * kMinute);
  CHECK(fixture.entry(stamp).state.size > 0);
  fs::remove(fixture.folder / "objects/aa");
  CHECK(fixture.entry(view).state.useless);
}

TEST_CASE("Cache: no folder, or none that is there, is a cache with nothing in it") {
  const test::TemporaryFolder folder;
  for (const std::string& path : {std::string(), folder / "none"}) {
    const Cache cache(path);
    CHECK(cache.entries(true).empty());
    cache.drop_stamps();
    cache.trim(0, kNow);
    CHECK_FALSE(cache.hold());
  }
  CHECK(test::files_in(folder.path()) == 0);
}

TEST_CASE("Cache: a view is held while a process has open what it leads to") {
  const CacheFixture fixture;
  const std::string held = fixture.view("aa", 30);
  const std::string other = fixture.view("bb", 30);
  const Fd file = open_file(held + "/deep/m.bin", O_RDONLY);
  CHECK(fixture.entry(held, true).state.held);
  CHECK_FALSE(fixture.entry(other, true).state.held);
  CHECK_FALSE(fixture.entry(held, false).state.held);
}

TEST_CASE("Cache: touch is a use, and spares what was listed before it") {
  const CacheFixture fixture;
  const std::string view = fixture.view("aa", 30);
  const Cache::Entry listed = fixture.entry(view);
  Cache::touch(view);
  CHECK(fixture.entry(view).state.used_at > listed.state.used_at);
  CHECK_FALSE(fixture.cache.remove(listed));
  CHECK(fs::exists(view + "/deep/m.bin"));
  CHECK(fixture.cache.remove(fixture.entry(view)));
  CHECK_FALSE(fs::exists(view));
  CHECK(fs::exists(fixture.folder / "objects/aa"));
  CHECK_FALSE(fixture.cache.remove(listed));
  Cache::touch(fixture.folder / "none");
}

TEST_CASE("Cache: nothing is removed while somebody holds it, and holders do not exclude others") {
  const CacheFixture fixture;
  const std::string view = fixture.view("aa", 30);
  const std::string stamp = fixture.stamp("1-2", 30);
  {
    const Fd held = fixture.cache.hold();
    const Fd also = fixture.cache.hold();
    CHECK(held);
    CHECK(also);
    CHECK_FALSE(fixture.cache.remove(fixture.entry(view)));
    CHECK_FALSE(fixture.cache.remove(fixture.entry(stamp)));
  }
  CHECK(fixture.cache.remove(fixture.entry(view)));
  CHECK(fixture.cache.remove(fixture.entry(stamp)));
  CHECK(fixture.names().empty());
}

TEST_CASE("Cache: a view on its way out is useless, and goes with the next one") {
  const CacheFixture fixture;
  const std::string view = fixture.view(".leaving-0123456789abcdef", 1);
  CHECK(fixture.entry(view).state.useless);
  fixture.cache.trim(kEverything, kNow);
  CHECK(fixture.names().empty());
}

TEST_CASE("Cache: trim keeps to its size, least recently used first; held and young views stay") {
  const CacheFixture fixture;
  const std::string old = fixture.view("old", 90);
  static_cast<void>(fixture.view("older", 100));
  static_cast<void>(fixture.view("oldest", 110));
  static_cast<void>(fixture.view("young", 5));
  static_cast<void>(fixture.stamp("1-2", 105));
  std::int64_t size = 0;
  for (const Cache::Entry& each : fixture.cache.entries(false)) size += each.state.size;
  SUBCASE("all of it fits") {
    fixture.cache.trim(size, kNow);
    CHECK(fixture.names() == "1-2 old older oldest young");
  }
  SUBCASE("a byte too much") {
    fixture.cache.trim(size - 1, kNow);
    const bool views_have_size = fixture.entry(old).state.size > 0;  // not on every file system
    CHECK(fixture.names() == (views_have_size ? "1-2 old older young" : "old older young"));
  }
  SUBCASE("no room at all") {
    const Fd file = open_file(fixture.folder / "objects/oldest", O_RDONLY);
    fixture.cache.trim(-1, kNow);
    CHECK(fixture.names() == "oldest young");
  }
}

TEST_CASE("Cache: trim looks at most once an hour, and again when the clock was put back") {
  const CacheFixture fixture;
  const auto add = [&] { static_cast<void>(fixture.view("aa", 90)); };
  fixture.cache.trim(-1, kNow);
  add();
  fixture.cache.trim(-1, kNow);
  fixture.cache.trim(-1, kNow + 59 * kMinute);
  CHECK(fixture.names() == "aa");
  fixture.cache.trim(-1, kNow + 60 * kMinute);
  CHECK(fixture.names().empty());
  add();
  fixture.cache.trim(-1, kNow - kMinute);
  CHECK(fixture.names().empty());
}

TEST_CASE("Cache: drop_stamps leaves the views") {
  const CacheFixture fixture;
  static_cast<void>(fixture.view("aa", 1));
  static_cast<void>(fixture.stamp("1-2", 1));
  static_cast<void>(fixture.stamp("1-3", 1));
  fixture.cache.drop_stamps();
  CHECK(fixture.names() == "aa");
}

TEST_CASE("Cache: a copy of an object is used when a view of it is") {
  const CacheFixture fixture;
  const std::string copy = fixture.folder.write("cache/objects/ab/abcd", "bytes");
  CacheFixture::used(copy, 90);
  CHECK(fixture.entry(copy).kind == Cache::Kind::copy);
  CHECK(fixture.entry(copy).state.used_at == kNow - 90 * kMinute);

  const std::string view = fixture.view("aa", 30);
  fs::create_symlink(copy, view + "/copy.bin");
  CacheFixture::used(view, 30);
  const Cache::Entry listed = fixture.entry(copy);
  CHECK(listed.state.used_at == kNow - 30 * kMinute);

  Cache::touch(view);
  CHECK_FALSE(fixture.cache.remove(listed));
  CHECK(fs::exists(copy));
  CHECK(fixture.cache.remove(fixture.entry(copy)));
  CHECK_FALSE(fs::exists(copy));
  CHECK(fixture.entry(view).state.useless);
}

TEST_CASE("Cache: a copy that a process has open is held, and so is a transfer") {
  const CacheFixture fixture;
  const std::string copy = fixture.folder.write("cache/objects/ab/abcd", "bytes");
  const std::string part = fixture.folder.write("cache/transfers/abcd.part", "by");
  CHECK(fixture.entry(part).kind == Cache::Kind::transfer);
  CHECK_FALSE(fixture.entry(copy, true).state.held);
  const Fd open_copy = open_file(copy, O_RDONLY, 0);
  const Fd open_part = open_file(part, O_RDONLY, 0);
  CHECK(fixture.entry(copy, true).state.held);
  CHECK(fixture.entry(part, true).state.held);
}

TEST_CASE("Cache: copies are kept to the capacity, least recently used first") {
  const CacheFixture fixture;
  const std::string old_copy =
      fixture.folder.write("cache/objects/ab/abcd", std::string(8192, 'a'));
  const std::string new_copy =
      fixture.folder.write("cache/objects/cd/cdef", std::string(8192, 'b'));
  CacheFixture::used(old_copy, 90);
  CacheFixture::used(new_copy, 60);
  fixture.cache.trim(8192 + 4096, kNow);
  CHECK_FALSE(fs::exists(old_copy));
  CHECK(fs::exists(new_copy));
}

}  // namespace algoctl
