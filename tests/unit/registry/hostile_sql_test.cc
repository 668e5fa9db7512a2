#include <doctest/doctest.h>

#include "registry/journal.h"
#include "registry/notes.h"
#include "registry/requests.h"
#include "unit/registry/fixture.h"

using namespace algoctl;
using test::RegistryFixture;

namespace {

/// Every row of the tables that never change, as text.
std::string immutable_rows(Db& db) {
  std::string text;
  for (const char* sql :
       {"SELECT quote(algorithm) || quote(seq) || quote(major) || quote(minor) || "
        "quote(patch) || quote(notes) || quote(record) FROM version ORDER BY seq",
        "SELECT digest || quote(bytes) FROM manifest ORDER BY digest",
        "SELECT quote(manifest) || quote(object) FROM manifest_object ORDER BY 1",
        "SELECT quote(seq) || quote(digest) || quote(why) FROM journal ORDER BY seq",
        "SELECT quote(key) || quote(version) FROM request ORDER BY key"}) {
    Rows& rows = db.query(sql);
    while (rows.next()) text += rows.text(0) + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("registry: what was published survives UPDATE, DELETE and REPLACE, foreign keys off") {
  RegistryFixture fixture;
  fixture.publish("1.0.0", "a");
  fixture.publish("1.1.0", "b");
  fixture.registry.write([&](Db& db) {
    const AlgorithmRow row = *find_algorithm(db, Algorithm::parse("acme/sentiment"));
    record_answer(db, row, "key", Digest::of("request"),
                  {Version::parse("1.1.0"), std::nullopt, true, Digest::of("m")}, 1);
  });
  auto db = fixture.shell();
  const std::string before = immutable_rows(*db);
  for (const char* setting :
       {"PRAGMA foreign_keys = ON", "PRAGMA foreign_keys = OFF", "PRAGMA recursive_triggers = OFF",
        "PRAGMA recursive_triggers = ON"}) {
    db->script(setting);
    for (const char* sql : {
             "UPDATE version SET notes = 'rewritten'",
             "UPDATE version SET manifest = (SELECT min(digest) FROM manifest)",
             "UPDATE OR REPLACE version SET patch = 0",
             "UPDATE version SET major = 9, minor = 9 WHERE seq = 1",
             "DELETE FROM version",
             "DELETE FROM version WHERE seq = 2",
             "REPLACE INTO version SELECT * FROM version",
             "INSERT OR REPLACE INTO version SELECT algorithm, major, minor, patch, precedence, "
             "prerelease, build, seq, manifest, previous, published_at, published_by, 'rewritten', "
             "git_commit, git_remote, git_dirty, record FROM version",
             "INSERT INTO version SELECT algorithm, 7, minor, patch, precedence, prerelease, "
             "build, "
             "seq, manifest, previous, published_at, published_by, notes, git_commit, git_remote, "
             "git_dirty, record FROM version",
             "INSERT OR REPLACE INTO version SELECT algorithm, 7, minor, patch, precedence, "
             "prerelease, build, 99, manifest, previous, published_at, published_by, notes, "
             "git_commit, git_remote, git_dirty, record FROM version WHERE seq = 1",
             "INSERT INTO version SELECT * FROM version WHERE seq = 1 "
             "ON CONFLICT DO UPDATE SET notes = 'rewritten'",
             "UPDATE manifest SET bytes = x'00'",
             "DELETE FROM manifest",
             "REPLACE INTO manifest SELECT digest, essence, x'00' FROM manifest",
             "UPDATE manifest_object SET object = manifest",
             "DELETE FROM manifest_object",
             "REPLACE INTO manifest_object SELECT * FROM manifest_object",
             "INSERT INTO manifest_object SELECT digest, 'nothing' FROM manifest",
             "UPDATE journal SET why = 'rewritten'",
             "DELETE FROM journal WHERE seq = 1",
             "REPLACE INTO journal SELECT * FROM journal",
             "INSERT INTO journal SELECT algorithm, seq + 50, at, who, event, version, name, old, "
             "new, "
             "why, record, digest FROM journal",
             "UPDATE request SET version = '9.9.9'",
             "DELETE FROM request",
             "REPLACE INTO request SELECT * FROM request",
             "DELETE FROM algorithm",
             "UPDATE algorithm SET name = 'acme/other'",
             "UPDATE algorithm SET version_seq = 0",
             "UPDATE algorithm SET journal_seq = 0",
             "REPLACE INTO algorithm SELECT id, name, collision_key, 0, NULL, 0, 0, 0, '' FROM "
             "algorithm",
             "DELETE FROM object",
             "UPDATE object SET size = 1",
             "REPLACE INTO object SELECT digest, 1 FROM object",
             "UPDATE label SET object = 'nothing'",
         }) {
      CAPTURE(setting);
      CAPTURE(sql);
      CHECK_THROWS_AS(db->script(sql), Error);
      CHECK(immutable_rows(*db) == before);
    }
  }
}

TEST_CASE("registry: each version carries the digest of its record") {
  RegistryFixture fixture;
  const VersionInfo published = fixture.publish("1.0.0");
  fixture.registry.read([&](Db& db) {
    const AlgorithmRow row = *find_algorithm(db, Algorithm::parse("acme/sentiment"));
    const auto found = exact_version(db, row, published.version);
    REQUIRE(found);
    CHECK(record_of(*found) == found->record);
    VersionInfo forged = *found;
    forged.notes = "rewritten";
    CHECK(record_of(forged) != found->record);
    forged = *found;
    forged.provenance.dirty = true;
    CHECK(record_of(forged) != found->record);
  });
}
