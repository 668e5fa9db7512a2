#include <doctest/doctest.h>

#include "unit/registry/audit_fixture.h"

using namespace algoctl;
using test::Registered;
using test::Tampering;

TEST_CASE("audit: whatever was done to versions and manifests is named") {
  const std::string changed = "version-changed|acme/sentiment@1.1.0|";
  const std::string other_record =
      changed + "its record has another digest than when it was published\n";
  const std::string manifest = "manifest-changed|acme/sentiment@1.1.0|";
  const std::string of = " WHERE algorithm = 1 AND seq = 2";
  const std::string its = " WHERE digest = (SELECT manifest FROM version" + of + ")";
  const std::string object = Digest::of("1.1.0").str();
  for (const auto& [sql, want] : std::vector<Tampering>{
           {"UPDATE version SET notes = 'better'" + of, other_record},
           {"UPDATE version SET published_by = 'eve'" + of, other_record},
           {"UPDATE version SET git_dirty = 0" + of, other_record},
           {"UPDATE version SET record = '" + Digest::of("x").hex() + "'" + of,
            other_record + changed + "the journal has no such publish\n"},
           {"UPDATE manifest SET essence = '" + Digest::of("x").hex() + "'" + its,
            manifest + "the registry notes another essence of it\n"},
           {"INSERT INTO manifest_object SELECT (SELECT manifest FROM version" + of +
                "), digest FROM object WHERE digest = '" + Digest::of("1.0.0").hex() + "'",
            manifest + "the registry notes other objects than it names\n"},
           {"DELETE FROM manifest_object WHERE object = '" + Digest::of("1.1.0").hex() + "'",
            manifest + "the registry notes other objects than it names\n"},
           {"UPDATE object SET size = 6 WHERE digest = '" + Digest::of("1.1.0").hex() + "'",
            "object-changed|" + object +
                "|has 6 bytes in the registry, but 5 in acme/sentiment@1.1.0\n"},
       }) {
    CAPTURE(sql);
    Registered registered;
    registered.tamper(sql);
    CHECK(registered.faults() == want);
  }
}

TEST_CASE("audit: a manifest with other bytes says what was published and what is there") {
  Registered registered;
  std::string bytes;
  Digest digest = Digest::of("");
  registered.registry.read([&](Db& db) {
    const AlgorithmRow row = find_algorithm(db, Algorithm::parse("acme/sentiment")).value();
    digest = exact_version(db, row, Version::parse("1.1.0"))->manifest_sha256;
    bytes = manifest_bytes(db, digest);
  });
  registered.tamper("UPDATE manifest SET bytes = CAST(bytes || ' ' AS BLOB) WHERE digest = '" +
                    digest.hex() + "'");
  CHECK(registered.faults() ==
        "manifest-changed|acme/sentiment@1.1.0|a published manifest was changed in the registry\n"
        "  published: " +
            digest.str() + "\n  found:     " + Digest::of(bytes + " ").str() + "\n");
}

TEST_CASE("audit: versions that are gone, or never were") {
  Registered gone;
  gone.tamper("DELETE FROM version WHERE algorithm = 1 AND seq = 3");
  const std::string faults = gone.faults();
  CHECK(faults.find("version-missing|acme/sentiment|4 versions were published, 3 are there\n") !=
        std::string::npos);

  Registered added;
  added.tamper(
      "INSERT INTO version SELECT algorithm, major, 9, patch, precedence, prerelease, build, 5, "
      "manifest, previous, published_at, published_by, notes, git_commit, git_remote, git_dirty, "
      "record FROM version WHERE algorithm = 1 AND seq = 2");
  CHECK(added.faults() ==
        "version-missing|acme/sentiment|4 versions were published, 5 are there\n"
        "version-changed|acme/sentiment@1.9.0|its record has another digest than when it was "
        "published\n"
        "version-changed|acme/sentiment@1.9.0|the journal has no such publish\n");

  Registered uncounted;
  uncounted.tamper("UPDATE algorithm SET version_seq = 3 WHERE id = 1");
  CHECK(uncounted.faults() ==
        "version-missing|acme/sentiment|3 versions were published, 4 are there\n"
        "version-missing|acme/sentiment|the journal knows of 4 versions, the algorithm's row of "
        "3\n");
}

TEST_CASE("audit: a row that names what is not there is damage of the database") {
  Registered registered;
  registered.tamper("DELETE FROM placement; DELETE FROM object WHERE digest = '" +
                    Digest::of("1.1.0").hex() + "'");
  CHECK(registered.faults().find("registry-damaged|registry.db|a row of manifest_object names one "
                                 "of object that is not there\n") == 0);
}
