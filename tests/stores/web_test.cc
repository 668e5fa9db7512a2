// A folder that a real web server shows: a store that can only be read.

#include <doctest/doctest.h>

#include "algoctl/error.h"
#include "base/file.h"
#include "store/local_store.h"
#include "store/object_cache.h"
#include "stores/place.h"
#include "support/killing.h"
#include "support/shop.h"
#include "unit/core/failure.h"
#include "unit/store/store_fixture.h"

namespace algoctl::test {

TEST_CASE("web: what a folder keeps is read and checked by URL, whole and in parts") {
  const TemporaryFolder folder;
  const auto there =
      LocalStore::create(from_run("ALGOCTL_TEST_FOLDER"), "owner-1", Stamps(folder / "stamps"));
  const auto store = open_store(from_run("ALGOCTL_TEST_STORE"), settings_in(folder.path()));
  CHECK(store->id() == there->id());
  CHECK(store->owner() == "owner-1");
  for (const std::size_t size : {std::size_t{0}, std::size_t{1000}, std::size_t{40} << 20}) {
    CAPTURE(size);
    const std::string bytes = patterned(size, 7);
    const Digest digest = put_file(*there, folder.write("file", bytes), "upload").digest;
    const auto length = static_cast<std::int64_t>(size);
    CHECK(store->has(digest, length));
    CHECK(!store->has(digest, length + 1));
    CHECK_NOTHROW(store->check(digest, length));
    const ObjectCache cache(folder / "cache", Stamps());
    CHECK((read(cache.get(*store, digest, length, {})) == bytes));
  }
}

TEST_CASE("web: what is not there is said to be missing, and nothing can be put") {
  const TemporaryFolder folder;
  LocalStore::create(from_run("ALGOCTL_TEST_FOLDER"), "owner-1", Stamps());
  const std::string url = from_run("ALGOCTL_TEST_STORE");
  const auto store = open_store(url, settings_in(folder.path()));
  const Digest digest = Digest::of("never stored");
  CHECK(!store->has(digest, 12));
  CHECK(failure([&] { store->check(digest, 12); }) ==
        "integrity: object " + digest.str() + " is not in the store " + url +
            " | upload the file again, or bring it back from a copy: the same bytes mend it");
  CHECK(failure([&] { put_file(*store, folder.write("file", "bytes"), "upload"); }) ==
        "storage: store " + url + " can only be read | name a store that takes bytes with --store");
  CHECK(failure([&] { store->list([](const Digest&) {}); }) ==
        "storage: store " + url + " cannot list what it holds");
}

}  // namespace algoctl::test
