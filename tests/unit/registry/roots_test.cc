#include "registry/roots.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "registry/uploads.h"
#include "unit/registry/fixture.h"

using namespace algoctl;
using test::kName;
using test::RegistryFixture;

namespace {

const ProcessIdentity kNobody{"elsewhere", "another boot", 1};

Digest record(Db& db, const std::string& bytes) {
  const Digest object = Digest::of(bytes);
  record_object(db, object, static_cast<std::int64_t>(bytes.size()), "store");
  return object;
}

std::vector<Digest> sorted(std::vector<Digest> objects) {
  std::sort(objects.begin(), objects.end());
  return objects;
}

}  // namespace

TEST_CASE("roots: versions, labels and uploads under way; each object once") {
  RegistryFixture fixture;
  fixture.publish("1.0.0", "published");  // also what the label model.pkl names
  fixture.registry.write([&](Db& db) {
    AlgorithmRow row = take_algorithm(db, kName);
    const Digest labelled = record(db, "labelled");
    move_label(db, row, Label::parse("model.pkl"), labelled, "ada", 10);
    move_label(db, row, Label::parse("same.pkl"), labelled, "ada", 10);
    const Digest moved = record(db, "moved");
    move_label(db, row, Label::parse("other.pkl"), moved, "ada", 20);
    move_label(db, row, Label::parse("other.pkl"), labelled, "ada", 30);
    begin_upload(db, "u1", kNobody, 1);
    begin_upload(db, "u2", kNobody, 1);
    upload_stored(db, "u2", Digest::of("uploaded"), 8);

    const Digest published = Digest::of("published");
    const Digest uploaded = Digest::of("uploaded");
    CHECK(reached_objects(db, {}) == sorted({published, labelled, uploaded}));
    CHECK(reached_objects(db, {"u1", "u2"}) == sorted({published, labelled}));
    for (const Digest& object : {published, labelled, uploaded}) CHECK(is_reached(db, object));
    CHECK_FALSE(is_reached(db, moved));
    CHECK_FALSE(is_reached(db, Digest::of("never seen")));
    end_upload(db, "u2");
    CHECK_FALSE(is_reached(db, uploaded));
  });
}

TEST_CASE("roots: needed objects are those of versions and labels, with what the store has") {
  RegistryFixture fixture;
  fixture.publish("1.0.0", "published");
  fixture.registry.write([&](Db& db) {
    record(db, "garbage");
    const auto here = needed_objects(db, "store");
    REQUIRE(here.size() == 1);
    CHECK(here[0].object == Digest::of("published"));
    CHECK(here[0].size == 9);
    CHECK(here[0].placed);
    CHECK_FALSE(needed_objects(db, "another store").at(0).placed);
  });
}

TEST_CASE("roots: former labels come label by label, the latest move first, with their rank") {
  RegistryFixture fixture;
  std::string visited;
  fixture.registry.write([&](Db& db) {
    AlgorithmRow row = take_algorithm(db, kName);
    const Digest a = record(db, "a");
    const Digest b = record(db, "b");
    const Digest c = record(db, "c");
    for (const auto& [label, object, at] :
         {std::tuple{"x", a, 10}, {"y", a, 11}, {"x", b, 12}, {"y", c, 13}, {"x", c, 14}}) {
      move_label(db, row, Label::parse(label), object, "ada", at);
    }
    visit_former_labels(db, [&](const FormerLabel& label) {
      const char* name = label.object == a ? "a" : label.object == b ? "b" : "c";
      visited += label.uri.substr(label.uri.rfind('/') + 1) + std::to_string(label.rank) + ":" +
                 name + "@" + std::to_string(label.left_at) + " ";
    });
    CHECK(std::count(visited.begin(), visited.end(), ' ') == 3);
  });
  CHECK(visited == "x1:b@14 x2:a@12 y1:a@13 ");
}

TEST_CASE("roots: the trash notes an object once, until something needs it or it is gone") {
  RegistryFixture fixture;
  fixture.registry.write([&](Db& db) {
    const Digest a = record(db, "a");
    const Digest b = record(db, "b");
    put_into_trash(db, a, "store", 1, 100);
    put_into_trash(db, a, "store", 1, 200);
    put_into_trash(db, b, "store", 1, 300);
    CHECK(trash_of(db, "store") == std::map<Digest, std::int64_t>{{a, 100}, {b, 300}});
    CHECK(trash_of(db, "another store").empty());
    CHECK(trashed_since(db, a, "store") == 100);
    CHECK_FALSE(trashed_since(db, a, "another store"));
    record(db, "a");
    CHECK_FALSE(trashed_since(db, a, "store"));
    take_from_trash(db, b);
    CHECK(trash_of(db, "store").empty());
  });
}

TEST_CASE("roots: what is forgotten leaves no row; elsewhere it is remembered") {
  RegistryFixture fixture;
  fixture.registry.write([&](Db& db) {
    const Digest object = record(db, "a");
    record_object(db, object, 1, "another store");
    put_into_trash(db, object, "store", 1, 100);
    forget_object(db, object, "store");
    CHECK(object_size(db, object) == 1);
    CHECK(trash_of(db, "store").empty());
    forget_object(db, object, "another store");
    CHECK_FALSE(object_size(db, object));
  });
}

TEST_CASE("roots: a version that is published takes its objects out of the trash") {
  RegistryFixture fixture;
  fixture.registry.write(
      [&](Db& db) { put_into_trash(db, record(db, "weights"), "store", 7, 100); });
  fixture.publish("1.0.0", "weights");
  fixture.registry.read([&](Db& db) { CHECK(trash_of(db, "store").empty()); });
}
