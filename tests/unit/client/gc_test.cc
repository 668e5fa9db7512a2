#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

#include "base/file.h"
#include "base/process.h"
#include "registry/registry.h"
#include "registry/roots.h"
#include "registry/sqlite_db.h"
#include "registry/uploads.h"
#include "unit/client/shelf.h"
#include "unit/core/failure.h"
#include "unit/store/store_fixture.h"

namespace fs = std::filesystem;

namespace algoctl::test {
namespace {

constexpr const char* kAtStart = "2019-02-28T00:00:00.000Z";
const ProcessIdentity kGone{"here", "another boot", 1};  // of which nothing is known

/// A shelf whose clock is moved by hand.
struct Yard {
  Yard() {
    ClientOptions options = shelf.options();
    options.now = [this] { return now; };
    client = std::make_unique<Client>(options);
    RegistryOptions registry_options;
    registry_options.path = shelf.folder / "home/registry.db";
    registry = std::make_unique<Registry>(registry_options);
  }

  /// Gives the label these bytes, at the time that the clock shows.
  Digest label(const std::string& label, const std::string& bytes) {
    UploadOptions upload;
    upload.files = {{shelf.folder.write("in/" + label, bytes), std::nullopt}};
    upload.label = label;
    upload.replace = true;
    upload.algorithm = shelf.name;
    return client->upload(upload).files.at(0).sha256;
  }

  /// What a collection does, a line each; paths without what is before `views` or `stamps`.
  std::string gc(const GcOptions& options = {}) {
    std::string text;
    const GcResult result = client->gc(options, [&](const GcItem& item) {
      constexpr const char* kKinds[] = {"object", "upload", "view", "stamp"};
      text += (item.step == GcItem::Step::freed ? "freed " : "trashed ") +
              std::string(kKinds[static_cast<int>(item.kind)]) + " " + item.name + " (" +
              std::to_string(item.size) + "): " + item.why + "\n";
    });
    for (const std::string& warning : result.warnings) text += "warning: " + warning + "\n";
    return text;
  }

  [[nodiscard]] std::string object_path(const Digest& object) const {
    return shelf.folder /
           ("home/store/objects/sha256/" + object.hex().substr(0, 2) + "/" + object.hex());
  }
  [[nodiscard]] bool there(const Digest& object) const { return fs::exists(object_path(object)); }

  /// The first number of a query; each on a connection of its own.
  [[nodiscard]] std::int64_t rows(const std::string& sql) const {
    const auto db = open_sqlite({shelf.folder / "home/registry.db", SqliteOptions::Mode::read_only,
                                 std::chrono::seconds(5), nullptr});
    Rows& found = db->query(sql.c_str());
    return found.next() ? found.integer(0) : -1;
  }

  [[nodiscard]] ReleaseOptions releasing(const std::string& path) const {
    ReleaseOptions release;
    release.upload.manifest = shelf.manifest;
    release.upload.files = {{path, std::nullopt}};
    return release;
  }

  Shelf shelf;
  std::int64_t now = kStart;
  std::unique_ptr<Client> client;
  std::unique_ptr<Registry> registry;
};

GcOptions with_grace(std::int64_t ms) {
  GcOptions options;
  options.grace = std::chrono::milliseconds(ms);
  return options;
}

GcOptions dry(GcOptions options = {}) {
  options.dry_run = true;
  return options;
}

GcOptions keeping(std::optional<std::int64_t> last,
                  std::optional<std::chrono::hours> lately = std::nullopt) {
  GcOptions options;
  options.keep_last = last;
  options.keep_for = lately;
  return options;
}

std::string moved(const char* step, const Digest& object, std::size_t size,
                  const std::string& label, const std::string& since = "") {
  return std::string(step) + " object " + object.str() + " (" + std::to_string(size) +
         "): data://acme/sentiment/" + label + " was moved away from it at " + kAtStart +
         (since.empty() ? "" : "; in the trash since " + since) + "\n";
}

}  // namespace

TEST_CASE("gc: what a label left is trashed, stays for the grace, and is freed after it") {
  Yard yard;
  const Digest old = yard.label("m.pkl", "old");
  const Digest current = yard.label("m.pkl", "current");
  CHECK(yard.gc() == moved("trashed", old, 3, "m.pkl"));
  CHECK(yard.there(old));
  CHECK(yard.gc().empty());
  yard.now += kHour - 1;
  CHECK(yard.gc().empty());
  CHECK(yard.there(old));
  yard.now += 1;
  CHECK(yard.gc() == moved("freed", old, 3, "m.pkl", kAtStart));
  CHECK_FALSE(yard.there(old));
  CHECK(yard.there(current));
  CHECK(yard.gc().empty());
  CHECK(yard.rows("SELECT count(*) FROM trash") == 0);
  CHECK(yard.rows("SELECT count(*) FROM object") == 1);
  CHECK(yard.rows("SELECT count(*) FROM placement") == 1);
}

TEST_CASE("gc: a dry run tells the same and changes nothing") {
  Yard yard;
  const Digest old = yard.label("m.pkl", "old");
  yard.label("m.pkl", "current");
  CHECK(yard.gc(dry()) == moved("trashed", old, 3, "m.pkl"));
  CHECK(yard.gc(dry()) == moved("trashed", old, 3, "m.pkl"));
  CHECK(yard.rows("SELECT count(*) FROM trash") == 0);
  yard.gc();
  yard.now += kHour;
  yard.label("m.pkl", "third");  // so that there is something of either step
  const std::string foreseen = yard.gc(dry());
  CHECK(foreseen.find("freed") == 0);
  CHECK(foreseen.find("trashed") != std::string::npos);
  CHECK(yard.there(old));
  CHECK(yard.gc() == foreseen);
}

TEST_CASE("gc: a published version is never collected, however often its label moved on") {
  Yard yard;
  yard.shelf.upload("v1", "m.pkl");
  yard.shelf.client.publish(yard.shelf.publishing());
  const Digest published = Digest::of("v1");
  for (int i = 0; i < 3; ++i) {
    yard.now += 10 * kHour;
    yard.label("m.pkl", "other " + std::to_string(i));
    yard.gc(with_grace(0));
    yard.gc(with_grace(0));
  }
  CHECK(yard.there(published));
  CHECK(yard.rows("SELECT count(*) FROM object") == 2);
}

TEST_CASE("gc: keep_last and keep_for keep what labels named before") {
  Yard yard;
  std::vector<Digest> objects;
  for (int i = 0; i < 4; ++i) {  // left at 1, 2, 3 hours; the last is current
    objects.push_back(yard.label("m.pkl", std::to_string(i)));
    yard.now += kHour;
  }
  const auto collected = [&](const GcOptions& options) {
    const std::string lines = yard.gc(options);
    std::string which;
    for (std::size_t i = 0; i < objects.size(); ++i) {
      if (lines.find(objects[i].str()) != std::string::npos) which += std::to_string(i);
    }
    return which;
  };
  using std::chrono::hours;
  CHECK(collected(dry()) == "012");
  CHECK(collected(dry(keeping(1))) == "01");
  CHECK(collected(dry(keeping(3))).empty());
  CHECK(collected(dry(keeping(0))) == "012");
  CHECK(collected(dry(keeping(std::nullopt, hours(1)))) == "01");  // left exactly then: kept
  CHECK(collected(dry(keeping(std::nullopt, hours(2)))) == "0");
  CHECK(collected(dry(keeping(1, hours(2)))) == "0");
  // Trashed already, and kept by a rule that is new: it stays where it is.
  yard.gc();
  yard.now += 2 * kHour;
  CHECK(collected(keeping(3)).empty());
  CHECK(collected({}) == "012");
}

TEST_CASE("gc: an object that is needed again leaves the trash; its next grace is a whole one") {
  Yard yard;
  const Digest old = yard.label("m.pkl", "old");
  yard.label("m.pkl", "current");
  yard.gc();
  yard.now += kHour;
  yard.label("again.pkl", "old");
  CHECK(yard.gc().empty());
  CHECK(yard.rows("SELECT count(*) FROM trash") == 0);
  yard.label("again.pkl", "current");
  CHECK(yard.gc().find("trashed object " + old.str()) == 0);
  yard.now += kHour - 1;
  CHECK(yard.gc().empty());
  CHECK(yard.there(old));
}

TEST_CASE("gc: what an upload under way has stored stays, and goes with the upload") {
  Yard yard;
  yard.label("m.pkl", "current");
  const Digest stored = Digest::of("stored");
  yard.shelf.folder.write(yard.object_path(stored).substr(yard.shelf.folder.path().size() + 1),
                          "stored");
  const GcOptions now = with_grace(0);
  yard.registry->write([&](Db& db) {
    begin_upload(db, "alive", this_process(), kStart);
    upload_stored(db, "alive", stored, 6);
  });
  CHECK(yard.gc(now).empty());
  yard.registry->write([&](Db& db) {
    end_upload(db, "alive");
    begin_upload(db, "lost", kGone, kStart);
    upload_stored(db, "lost", stored, 6);
  });
  yard.shelf.folder.write("home/store/staging/lost", "half");
  yard.now += 24 * kHour;
  CHECK(yard.gc(now).empty());  // of another boot: given a day
  yard.now += 1;
  const std::string want = "freed upload lost (4): its process ended; it began at " +
                           std::string(kAtStart) + "\ntrashed object " + stored.str() +
                           " (6): no version and no label needs it\n";
  CHECK(yard.gc(dry(with_grace(0))) == want);
  CHECK(yard.there(stored));
  CHECK(yard.gc(now) == want);
  CHECK_FALSE(fs::exists(yard.shelf.folder / "home/store/staging/lost"));
  CHECK(yard.rows("SELECT count(*) FROM upload") == 0);
  yard.gc(now);
  CHECK_FALSE(yard.there(stored));
}

TEST_CASE("gc: staged bytes that no row knows of are freed after a day") {
  Yard yard;
  yard.label("m.pkl", "current");
  const std::string path = yard.shelf.folder.write("home/store/staging/stray", "stray");
  const struct timespec times[2] = {{kStart / 1000, 0}, {kStart / 1000, 0}};
  REQUIRE(utimensat(AT_FDCWD, path.c_str(), times, 0) == 0);
  yard.now += 24 * kHour;
  CHECK(yard.gc().empty());
  yard.now += 1;
  CHECK(yard.gc() == "freed upload stray (5): no upload knows of it; written at " +
                         std::string(kAtStart) + "\n");
  CHECK_FALSE(fs::exists(path));
}

TEST_CASE("gc: only the store's owner collects in it; its own cache everybody collects") {
  Yard yard;
  const Digest old = yard.label("m.pkl", "old");
  yard.label("m.pkl", "current");
  yard.registry->write(
      [](Db& db) { db.run("UPDATE setting SET value = 'x' WHERE name = 'registry_id'"); });
  const std::string store = yard.shelf.folder / "home/store";
  CHECK(yard.gc() == "warning: store 'file://" + store +
                         "' belongs to another registry, which alone collects in it\n");
  CHECK(yard.there(old));
  CHECK(yard.rows("SELECT count(*) FROM trash") == 0);
}

TEST_CASE("gc: a removal whose rows were not written is finished by the next one") {
  Yard yard;
  const Digest old = yard.label("m.pkl", "old");
  yard.label("m.pkl", "current");
  yard.gc();
  fs::remove(yard.object_path(old));
  CHECK(yard.gc(dry()).empty());
  CHECK(yard.rows("SELECT count(*) FROM object") == 2);
  CHECK(yard.gc().empty());
  CHECK(yard.rows("SELECT count(*) FROM object") == 1);
  CHECK(yard.rows("SELECT count(*) FROM trash") == 0);
  CHECK(yard.label("m.pkl", "old") == old);
  CHECK(yard.there(old));
}

TEST_CASE("gc: a store that is not there is an error, and nothing is forgotten") {
  Yard yard;
  yard.label("m.pkl", "old");
  yard.label("m.pkl", "current");
  yard.gc();
  yard.now += kHour;
  const std::string store = yard.shelf.folder / "home/store";
  fs::rename(store, store + "-unmounted");
  CHECK(failure([&] { yard.gc(); }) ==
        "storage: there is no store in '" + store +
            "' | check the path, and that the disk which holds it is mounted");
  CHECK(yard.rows("SELECT count(*) FROM object") == 2);
}

TEST_CASE("gc: views are kept by last use, and broken ones go") {
  Yard yard;
  yard.shelf.ship("one");
  yard.shelf.ship("two");
  std::vector<std::string> views;
  for (const char* version : {"1.0.0", "1.1.0"}) {
    views.push_back(yard.client->pull(yard.shelf.ref(version)).folder);
    const std::int64_t seconds = kStart / 1000 + static_cast<std::int64_t>(views.size());
    const struct timespec times[2] = {{seconds, 0}, {seconds, 0}};
    REQUIRE(utimensat(AT_FDCWD, views.back().c_str(), times, 0) == 0);
  }
  yard.now = kStart + kHour;
  CHECK(yard.gc().empty());
  const std::string kept = yard.gc(dry(keeping(1)));
  CHECK(kept.find("freed view " + views[0]) == 0);
  CHECK(kept.find("): not used as lately as is to be kept\n") != std::string::npos);
  CHECK(kept.find(views[1]) == std::string::npos);
  fs::remove(yard.object_path(Digest::of("two")));
  const std::string broken = yard.gc();
  CHECK(broken.find("freed view " + views[1]) == 0);
  CHECK(broken.find("): what it leads to is gone\n") != std::string::npos);
  CHECK_FALSE(fs::exists(views[1]));
  CHECK(fs::exists(views[0]));
}

TEST_CASE("gc: with no registry yet there is nothing to collect, and nothing is made") {
  const TemporaryFolder folder;
  ClientOptions options;
  options.home = folder / "home";
  options.cache = folder / "cache";
  Client client(options);
  const GcResult result = client.gc({}, [](const GcItem&) { FAIL("nothing is there"); });
  CHECK(result.freed == 0);
  CHECK(result.trashed == 0);
  CHECK_FALSE(fs::exists(folder / "home"));
  CHECK_FALSE(fs::exists(folder / "cache"));
}

TEST_CASE("upload: bytes that went away before they are named are refused, and nothing is named") {
  Yard yard;
  yard.label("m.pkl", "first");
  const Digest second = Digest::of("second");
  ReleaseOptions release = yard.releasing(yard.shelf.folder.write("in/s.pkl", "second"));
  release.gate = [&](const auto&) { fs::remove(yard.object_path(second)); };
  CHECK(failure([&] { yard.client->release(release); }) ==
        "storage: object " + second.str() +
            " of label 's.pkl' went away while it was uploaded | run it again");
  CHECK(yard.client->labels(yard.shelf.name).size() == 1);
  CHECK(yard.rows("SELECT count(*) FROM upload") == 0);
}

TEST_CASE("upload: bytes that were there but that nothing needed stay while they are uploaded") {
  Yard yard;
  const std::string path = yard.shelf.folder.write("in/o.pkl", "old");
  settle(path);
  const auto upload = [&](const std::string& file) {
    UploadOptions options;
    options.files = {{file, std::nullopt}};
    options.label = "o.pkl";
    options.replace = true;
    options.algorithm = yard.shelf.name;
    return yard.client->upload(options).files.at(0);
  };
  CHECK(upload(path).stored);
  upload(yard.shelf.folder.write("in/c.pkl", "current"));
  const Digest old = Digest::of("old");
  yard.gc();
  yard.now += 2 * kHour;
  std::string collected;
  ReleaseOptions release = yard.releasing(path);
  release.gate = [&](const auto&) {
    CHECK(yard.rows("SELECT count(*) FROM upload WHERE object = '" + old.hex() + "'") == 1);
    Client collector(yard.shelf.options());
    const GcOptions now = with_grace(0);
    for (int i = 0; i < 3; ++i) {
      collector.gc(now, [&](const GcItem& item) { collected += item.name + "\n"; });
    }
  };
  CHECK(yard.client->release(release).published.version.str() == "1.0.0");
  CHECK(collected.empty());
  CHECK(yard.there(old));
  CHECK(yard.rows("SELECT count(*) FROM trash") == 0);
}

}  // namespace algoctl::test
