#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "unit/client/shelf.h"
#include "unit/core/failure.h"

using namespace algoctl;
using test::failure;
using test::Shelf;

namespace {

std::string object_of(const Shelf& shelf, const std::string& bytes) {
  const std::string hex = Digest::of(bytes).hex();
  return shelf.folder / ("home/store/objects/sha256/" + hex.substr(0, 2) + "/" + hex);
}

/// Replaces an object's bytes behind the store's back.
void spoil(const Shelf& shelf, const std::string& bytes, const std::string& instead) {
  const std::string path = object_of(shelf, bytes);
  CHECK(::unlink(path.c_str()) == 0);
  shelf.folder.write(path.substr(shelf.folder.path().size() + 1), instead);
}

}  // namespace

TEST_CASE("pull: paths bear the labels, and lead to the bytes of the version") {
  Shelf shelf;
  shelf.ship("january");
  shelf.ship("february");
  const PullResult old = shelf.client.pull(shelf.ref("1.0.0"));
  CHECK(old.version->str() == "1.0.0");
  CHECK(test::read(old.files.at(0).path) == "january");
  CHECK(old.files.at(0).path == old.folder + "/january.pkl");
  CHECK(old.files.at(0).slot->str() == "model");
  CHECK(test::read(shelf.client.pull(shelf.ref("^1")).files.at(0).path) == "february");
}

TEST_CASE("pull: a label that moved does not touch what was published") {
  Shelf shelf;
  shelf.upload("january", "model.pkl");
  shelf.client.publish(shelf.publishing());
  shelf.upload("overwritten", "model.pkl", "model", true);
  CHECK(test::read(shelf.client.pull(shelf.ref("1.0.0")).files.at(0).path) == "january");
  const Reference label = Reference::parse("data://acme/sentiment/model.pkl");
  const PullResult now = shelf.client.pull(label);
  CHECK(test::read(now.files.at(0).path) == "overwritten");
  CHECK_FALSE(now.files.at(0).slot);
  CHECK_FALSE(now.version);
  PullOptions slots;
  slots.slots = {Slot::parse("model")};
  CHECK(failure([&] { shelf.client.pull(label, slots); }).substr(0, 27) ==
        "usage: a label has no slots");
}

TEST_CASE("pull: a view that was tampered with is mended, link by link") {
  Shelf shelf;
  shelf.ship("january");
  const std::string path = shelf.client.pull(shelf.ref("1")).files.at(0).path;
  SUBCASE("removed") { CHECK(::unlink(path.c_str()) == 0); }
  SUBCASE("led astray") {
    CHECK(::unlink(path.c_str()) == 0);
    CHECK(::symlink("/etc/passwd", path.c_str()) == 0);
  }
  SUBCASE("replaced by a file") {
    CHECK(::unlink(path.c_str()) == 0);
    shelf.folder.write(path.substr(shelf.folder.path().size() + 1), "something else");
  }
  CHECK(shelf.client.pull(shelf.ref("1")).files.at(0).path == path);
  CHECK(test::read(path) == "january");
}

TEST_CASE("pull: wrong or missing bytes are never handed out") {
  Shelf shelf;
  shelf.ship("january");
  PullOptions copy;
  copy.into = shelf.folder / "out";
  SUBCASE("same length") {
    spoil(shelf, "january", "jxnuary");
    CHECK(failure([&] { shelf.client.pull(shelf.ref("1")); }).substr(0, 31) ==
          "integrity: label 'january.pkl':");
    CHECK(failure([&] { shelf.client.pull(shelf.ref("1"), copy); }).substr(0, 10) == "integrity:");
  }
  SUBCASE("truncated") {
    spoil(shelf, "january", "jan");
    CHECK(failure([&] { shelf.client.pull(shelf.ref("1")); }).substr(0, 10) == "integrity:");
    CHECK(failure([&] { shelf.client.pull(shelf.ref("1"), copy); }).substr(0, 10) == "integrity:");
  }
  SUBCASE("gone") {
    CHECK(::unlink(object_of(shelf, "january").c_str()) == 0);
    CHECK(failure([&] { shelf.client.pull(shelf.ref("1")); }) ==
          "integrity: the object of label 'january.pkl' is not in the store: " +
              Digest::of("january").str() +
              " | upload the file again, or restore the store from a backup");
    CHECK(failure([&] { shelf.client.pull(shelf.ref("1"), copy); }).substr(0, 10) == "integrity:");
  }
  CHECK_FALSE(std::filesystem::exists(copy.into + "/january.pkl"));
}

TEST_CASE("pull: copies are files of their own, whole, and replaced at once") {
  Shelf shelf;
  shelf.upload("january", "january.pkl");
  shelf.upload("words", "vocab/words.txt", "tokenizer");
  shelf.client.publish(shelf.publishing());
  PullOptions copy;
  copy.into = shelf.folder / "out";
  const PullResult copied = shelf.client.pull(shelf.ref("1"), copy);
  CHECK(copied.files.size() == 2);
  CHECK(copied.files.at(1).path == copy.into + "/vocab/words.txt");
  CHECK(test::read(copied.files.at(1).path) == "words");
  shelf.folder.write("out/january.pkl", "older");
  shelf.client.pull(shelf.ref("1"), copy);
  CHECK(test::read(copy.into + "/january.pkl") == "january");
  CHECK_FALSE(std::filesystem::exists(copy.into + "/.algoctl-pull-"));

  PullOptions single;
  single.file = shelf.folder / "here/model.bin";
  CHECK(failure([&] { shelf.client.pull(shelf.ref("1"), single); }) ==
        "usage: --to takes one file, but there are 2 slots | choose one with --slot");
  single.slots = {Slot::parse("model")};
  CHECK(shelf.client.pull(shelf.ref("1"), single).files.at(0).path == single.file);
  CHECK(test::read(single.file) == "january");
  single.file = shelf.folder.path();
  CHECK(failure([&] { shelf.client.pull(shelf.ref("1"), single); }).substr(0, 6) == "usage:");
}

TEST_CASE("pull: a dry run names the paths and writes nothing") {
  Shelf shelf;
  shelf.ship("january");
  PullOptions dry;
  dry.dry_run = true;
  const PullResult view = shelf.client.pull(shelf.ref("1"), dry);
  CHECK_FALSE(std::filesystem::exists(view.folder));
  dry.into = shelf.folder / "out";
  CHECK(shelf.client.pull(shelf.ref("1"), dry).files.at(0).path == dry.into + "/january.pkl");
  CHECK_FALSE(std::filesystem::exists(dry.into));
  CHECK(shelf.client.pull(shelf.ref("1")).files.at(0).path == view.files.at(0).path);
}

TEST_CASE("pull: a slot that is not there is named with the nearest") {
  Shelf shelf;
  shelf.ship("january");
  PullOptions options;
  options.slots = {Slot::parse("modle")};
  CHECK(failure([&] { shelf.client.pull(shelf.ref("1"), options); }) ==
        "not_found: there is no slot 'modle' | did you mean 'model'?");
}

TEST_CASE("pull: an unpublished manifest gives its files by digest") {
  Shelf shelf;
  shelf.upload("january", "model.pkl");
  CHECK(test::read(shelf.client.pull_manifest(shelf.manifest).files.at(0).path) == "january");
}

TEST_CASE("pull: without a cache a view has no place, copies do") {
  Shelf shelf;
  shelf.ship("january");
  ClientOptions options = shelf.options();
  options.cache.clear();
  Client client(options);
  CHECK(failure([&] { client.pull(shelf.ref("1")); }).substr(0, 31) ==
        "usage: there is no cache folder");
  PullOptions copy;
  copy.into = shelf.folder / "out";
  CHECK(test::read(client.pull(shelf.ref("1"), copy).files.at(0).path) == "january");
}

TEST_CASE("pin: a lock holds what it was made from, down to the bytes") {
  Shelf shelf;
  shelf.ship("january");
  PinOptions pin;
  pin.lock = shelf.folder / "algoctl.lock";
  pin.references = {shelf.ref("^1")};
  CHECK(shelf.client.pin(pin).at(0).version.str() == "1.0.0");
  const std::string text = test::read(pin.lock);
  shelf.ship("february");
  CHECK(shelf.client.pin(pin).at(0).version.str() == "1.0.0");
  CHECK(test::read(pin.lock) == text);

  const Lock lock = *read_lock(pin.lock);
  CHECK(test::read(shelf.client.pull(lock.pins.at(0)).files.at(0).path) == "january");
  const auto outdated = shelf.client.outdated(lock);
  CHECK(outdated.at(0).locked.str() == "1.0.0");
  CHECK(outdated.at(0).current->str() == "1.1.0");

  PinOptions locked = pin;
  locked.locked = true;
  locked.references = {shelf.ref("^2")};
  CHECK(failure([&] { shelf.client.pin(locked); }).substr(0, 14) == "lock_mismatch:");
  pin.update = true;
  CHECK(shelf.client.pin(pin).at(0).version.str() == "1.1.0");
  CHECK(test::read(pin.lock) != text);
}

TEST_CASE("pin: a registry that was rewritten is found out") {
  Shelf shelf;
  shelf.ship("january");
  PinOptions pin;
  pin.lock = shelf.folder / "algoctl.lock";
  pin.references = {shelf.ref("^1")};
  shelf.client.pin(pin);
  Shelf other;
  other.ship("else");
  pin.references.clear();
  CHECK(failure([&] { other.client.pin(pin); }).substr(0, 63) ==
        "integrity: the lock file and the registry differ about acme/sen");
  pin.locked = true;
  CHECK(failure([&] { other.client.pin(pin); }).substr(0, 14) == "lock_mismatch:");
}

TEST_CASE("client: many threads share one, each answer its own") {
  Shelf shelf;
  shelf.ship("january");
  shelf.ship("february");
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      const char* selector = i % 2 == 0 ? "1.0.0" : "^1";
      const char* want = i % 2 == 0 ? "january" : "february";
      for (int n = 0; n < 20; ++n) {
        if (test::read(shelf.client.pull(shelf.ref(selector)).files.at(0).path) != want) ++wrong;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(wrong == 0);
}

TEST_CASE("client: what a store is, is checked by its id") {
  Shelf shelf;
  shelf.ship("january");
  Shelf other;
  other.ship("january");
  ClientOptions options = shelf.options();
  options.store = other.folder / "home/store";
  Client client(options);
  CHECK(failure([&] { client.pull(shelf.ref("1")); }).substr(0, 16) == "conflict: store ");
  options.store = "file://" + (shelf.folder / "home/store");
  Client same(options);
  CHECK(test::read(same.pull(shelf.ref("1")).files.at(0).path) == "january");
  options.store = "gopher://bucket/prefix";
  Client unsupported(options);
  CHECK(failure([&] { unsupported.pull(shelf.ref("1")); }).substr(0, 6) == "usage:");
  // A store that is not let in says so; it is never read as one without objects.
  options.store = "s3://bucket/prefix?endpoint=http://127.0.0.1:1";
  Client stranger(options);
  CHECK(failure([&] { stranger.pull(shelf.ref("1")); }).substr(0, 13) == "unauthorized:");
}

TEST_CASE("client: a home moves with its store") {
  Shelf shelf;
  shelf.ship("january");
  std::filesystem::rename(shelf.folder / "home", shelf.folder / "moved");
  ClientOptions options = shelf.options();
  options.home = shelf.folder / "moved";
  Client client(options);
  CHECK(test::read(client.pull(shelf.ref("1")).files.at(0).path) == "january");
}

TEST_CASE("client: a stop flag ends an upload, and nothing of it stays") {
  Shelf shelf;
  const std::atomic<bool> stop{true};
  ClientOptions options = shelf.options();
  options.stop = &stop;
  Client client(options);
  UploadOptions upload;
  upload.manifest = shelf.manifest;
  upload.files = {{shelf.folder.write("in/model.pkl", "january"), std::nullopt}};
  CHECK(failure([&] { client.upload(upload); }).substr(0, 12) == "interrupted:");
  CHECK(std::filesystem::is_empty(shelf.folder / "home/store/staging"));
  CHECK(shelf.client.labels(shelf.name).empty());
}
