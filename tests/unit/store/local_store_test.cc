#include "store/local_store.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <thread>
#include <vector>

#include "store/verify.h"
#include "support/conformance.h"
#include "support/small_disk.h"
#include "unit/core/failure.h"
#include "unit/store/store_fixture.h"

namespace algoctl {
namespace {

using test::failure;
using test::kMiB;
using test::put_file;
using test::TemporaryFolder;

constexpr const char* kId = "0123456789abcdef0123456789abcdef";

/// A folder with a store in it, made when the test begins.
struct LocalFixture {
  TemporaryFolder folder;
  Stamps stamps{folder / "cache"};
  std::unique_ptr<LocalStore> store = LocalStore::create(folder / "store", "owner", stamps);

  /// Overwrites an object, as a failing disk or a careless hand would.
  void damage(const Digest& digest, const std::string& bytes) const {
    const std::string path = store->object_path(digest);
    REQUIRE(unlink(path.c_str()) == 0);
    folder.write(path.substr(folder.path().size() + 1), bytes);
  }
  [[nodiscard]] std::size_t staged() const { return test::files_in(folder / "store/staging"); }
};

/// How many bytes a put reads.
std::int64_t bytes_read_by_put(Store& store, const std::string& path) {
  std::int64_t bytes = 0;
  ObjectSource source = ObjectSource::open(path);
  store.put(source, "counted", {[&](std::int64_t done) { bytes = done; }, nullptr});
  return bytes;
}

}  // namespace

TEST_CASE("LocalStore: a new store has an id, an owner and a marker that anybody can read") {
  const TemporaryFolder folder;
  const auto made = LocalStore::create(folder / "deep/store", "registry-1", Stamps());
  CHECK(made->id().size() == 32);
  CHECK(made->owner() == "registry-1");
  CHECK(made->folder() == folder / "deep/store");
  CHECK(test::read(folder / "deep/store/store.json") ==
        R"({"schema":"algoctl.store/v1","id":")" + made->id() + "\",\"owner\":\"registry-1\"}\n");
  CHECK(test::files_in(folder.path()) == 1);

  const auto opened = LocalStore::open(folder / "deep/store", Stamps());
  CHECK(opened->id() == made->id());
  CHECK(opened->owner() == "registry-1");
}

TEST_CASE("LocalStore: made again it is the one that is there") {
  const TemporaryFolder folder;
  const auto first = LocalStore::create(folder.path(), "first", Stamps());
  const auto second = LocalStore::create(folder.path(), "second", Stamps());
  CHECK(second->id() == first->id());
  CHECK(second->owner() == "first");
}

TEST_CASE("LocalStore: of many creators one wins, and all agree") {
  const TemporaryFolder folder;
  std::vector<std::string> ids(8);
  std::vector<std::thread> creators;
  for (std::string& id : ids) {
    creators.emplace_back(
        [&] { id = LocalStore::create(folder / "store", "owner", Stamps())->id(); });
  }
  for (std::thread& creator : creators) creator.join();
  for (const std::string& id : ids) CHECK(id == ids.front());
  CHECK(test::files_in(folder.path()) == 1);
}

TEST_CASE("LocalStore: what cannot be opened, and why") {
  const TemporaryFolder folder;
  const std::string path = folder / "store.json";
  const auto open = [&](const std::string& marker) {
    folder.write("store.json", marker);
    return failure([&] { LocalStore::open(folder.path(), Stamps()); });
  };
  const std::string no_store = "storage: there is no store in '" + folder.path();
  const std::string mounted = "' | check the path, and that the disk which holds it is mounted";
  CHECK(failure([&] { LocalStore::open(folder.path(), Stamps()); }) == no_store + mounted);
  CHECK(failure([&] { LocalStore::open(folder / "none", Stamps()); }) ==
        no_store + "/none" + mounted);

  const std::string not_one = "storage: '" + path + "' is not the marker of a store: ";
  const std::string copy = " | bring it back from a copy: it names the store";
  CHECK(open(R"({"schema":"algoctl.store/v2","id":1})") ==
        "storage: store '" + folder.path() +
            "' is of the newer kind 'algoctl.store/v2' | upgrade algoctl: this one knows "
            "algoctl.store/v1");
  CHECK(open(R"({"schema":"other"})") == not_one + "its schema is 'other'" + copy);
  CHECK(open("{}") == not_one + "its schema is ''" + copy);
  CHECK(open("[]") == not_one + "its schema is ''" + copy);
  CHECK(open(R"({"schema":"algoctl.store/v1","id":"../x"})") ==
        not_one + "its id is '../x'" + copy);
  CHECK(open("").substr(0, not_one.size()) == not_one);
  CHECK(open(R"({"schema":"algoctl.store/v1","id":")" + std::string(kId) + "\"}") == "nothing");

  REQUIRE(unlink(path.c_str()) == 0);
  REQUIRE(mkdir(path.c_str(), 0700) == 0);
  CHECK(failure([&] { LocalStore::open(folder.path(), Stamps()); }) ==
        not_one + "it is not a regular file" + copy);
}

TEST_CASE("put: the bytes get their digest for a name, and nobody may write them") {
  const LocalFixture f;
  for (const std::size_t size : {std::size_t{0}, std::size_t{5}, kMiB, 3 * kMiB + 1}) {
    CAPTURE(size);
    const std::string bytes = test::noise(size);
    const Stored stored = put_file(*f.store, f.folder.write("file", bytes), "upload-1");
    CHECK(stored.digest == Digest::of(bytes));
    CHECK(stored.size == static_cast<std::int64_t>(size));
    CHECK(stored.created);
    CHECK(stored.warning.empty());
    const std::string hex = stored.digest.hex();
    const std::string path = f.folder / "store/objects/sha256/" + hex.substr(0, 2) + "/" + hex;
    CHECK(f.store->local_path(stored.digest) == path);
    CHECK(f.store->has(stored.digest, stored.size));
    CHECK_FALSE(f.store->has(stored.digest, stored.size + 1));
    CHECK(test::read(path) == bytes);
    CHECK((stat_if_there(path)->st_mode & 07777) == 0444);
    CHECK(stat_if_there(path)->st_nlink == 1);
    CHECK(f.staged() == 0);
  }
  CHECK_FALSE(f.store->has(Digest::of("never"), 5));
  CHECK_FALSE(f.store->local_path(Digest::of("never")));
}

TEST_CASE("put: the same bytes from another file are kept once") {
  const LocalFixture f;
  put_file(*f.store, f.folder.write("a", "bytes"), "upload-1");
  const FileStamp before = test::stamp_at(f.store->object_path(Digest::of("bytes")));
  const Stored again = put_file(*f.store, f.folder.write("b", "bytes"), "upload-2");
  CHECK_FALSE(again.created);
  CHECK(again.warning.empty());
  CHECK(test::stamp_at(f.store->object_path(Digest::of("bytes"))) == before);
  CHECK(f.staged() == 0);
}

TEST_CASE("put: an unchanged file is not read again, and its object neither") {
  const LocalFixture f;
  const std::string path = f.folder.write("file", test::noise(2 * kMiB));
  test::settle(path);
  CHECK(bytes_read_by_put(*f.store, path) == 2 * kMiB);
  CHECK(f.stamps.find(test::stamp_at(f.store->object_path(hash_file(path)))) == hash_file(path));
  CHECK(bytes_read_by_put(*f.store, path) == 0);

  const Stored stored = put_file(*f.store, path, "upload-2");
  CHECK_FALSE(stored.created);
  CHECK(stored.digest == hash_file(path));

  f.folder.write("file", test::noise(2 * kMiB, 2));
  CHECK(bytes_read_by_put(*f.store, path) == 2 * kMiB);
}

TEST_CASE("put: a file that is known, but whose object went away, is stored again") {
  const LocalFixture f;
  const std::string path = f.folder.write("file", test::noise(kMiB));
  test::settle(path);
  const Stored stored = put_file(*f.store, path, "upload-1");
  REQUIRE(unlink(f.store->object_path(stored.digest).c_str()) == 0);
  CHECK(put_file(*f.store, path, "upload-2").created);
  CHECK(f.store->has(stored.digest, stored.size));
}

TEST_CASE("put: a damaged object is mended by the right bytes, and it is said") {
  const LocalFixture f;
  const std::string path = f.folder.write("file", "bytes");
  const Digest digest = put_file(*f.store, path, "upload-1").digest;
  for (const char* damaged : {"BYTES", "", "longer than before"}) {
    f.damage(digest, damaged);
    const Stored stored = put_file(*f.store, path, "upload-2");
    CHECK(stored.created);
    CHECK(stored.warning == "object " + digest.str() + " was damaged in the store; it is mended");
    CHECK(test::read(f.store->object_path(digest)) == "bytes");
    CHECK((stat_if_there(f.store->object_path(digest))->st_mode & 07777) == 0444);
  }
  CHECK(f.staged() == 0);
}

TEST_CASE("put: standard input, whose length nobody knows") {
  const LocalFixture f;
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const Fd in(ends[0]);
  {
    const Fd out(ends[1]);
    write_all(out.get(), "bytes", "pipe");
  }
  ObjectSource source = ObjectSource::stream(in.get(), "standard input");
  const Stored stored = f.store->put(source, "upload-1", {});
  CHECK(stored.digest == Digest::of("bytes"));
  CHECK(stored.size == 5);
}

TEST_CASE("put: what changes while it is read is refused, and nothing stays behind") {
  const LocalFixture f;
  const std::string path = f.folder.write("file", test::noise(3 * kMiB));
  test::settle(path);
  ObjectSource source = ObjectSource::open(path);
  const TransferOptions options{
      [&](std::int64_t) { write_all(open_file(path, O_WRONLY | O_APPEND).get(), "x", path); },
      nullptr};
  CHECK(failure([&] { f.store->put(source, "upload-1", options); }) ==
        "storage: '" + path +
            "' changed while it was read | try again once whatever writes it has finished");
  CHECK(test::files_in(f.folder / "store") == 1);
  CHECK_FALSE(f.stamps.find(test::stamp_at(path)));
}

TEST_CASE("put: a stop ends it, and nothing stays behind") {
  const LocalFixture f;
  std::atomic<bool> stop = false;
  ObjectSource source = ObjectSource::open(f.folder.write("file", test::noise(3 * kMiB)));
  const TransferOptions options{[&](std::int64_t) { stop = true; }, &stop};
  CHECK(failure([&] { f.store->put(source, "upload-1", options); }) == "interrupted: interrupted");
  CHECK(test::files_in(f.folder / "store") == 1);
}

TEST_CASE("put: an upload id is a name, never a path, and never used twice at once") {
  const LocalFixture f;
  const std::string path = f.folder.write("file", "bytes");
  CHECK(failure([&] { put_file(*f.store, path, "../x"); }) ==
        "internal: malformed upload id '../x'");
  CHECK(failure([&] { put_file(*f.store, path, ""); }) == "internal: malformed upload id ''");
  const std::string taken = f.folder.write("store/staging/upload-1", "of somebody");
  CHECK(failure([&] { put_file(*f.store, path, "upload-1"); }) ==
        "storage: cannot open '" + taken + "': File exists");
  CHECK(test::read(taken) == "of somebody");
}

TEST_CASE("put: a full disk is said to be full, and nothing stays behind") {
  const test::SmallDisk disk("size=4m");
  if (!disk) {
    MESSAGE("skipped: no small disk here");
    return;
  }
  const TemporaryFolder folder;
  const auto store = LocalStore::create(disk / "store", "owner", Stamps());
  const std::string path = folder.write("file", test::noise(8 * kMiB));
  CHECK(failure([&] { put_file(*store, path, "upload-1"); }) ==
        "storage: cannot write '" + (disk / "store/staging/upload-1") +
            "': No space left on device | free some space on the disk, or choose another place");
  CHECK(test::files_in(disk.path()) == 1);
  CHECK(put_file(*store, folder.write("small", test::noise(kMiB)), "upload-2").created);
}

TEST_CASE("put: whichever new name the disk has no room for, nothing stays behind") {
  const TemporaryFolder folder;
  const std::string path = folder.write("file", "bytes");
  bool done = false;
  // One more name each time: folder by folder, then the marker, the staging file, the object's
  // folder.
  for (int names = 2; names < 20 && !done; ++names) {
    const test::SmallDisk disk("size=1m,nr_inodes=" + std::to_string(names));
    if (!disk) {
      MESSAGE("skipped: no small disk here");
      return;
    }
    const std::string error = failure([&] {
      const auto store = LocalStore::create(disk / "store", "owner", Stamps());
      done = put_file(*store, path, "upload-1").created;
    });
    CAPTURE(error);
    CHECK((done || error.find("No space left on device") != std::string::npos));
    CHECK(test::files_in(disk.path()) <= (done ? 2 : 1));
  }
  CHECK(done);
}

TEST_CASE("put: many at once with the same bytes store them once") {
  const LocalFixture f;
  const std::string path = f.folder.write("file", test::noise(kMiB + 1));
  std::atomic<int> created = 0;
  std::vector<std::thread> uploads;
  for (int i = 0; i < 6; ++i) {
    uploads.emplace_back([&, i] {
      if (put_file(*f.store, path, "upload-" + std::to_string(i)).created) ++created;
    });
  }
  for (std::thread& upload : uploads) upload.join();
  CHECK(created == 1);
  CHECK(f.staged() == 0);
  CHECK(test::files_in(f.folder / "store/objects") == 1);
}

TEST_CASE("put: a staging folder that was removed is made again") {
  const LocalFixture f;
  REQUIRE(rmdir((f.folder / "store/staging").c_str()) == 0);
  CHECK(put_file(*f.store, f.folder.write("file", "bytes"), "upload-1").created);
}

TEST_CASE("discard: removes what a killed upload left, and nothing outside of staging") {
  const LocalFixture f;
  f.folder.write("store/staging/upload-1", "half of it");
  f.store->discard("upload-1");
  CHECK(f.staged() == 0);
  f.store->discard("upload-1");
  f.store->discard("../store.json");
  CHECK(stat_if_there(f.folder / "store/store.json"));
}

TEST_CASE("LocalStore: one that went away is an error, never an absent object") {
  const LocalFixture f;
  const Digest digest = put_file(*f.store, f.folder.write("file", "bytes"), "upload-1").digest;
  REQUIRE(rename((f.folder / "store").c_str(), (f.folder / "away").c_str()) == 0);
  const std::string gone = "storage: there is no store in '" + (f.folder / "store") +
                           "' | check the path, and that the disk which holds it is mounted";
  CHECK(failure([&] { (void)f.store->has(digest, 5); }) == gone);
  CHECK(failure([&] { (void)f.store->local_path(digest); }) == gone);
  CHECK(failure([&] { put_file(*f.store, f.folder / "file", "upload-2"); }) == gone);
  CHECK_FALSE(stat_if_there(f.folder / "store"));
}

TEST_CASE("fetch: the right bytes, or an error that says which object") {
  const LocalFixture f;
  const Digest digest = put_file(*f.store, f.folder.write("file", "bytes"), "upload-1").digest;
  const Fd good = test::new_file(f.folder / "good");
  f.store->fetch(digest, 5, good.get(), f.folder / "good", {});
  CHECK(test::read(f.folder / "good") == "bytes");

  const std::string hint =
      " | upload the file again, or bring it back from a copy: the same bytes mend it";
  f.damage(digest, "BYTES");
  const Fd bad = test::new_file(f.folder / "bad");
  CHECK(failure([&] { f.store->fetch(digest, 5, bad.get(), f.folder / "bad", {}); }) ==
        "integrity: '" + f.store->object_path(digest) + "' is damaged\n  expected: " +
            digest.str() + "\n  found:    " + Digest::of("BYTES").str() + hint);
  const Digest never = Digest::of("never");
  CHECK(failure([&] { f.store->fetch(never, 5, bad.get(), f.folder / "bad", {}); }) ==
        "integrity: object " + never.str() + " is not in the store '" + (f.folder / "store") + "'" +
            hint);
}

TEST_CASE("LocalStore: a store in a folder that a group shares stays the group's") {
  const TemporaryFolder folder;
  REQUIRE(chmod(folder.path().c_str(), 02770) == 0);
  const auto store = LocalStore::create(folder / "store", "owner", Stamps());
  const Stored stored = put_file(*store, folder.write("file", "bytes"), "upload-1");
  const auto mode = [](const std::string& path) { return stat_if_there(path)->st_mode & 07777; };
  CHECK(mode(folder / "store/staging") == 02770);
  CHECK(mode(folder_of(store->object_path(stored.digest))) == 02770);
  CHECK(mode(folder / "store/store.json") == 0660);
}

TEST_CASE("put: a store that may only be read says so") {
  if (geteuid() != 0) {
    MESSAGE("skipped: needs root");
    return;
  }
  const TemporaryFolder folder;
  REQUIRE(chmod(folder.path().c_str(), 0755) == 0);
  const auto store = LocalStore::create(folder / "store", "owner", Stamps());
  const std::string path = folder.write("file", "bytes");
  put_file(*store, folder.write("other", "others"), "upload-1");
  const test::AsNobody nobody;
  CHECK(
      failure([&] { put_file(*store, path, "upload-2"); }) ==
      "storage: cannot open '" + (folder / "store/staging/upload-2") +
          "': Permission denied | check the owner and the mode of it and of the folders above it");
  CHECK(store->has(Digest::of("others"), 6));
}

TEST_CASE("local store: does what every store does") {
  const TemporaryFolder folder;
  const std::string place = folder / "store";
  LocalStore::create(place, "owner-1", Stamps());
  test::check_conformance(
      [&] { return LocalStore::open(place, Stamps()); }, folder.path(), 64 << 10,
      [&](const Digest& object, const std::string& bytes) {
        const std::string hex = object.hex();
        folder.write("store/objects/sha256/" + hex.substr(0, 2) + "/" + hex, bytes);
      });
}

}  // namespace algoctl
