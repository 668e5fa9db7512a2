#include "registry/objects.h"

#include <doctest/doctest.h>

#include "registry/roots.h"
#include "unit/core/failure.h"
#include "unit/registry/fixture.h"

using namespace algoctl;
using test::failure;
using test::RegistryFixture;

TEST_CASE("objects: one may stay in several places outside, which are no store's") {
  RegistryFixture fixture;
  const Digest object = Digest::of("weights");
  fixture.registry.write([&](Db& db) {
    record_external(db, object, 7, "s3://b/2");
    record_external(db, object, 7, "s3://b/1");
    record_external(db, object, 7, "s3://b/1");
    record_object(db, Digest::of("stored"), 6, "store");
    CHECK(object_size(db, object) == 7);
    CHECK(external_places(db, object) == std::vector<std::string>{"s3://b/1", "s3://b/2"});
    CHECK(external_places(db, Digest::of("stored")).empty());
    CHECK(external_places(db).size() == 1);
    CHECK(failure([&] { record_external(db, object, 8, "s3://b/1"); }).substr(0, 10) ==
          "integrity:");
  });
}

TEST_CASE("objects: what is removed from a store may still be outside") {
  RegistryFixture fixture;
  const Digest object = Digest::of("weights");
  fixture.registry.write([&](Db& db) {
    record_object(db, object, 7, "store");
    put_into_trash(db, object, "store", 7, 1000);
    record_external(db, object, 7, "s3://b/1");
    CHECK_FALSE(trashed_since(db, object, "store"));
    forget_object(db, object, "store");
    CHECK(object_size(db, object) == 7);
    CHECK(external_places(db, object) == std::vector<std::string>{"s3://b/1"});
  });
}
