// A folder that a real web server shows: a store that can only be read.

#include <doctest/doctest.h>

#include <filesystem>

#include "algoctl/error.h"
#include "base/file.h"
#include "store/local_store.h"
#include "store/object_cache.h"
#include "stores/place.h"
#include "support/killing.h"
#include "support/shop.h"
#include "unit/core/failure.h"
#include "unit/reload/followed.h"
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

TEST_CASE("web: what is published in a folder is pulled from the server that shows it") {
  const Shop shop;
  const std::string large = patterned(std::size_t{40} << 20, 1);  // more than one part
  shop.write("large.bin", large);
  for (const std::string name : {"a", "b", "c"}) {
    shop.write("small/" + name, "small " + name);
  }
  shop.answer({"init", "acme/sentiment", "--store", from_run("ALGOCTL_TEST_FOLDER") + "/job"});
  shop.answer({"upload", "large=large.bin"});
  shop.answer({"upload", "small"});
  shop.answer({"publish"});
  const std::string url = place("job");
  const auto check_files = [&](const std::string& folder) {
    CHECK((read(folder + "/large.bin") == large));
    for (const std::string name : {"a", "b", "c"}) {
      CHECK(read(folder + "/small/" + name) == "small " + name);
    }
  };
  check_files(shop.answer({"pull", "acme/sentiment", "--dir", "--store", url}));
  shop.answer({"pull", "acme/sentiment", "-o", "copies", "--store", url});
  check_files(shop.work() + "/copies");
  // They came over the wire: of a folder's objects nobody keeps copies.
  CHECK(std::filesystem::exists(shop.cache() + "/algoctl/objects"));
  CHECK(shop.answer({"verify", "--store", url}) == "");
  shop.write("more.bin", "more");
  CHECK(shop.algoctl({"upload", "large=more.bin", "--store", url}).exit == 6);
}

TEST_CASE("web: a program that serves follows a channel whose bytes the server shows") {
  const Shop shop;
  shop.answer({"init", "acme/sentiment", "--store", from_run("ALGOCTL_TEST_FOLDER") + "/followed"});
  const auto ship = [&](const std::string& bytes) {
    const std::string number = shop.ship(bytes, bytes);
    shop.answer({"promote", "acme/sentiment@" + number, "stable"});
  };
  ship("first");
  ClientOptions options;
  options.home = shop.home();
  options.cache = shop / "cache of the server";
  options.store = place("followed");
  options.variable = variable;
  Client client(options);
  const Model model(client, "acme/sentiment@stable", text_of);
  CHECK(*model.get() == "first");
  ship("second");
  CHECK(model.wait_for(Selector::parse("^1.1"), kLong));
  CHECK(*model.get() == "second");
  CHECK(std::filesystem::exists(options.cache + "/objects"));
}

}  // namespace algoctl::test
