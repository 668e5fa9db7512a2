#include "registry/labels.h"

#include <doctest/doctest.h>

#include "registry/requests.h"
#include "registry/uploads.h"
#include "unit/core/failure.h"
#include "unit/registry/fixture.h"

using namespace algoctl;
using test::kName;
using test::RegistryFixture;

namespace {

const Label kLabel = Label::parse("mymodel.pkl");

}  // namespace

TEST_CASE("labels: a label moves by events, and its history is kept") {
  RegistryFixture fixture;
  const Digest january = Digest::of("january");
  const Digest february = Digest::of("february");
  fixture.registry.write([&](Db& db) {
    AlgorithmRow row = take_algorithm(db, kName);
    record_object(db, january, 7, "store");
    record_object(db, february, 8, "store");
    CHECK_FALSE(find_label(db, row, kLabel));
    move_label(db, row, kLabel, january, "ada", 10);
    move_label(db, row, kLabel, january, "ada", 20);
    CHECK(row.journal_seq == 1);
    CHECK(row.revision == 1);
    CHECK(find_label(db, row, kLabel)->sha256 == january);
    CHECK(find_label(db, row, kLabel)->size == 7);
    CHECK(find_label(db, row, kLabel)->moved_at == 10);
    CHECK_FALSE(label_ever_named(db, row, kLabel, february));
    move_label(db, row, kLabel, february, "ada", 30);
    CHECK(find_label(db, row, kLabel)->sha256 == february);
    CHECK(label_ever_named(db, row, kLabel, january));
    CHECK(label_ever_named(db, row, kLabel, february));
    CHECK(labels_of(db, row).size() == 1);
  });
}

TEST_CASE("labels: one needs an object that is recorded") {
  RegistryFixture fixture;
  CHECK_THROWS_AS(fixture.registry.write([&](Db& db) {
    AlgorithmRow row = take_algorithm(db, kName);
    move_label(db, row, kLabel, Digest::of("nothing"), "ada", 10);
  }),
                  Error);
}

TEST_CASE("objects: a size that contradicts the registry is damage") {
  RegistryFixture fixture;
  const Digest object = Digest::of("january");
  fixture.registry.write([&](Db& db) {
    record_object(db, object, 7, "store");
    record_object(db, object, 7, "mirror");
    CHECK(object_size(db, object) == 7);
    CHECK_FALSE(object_size(db, Digest::of("nothing")));
  });
  const std::string said = test::failure(
      [&] { fixture.registry.write([&](Db& db) { record_object(db, object, 8, "store"); }); });
  CHECK(said ==
        "integrity: object " + object.str() +
            " has 8 bytes, but the registry says 7 | the registry is damaged; restore it from "
            "a backup");
}

TEST_CASE("algorithms: names that look the same collide") {
  RegistryFixture fixture;
  fixture.registry.write([](Db& db) {
    take_algorithm(db, Algorithm::parse("acme/my-model"));
    take_algorithm(db, Algorithm::parse("other/my_model"));
  });
  const std::string said = test::failure([&] {
    fixture.registry.write([](Db& db) { take_algorithm(db, Algorithm::parse("acme/my_model")); });
  });
  CHECK(said ==
        "conflict: algorithm 'acme/my_model' looks the same as 'acme/my-model', which is there "
        "| '-', '_' and '.' count as one character in a name; choose another one");
}

TEST_CASE("requests: the same key and request get the same answer, another request is refused") {
  RegistryFixture fixture;
  const Answer answer{Version::parse("1.2.0"), Version::parse("1.1.0"), true,
                      Digest::of("manifest")};
  fixture.registry.write([&](Db& db) {
    const AlgorithmRow row = take_algorithm(db, kName);
    CHECK_FALSE(has_answer(db, row, "run-42"));
    CHECK_FALSE(find_answer(db, row, "run-42", Digest::of("request")));
    record_answer(db, row, "run-42", Digest::of("request"), answer, 1);
    const AlgorithmRow other = take_algorithm(db, Algorithm::parse("acme/other"));
    CHECK_FALSE(has_answer(db, other, "run-42"));
  });
  fixture.registry.read([&](Db& db) {
    const AlgorithmRow row = *find_algorithm(db, kName);
    const auto found = find_answer(db, row, "run-42", Digest::of("request"));
    REQUIRE(found);
    CHECK(found->version.str() == "1.2.0");
    CHECK(found->previous->str() == "1.1.0");
    CHECK(found->created);
    CHECK(found->manifest_sha256 == answer.manifest_sha256);
    CHECK(
        test::failure([&] { find_answer(db, row, "run-42", Digest::of("another")); }) ==
        "conflict: idempotency key 'run-42' was used for another request, which made 1.2.0 | use a "
        "new --idempotency-key, or repeat the manifest and options of the first time");
  });
}

namespace {

std::string ids_of(const std::vector<AbandonedUpload>& uploads) {
  std::string text;
  for (const AbandonedUpload& upload : uploads) text += upload.id + " ";
  return text;
}

}  // namespace

TEST_CASE("uploads: only those of processes that have ended are abandoned") {
  RegistryFixture fixture;
  fixture.registry.write([](Db& db) {
    const ProcessIdentity here = this_process();
    begin_upload(db, "mine", here, 1);
    begin_upload(db, "ended", {here.host, here.boot, 4194305}, 1);  // above the largest id
    begin_upload(db, "elsewhere", {"other", "another boot", 4194305}, 1);
    upload_stored(db, "ended", Digest::of("x"), 1);
    CHECK(ids_of(abandoned_uploads(db, 1)) == "ended ");
    end_upload(db, "ended");
    CHECK(abandoned_uploads(db, 1).empty());
    // Of other machines nothing is known, but a day is long enough.
    constexpr std::int64_t kDay = std::int64_t{24} * 60 * 60 * 1000;
    CHECK(abandoned_uploads(db, kDay + 1).empty());
    CHECK(ids_of(abandoned_uploads(db, kDay + 2)) == "elsewhere ");
  });
}

TEST_CASE("manifests: bytes that do not match their digest are damage") {
  RegistryFixture fixture;
  const VersionInfo version = fixture.publish("1.0.0");
  fixture.registry.read([&](Db& db) {
    CHECK(Digest::of(manifest_bytes(db, version.manifest_sha256)) == version.manifest_sha256);
    CHECK(test::failure([&] { manifest_bytes(db, Digest::of("nothing")); }) ==
          "integrity: the registry has no manifest " + Digest::of("nothing").str() +
              " | the registry is damaged; restore it from a backup");
  });
  fixture.shell()->script("DROP TRIGGER manifest_update; UPDATE manifest SET bytes = x'7b7d'");
  fixture.registry.read([&](Db& db) {
    CHECK(test::failure([&] { manifest_bytes(db, version.manifest_sha256); }) ==
          "integrity: a published manifest was changed in the registry\n  published: " +
              version.manifest_sha256.str() + "\n  found:     " + Digest::of("{}").str() +
              " | restore the registry from a backup");
  });
}
