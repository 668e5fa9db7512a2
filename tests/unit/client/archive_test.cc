#include "algoctl/archive.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include "base/text.h"
#include "client/objects.h"
#include "store/local_store.h"
#include "unit/client/shelf.h"
#include "unit/core/failure.h"
#include "unit/store/store_fixture.h"

using namespace algoctl;
using test::failure;
using test::Shelf;

namespace {

/// A file between two registries.
struct Carrier {
  ExportResult take(Shelf& from, const std::vector<std::string>& references,
                    const std::string& since = "") {
    ExportOptions options;
    for (const std::string& text : references) {
      options.references.push_back(Reference::parse(text));
    }
    options.all = references.empty();
    if (!since.empty()) options.since = Version::parse(since);
    options.file = file;
    return from.client.export_archive(options);
  }

  ImportResult bring(Shelf& to, bool dry_run = false) {
    return to.client.import_archive({file, std::nullopt, dry_run});
  }

  test::TemporaryFolder folder;
  std::string file = folder / "x.tar";
};

/// The journal, oldest first: `event name old>new`.
std::string journal(Shelf& shelf, bool with_origin = false) {
  std::string text;
  shelf.client.log({shelf.name, "", std::nullopt, std::nullopt}, [&](const LogEvent& event) {
    std::string line = event.event + " " + event.name + " " + event.from.substr(0, 10) + ">" +
                       event.to.substr(0, 10);
    if (with_origin) line += event.origin_at ? " imported" : " own";
    text = line + "\n" + text;
    return true;
  });
  return text;
}

std::string channel(Shelf& shelf, const std::string& name) {
  const auto version = shelf.client.resolve(shelf.ref(name));
  return version ? version->version.str() : "none";
}

void promote(Shelf& shelf, const std::string& version, const std::string& to) {
  PromoteOptions options{shelf.ref(version), to, std::nullopt, "why", {}};
  options.force = true;
  shelf.client.promote(options);
}

void roll_back(Shelf& shelf, const std::string& name, bool hold = false) {
  shelf.client.rollback({shelf.name, name, std::nullopt, std::nullopt, "bad", hold});
}

std::string numbers(const std::vector<ArchivedVersion>& versions) {
  std::vector<std::string> all;
  for (const ArchivedVersion& each : versions) {
    all.push_back((each.created ? "+" : "") + each.version.str());
  }
  return join(all, " ");
}

}  // namespace

TEST_CASE("archive: versions, metadata, channels, yanks and holds come over whole") {
  Shelf from;
  from.ship("january");
  from.ship("february");
  from.client.annotate(from.ref("1.0.0"), {{"accuracy", "0.9"}});
  promote(from, "1.0.0", "stable");
  promote(from, "1.1.0", "stable");
  roll_back(from, "stable", true);
  from.client.yank({from.name, Selector::parse("1.1.0"), "wrong", Version::parse("1.0.0")});
  Shelf to;
  Carrier carrier;
  CHECK(numbers(carrier.take(from, {"acme/sentiment"}).versions) == "1.0.0 1.1.0");
  const ImportResult result = carrier.bring(to);
  CHECK(numbers(result.versions) == "+1.0.0 +1.1.0");
  CHECK(result.changed);
  CHECK(result.warnings.empty());
  CHECK(journal(to) == journal(from));
  CHECK(journal(to, true).find("own") == std::string::npos);
  const VersionInfo before = from.client.require(from.ref("1.1.0"));
  const VersionInfo after = to.client.require(to.ref("1.1.0"));
  CHECK(after.published_at == before.published_at);
  CHECK(after.published_by == before.published_by);
  CHECK(after.previous == before.previous);
  CHECK(after.manifest_sha256 == before.manifest_sha256);
  CHECK(after.yank->reason == "wrong");
  CHECK(after.yank->replacement->str() == "1.0.0");
  CHECK(to.client.metadata(to.client.require(to.ref("1.0.0"))).at("accuracy") == "0.9");
  CHECK(to.client.channels(to.name).at(0).hold == "bad");
  CHECK(channel(to, "stable") == "1.0.0");
  CHECK(test::read(to.client.pull(to.ref("1.1.0")).files.at(0).path) == "february");
}

TEST_CASE("archive: twice is once, and a newer one brings only the news") {
  Shelf from;
  from.ship("january");
  Shelf to;
  Carrier carrier;
  carrier.take(from, {});
  carrier.bring(to);
  const std::string once = journal(to);
  const ImportResult again = carrier.bring(to);
  CHECK_FALSE(again.changed);
  CHECK(numbers(again.versions) == "1.0.0");
  CHECK(journal(to) == once);
  from.ship("february");
  from.upload("overwritten", "january.pkl", "model", true);
  carrier.take(from, {});
  CHECK(numbers(carrier.bring(to).versions) == "1.0.0 +1.1.0");
  CHECK(journal(to) == journal(from));
  // The label went on from where it was in both registries.
  CHECK(to.client.require_label(to.name, Label::parse("january.pkl")).sha256 ==
        Digest::of("overwritten"));
}

TEST_CASE("archive: --since carries what came after") {
  Shelf from;
  from.ship("january");
  Shelf to;
  Carrier carrier;
  carrier.take(from, {"acme/sentiment"});
  carrier.bring(to);
  from.ship("february");
  from.ship("march");
  CHECK(numbers(carrier.take(from, {"acme/sentiment"}, "1.0.0").versions) == "1.1.0 1.2.0");
  CHECK(numbers(carrier.bring(to).versions) == "+1.1.0 +1.2.0");
  CHECK(journal(to) == journal(from));
  CHECK(numbers(carrier.take(from, {"acme/sentiment"}, "1.2.0").versions) == "");
  CHECK_FALSE(carrier.bring(to).changed);
}

TEST_CASE("archive: some versions alone, in the order in which they were published") {
  Shelf from;
  for (const char* bytes : {"january", "february", "march"}) from.ship(bytes);
  promote(from, "1.0.0", "old");
  promote(from, "1.1.0", "stable");
  from.client.yank({from.name, Selector::parse("1.2.0"), "wrong", std::nullopt});
  Shelf to;
  Carrier carrier;
  CHECK(numbers(carrier.take(from, {"acme/sentiment@1.2.0", "acme/sentiment@1.0.0"}).versions) ==
        "1.0.0 1.2.0");
  const ImportResult result = carrier.bring(to);
  CHECK(numbers(result.versions) == "+1.0.0 +1.2.0");
  REQUIRE(result.warnings.size() == 1);
  CHECK(result.warnings[0] ==
        "channel 'stable' of acme/sentiment is left out: it names 1.1.0, which is neither in the "
        "export nor here");
  CHECK(channel(to, "old") == "1.0.0");
  CHECK(to.client.require(to.ref("1.2.0")).sequence == 2);
  CHECK(to.client.require(to.ref("1.2.0")).yank.has_value());
  CHECK_FALSE(to.client.resolve(to.ref("1.1.0")));
  // The rest fills up what was left out.
  carrier.take(from, {"acme/sentiment"});
  CHECK(numbers(carrier.bring(to).versions) == "1.0.0 +1.1.0 1.2.0");
  CHECK(channel(to, "stable") == "1.1.0");
  CHECK(to.client.require(to.ref("latest")).version.str() == "1.1.0");
  CHECK_FALSE(carrier.bring(to).changed);
}

TEST_CASE("archive: a channel that is here is not moved, and locks of over there still check") {
  Shelf from;
  from.ship("january");
  promote(from, "1.0.0", "stable");
  Shelf to;
  Carrier carrier;
  carrier.take(from, {});
  carrier.bring(to);
  from.ship("february");
  promote(from, "1.1.0", "stable");
  PinOptions pinning;
  pinning.references = {from.ref("^1")};
  pinning.lock = from.folder / "algoctl.lock";
  const Pin pin = from.client.pin(pinning).at(0);
  carrier.take(from, {});
  const ImportResult result = carrier.bring(to);
  REQUIRE(result.warnings.size() == 1);
  CHECK(result.warnings[0] ==
        "channel 'stable' of acme/sentiment is not moved: it names 1.0.0 here, and 1.1.0 in the "
        "export");
  CHECK(channel(to, "stable") == "1.0.0");
  to.client.check(pin, true);
  CHECK(test::read(to.client.pull(pin).files.at(0).path) == "february");
  CHECK(journal(to).find("elsewhere stable 1.0.0>1.1.0") != std::string::npos);
  const ImportResult again = carrier.bring(to);
  CHECK_FALSE(again.changed);
  CHECK(again.warnings.empty());
}

TEST_CASE("archive: a label that names other bytes here is not moved") {
  Shelf from;
  from.upload("january", "model.pkl");
  from.client.publish(from.publishing());
  Shelf to;
  to.upload("mine", "model.pkl");
  Carrier carrier;
  carrier.take(from, {});
  const ImportResult result = carrier.bring(to);
  REQUIRE(result.warnings.size() == 1);
  CHECK(result.warnings[0] ==
        "label 'model.pkl' of acme/sentiment is not moved: it names other bytes here\n  here:   " +
            Digest::of("mine").str() + "\n  export: " + Digest::of("january").str());
  CHECK(to.client.require_label(to.name, Label::parse("model.pkl")).sha256 == Digest::of("mine"));
  CHECK(test::read(to.client.pull(to.ref("1.0.0")).files.at(0).path) == "january");
  CHECK_FALSE(carrier.bring(to).changed);
}

TEST_CASE("archive: the same number with another manifest changes nothing at all") {
  Shelf from;
  from.ship("january");
  Shelf to;
  to.ship("mine");
  const Digest here = to.client.require(to.ref("1.0.0")).manifest_sha256;
  const Digest there = from.client.require(from.ref("1.0.0")).manifest_sha256;
  const std::string before = journal(to);
  Carrier carrier;
  carrier.take(from, {});
  CHECK(failure([&] { carrier.bring(to); }) ==
        "conflict: acme/sentiment@1.0.0 is here with another manifest\n  here:   " + here.str() +
            "\n  export: " + there.str() +
            " | nothing was imported; use another --home, or export other versions");
  CHECK(journal(to) == before);
}

TEST_CASE("archive: the same version published on both sides is one") {
  Shelf from;
  from.ship("january");
  Shelf to;
  to.ship("january");
  Carrier carrier;
  carrier.take(from, {});
  const ImportResult result = carrier.bring(to);
  CHECK(numbers(result.versions) == "1.0.0");
  CHECK(result.warnings.empty());
  CHECK(to.client.require(to.ref("latest")).sequence == 1);
  CHECK_FALSE(carrier.bring(to).changed);
}

TEST_CASE("archive: what comes back from another registry is known") {
  Shelf from;
  from.ship("january");
  Shelf to;
  Carrier carrier;
  carrier.take(from, {});
  carrier.bring(to);
  carrier.take(to, {});
  CHECK_FALSE(carrier.bring(from).changed);
  // And what was added over there comes back alone.
  UseOptions refresh;
  refresh.manifest = to.manifest;
  refresh.from = "@latest";
  to.client.use(refresh);
  to.ship("february");
  carrier.take(to, {});
  CHECK(numbers(carrier.bring(from).versions) == "1.0.0 +1.1.0");
  CHECK(journal(from) == journal(to));
  // A third registry that hears of it from both has it once.
  Shelf third;
  carrier.bring(third);
  carrier.take(from, {});
  CHECK_FALSE(carrier.bring(third).changed);
  CHECK(journal(third) == journal(from));
}

TEST_CASE("archive: a dry run says the same and writes nothing") {
  Shelf from;
  from.ship("january");
  Shelf to;
  Carrier carrier;
  carrier.take(from, {});
  const std::string before = journal(to);
  const std::size_t stored = test::files_in(to.folder / "home/store");
  CHECK(numbers(carrier.bring(to, true).versions) == "+1.0.0");
  CHECK(journal(to) == before);
  CHECK(test::files_in(to.folder / "home/store") == stored);
}

TEST_CASE("archive: a rollback over what was left out leaves the channel where it is") {
  Shelf from;
  for (const char* bytes : {"january", "february"}) from.ship(bytes);
  promote(from, "1.0.0", "stable");
  promote(from, "1.1.0", "stable");
  roll_back(from, "stable");
  Shelf to;
  Carrier carrier;
  carrier.take(from, {"acme/sentiment@1.0.0"});
  CHECK(carrier.bring(to).warnings.empty());
  CHECK(channel(to, "stable") == "1.0.0");
  CHECK(failure([&] { roll_back(to, "stable"); }).substr(0, 10) == "not_found:");
}

TEST_CASE("archive: an export of a registry that was changed behind its back fails") {
  Shelf from;
  from.ship("january");
  const std::string hex = Digest::of("january").hex();
  const std::string path = "home/store/objects/sha256/" + hex.substr(0, 2) + "/" + hex;
  CHECK(::unlink((from.folder / path).c_str()) == 0);
  Carrier carrier;
  CHECK(failure([&] { carrier.take(from, {}); }) ==
        "integrity: object sha256:" + hex + " is not in the store '" +
            (from.folder / "home/store") +
            "' | upload the file again, or bring it back from a copy: the same bytes mend it");
  CHECK_FALSE(stat_if_there(carrier.file));
  CHECK_FALSE(stat_if_there(carrier.folder / ".x.tar.algoctl-part"));
}

namespace {

/// A store that is not in this file system.
class FarStore final : public Store {
 public:
  explicit FarStore(const Store& near) : near_(near) {}
  [[nodiscard]] std::string id() const override { return near_.id(); }
  [[nodiscard]] std::string owner() const override { return near_.owner(); }
  [[nodiscard]] std::string url() const override { return near_.url(); }
  [[nodiscard]] bool is_local() const noexcept override { return false; }
  [[nodiscard]] std::optional<std::string> local_path(const Digest&) const override { return {}; }
  [[nodiscard]] bool has(const Digest& digest, std::int64_t size) const override {
    return near_.has(digest, size);
  }
  std::optional<Stored> known(const ObjectSource&, const TransferOptions&) const override {
    return {};
  }
  Stored put(ObjectSource&, const std::string&, const TransferOptions&) override { std::abort(); }
  void discard(const std::string&) override {}
  void fetch(const Digest& digest, std::int64_t size, int to, const std::string& to_path,
             const TransferOptions& options) const override {
    near_.fetch(digest, size, to, to_path, options);
  }
  void list(const std::function<void(const Digest&)>& visit) const override { near_.list(visit); }
  [[nodiscard]] std::optional<Entry> look(const Digest& digest) const override {
    return near_.look(digest);
  }
  void check(const Digest& digest, std::int64_t size,
             const TransferOptions& options) const override {
    near_.check(digest, size, options);
  }
  void remove(const Digest&) override { std::abort(); }
  [[nodiscard]] std::vector<Staged> staged() const override { return near_.staged(); }

 private:
  const Store& near_;
};

}  // namespace

TEST_CASE("open_object: a store elsewhere is read through a file without a name") {
  const test::TemporaryFolder folder;
  const auto near = LocalStore::create(folder / "store", "owner", Stamps());
  ObjectSource bytes = ObjectSource::open(folder.write("in", "january"));
  near->put(bytes, "u", {});
  const FarStore far(*near);
  for (const Store* store :
       {static_cast<const Store*>(near.get()), static_cast<const Store*>(&far)}) {
    OpenedObject object = open_object(*store, Digest::of("january"), 7, folder.path(), {});
    CHECK(hash_source(object.source, {}).digest == Digest::of("january"));
  }
}
