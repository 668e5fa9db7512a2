#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "store/local_store.h"
#include "support/temporary_folder.h"
#include "unit/core/failure.h"
#include "unit/store/store_fixture.h"

namespace algoctl {
namespace {

using test::failure;

struct ListingFixture {
  test::TemporaryFolder folder;
  std::unique_ptr<LocalStore> store = LocalStore::create(folder / "store", "owner", Stamps());

  Digest put(const std::string& bytes) const {
    return test::put_file(*store, folder.write("source", bytes), "upload").digest;
  }
  [[nodiscard]] std::vector<Digest> listed() const {
    std::vector<Digest> objects;
    store->list([&](const Digest& object) { objects.push_back(object); });
    std::sort(objects.begin(), objects.end());
    return objects;
  }
};

}  // namespace

TEST_CASE("LocalStore: list finds every object once, and nothing that no store has put there") {
  const ListingFixture fixture;
  CHECK(fixture.listed().empty());
  std::vector<Digest> put = {fixture.put("a"), fixture.put("b"), fixture.put("c")};
  std::sort(put.begin(), put.end());
  const std::string objects = "store/objects/sha256/";
  const std::string hex = Digest::of("d").hex();
  fixture.folder.write(objects + "ab/notes.txt", "x");
  fixture.folder.write(objects + (hex.substr(0, 2) == "00" ? "01/" : "00/") + hex,
                       "in the wrong folder");
  fixture.folder.write(objects + hex.substr(0, 2) + "/" + hex.substr(0, 63), "too short");
  fixture.folder.write(objects + "AB/AB" + hex.substr(2), "upper case");
  fixture.folder.write(objects + "file", "x");
  CHECK(fixture.listed() == put);
}

TEST_CASE("LocalStore: look says size and time, remove takes one object, again is silent") {
  const ListingFixture fixture;
  const Digest object = fixture.put("bytes");
  const Digest other = fixture.put("other");
  const auto entry = fixture.store->look(object);
  REQUIRE(entry);
  CHECK(entry->size == 5);
  CHECK(entry->stored_at > 1551312000000);
  fixture.store->remove(object);
  CHECK_FALSE(fixture.store->look(object));
  fixture.store->remove(object);
  CHECK(fixture.listed() == std::vector<Digest>{other});
}

TEST_CASE("LocalStore: staged lists what is being written, with its size") {
  const ListingFixture fixture;
  CHECK(fixture.store->staged().empty());
  fixture.folder.write("store/staging/upload-1", "half of");
  const auto staged = fixture.store->staged();
  REQUIRE(staged.size() == 1);
  CHECK(staged[0].upload_id == "upload-1");
  CHECK(staged[0].size == 7);
  CHECK(staged[0].staged_at > 1551312000000);
}

TEST_CASE("LocalStore: check reads the bytes again, whatever is remembered of them") {
  const test::TemporaryFolder folder;
  const Stamps stamps(folder / "cache");
  const auto store = LocalStore::create(folder / "store", "owner", stamps);
  const Digest object = test::put_file(*store, folder.write("source", "bytes"), "upload").digest;
  const std::string path = store->object_path(object);
  store->check(object, 5, {});
  const std::string hint =
      " | upload the file again, or bring it back from a copy: the same bytes mend it";
  CHECK(failure([&] { store->check(object, 6, {}); }) ==
        "integrity: '" + path + "' is damaged\n  expected: 6 bytes\n  found:    5 bytes" + hint);
  REQUIRE(unlink(path.c_str()) == 0);
  folder.write(path.substr(folder.path().size() + 1), "BYTES");
  test::settle(path);
  stamps.record(test::stamp_at(path), object);
  CHECK(failure([&] { store->check(object, 5, {}); }) ==
        "integrity: '" + path + "' is damaged\n  expected: " + object.str() +
            "\n  found:    " + Digest::of("BYTES").str() + hint);
  CHECK(stamps.find(test::stamp_at(path)) == Digest::of("BYTES"));
  store->remove(object);
  CHECK(failure([&] { store->check(object, 5, {}); }) ==
        "integrity: it is not in the store '" + (folder / "store") + "'" + hint);
}

TEST_CASE("LocalStore: a store that went away is never an empty one") {
  const ListingFixture fixture;
  const Digest object = fixture.put("bytes");
  REQUIRE(rename((fixture.folder / "store").c_str(), (fixture.folder / "gone").c_str()) == 0);
  const std::string gone = "storage: there is no store in '" + (fixture.folder / "store") +
                           "' | check the path, and that the disk which holds it is mounted";
  CHECK(failure([&] { static_cast<void>(fixture.listed()); }) == gone);
  CHECK(failure([&] { static_cast<void>(fixture.store->look(object)); }) == gone);
  CHECK(failure([&] { fixture.store->check(object, 5, {}); }) == gone);
  CHECK(failure([&] { fixture.store->remove(object); }) == gone);
}

}  // namespace algoctl
