#include <set>

#include "algoctl/error.h"
#include "core/manifest_text.h"
#include "core/precedence.h"
#include "registry/audit.h"
#include "registry/manifests.h"
#include "registry/objects.h"
#include "registry/version_rows.h"
#include "registry/versions.h"

namespace algoctl {
namespace {

std::string name_of(const VersionInfo& version) {
  return version.algorithm.str() + "@" + version.version.str();
}

/// The objects that the registry says a manifest needs.
std::set<Digest> recorded_objects(Db& db, const Digest& manifest) {
  std::set<Digest> objects;
  Rows& rows = db.query("SELECT object FROM manifest_object WHERE manifest = $1", {manifest.hex()});
  while (rows.next()) objects.insert(Digest::parse(rows.text(0)));
  return objects;
}

void audit_manifest(Db& db, const VersionInfo& version, const Report& report) {
  const Digest& digest = version.manifest_sha256;
  try {
    const std::string bytes = manifest_bytes(db, digest);
    const Manifest manifest = Manifest::parse(bytes, name_of(version));
    std::set<Digest> needed;
    for (const ModelFile& model : manifest.models) {
      needed.insert(model.sha256);
      const auto size = object_size(db, model.sha256);
      if (size && *size != model.size) {
        report("object-changed", model.sha256.str(),
               "has " + std::to_string(*size) + " bytes in the registry, but " +
                   std::to_string(model.size) + " in " + name_of(version));
      }
    }
    if (needed != recorded_objects(db, digest)) {
      report("manifest-changed", name_of(version),
             "the registry notes other objects than it names");
    }
    Rows& rows = db.query("SELECT essence FROM manifest WHERE digest = $1", {digest.hex()});
    if (rows.next() && rows.text(0) != Digest::of(manifest_essence(bytes, "manifest")).hex()) {
      report("manifest-changed", name_of(version), "the registry notes another essence of it");
    }
  } catch (const Error& error) {
    report("manifest-changed", name_of(version), error.message());
  }
}

bool has_event_for(Db& db, const AlgorithmRow& algorithm, const VersionInfo& version) {
  return db
      .query(
          "SELECT 1 FROM journal WHERE algorithm = $1 AND event = 'publish' AND name = '' "
          "AND new = $2 AND record = $3",
          {algorithm.id, version.version.str(), version.record.hex()})
      .next();
}

void audit_numbers(Db& db, const AlgorithmRow& algorithm, const Report& report) {
  const std::string name = algorithm.name.str();
  Rows& counts = db.query(
      "SELECT count(*), coalesce(max(seq), 0) FROM version WHERE algorithm = $1", {algorithm.id});
  counts.next();
  if (counts.integer(0) != algorithm.version_seq || counts.integer(1) != algorithm.version_seq) {
    report("version-missing", name,
           std::to_string(algorithm.version_seq) + " versions were published, " +
               std::to_string(counts.integer(0)) + " are there");
  }
  Rows& published = db.query(
      "SELECT count(*) FROM journal WHERE algorithm = $1 AND event = 'publish'", {algorithm.id});
  published.next();
  if (published.integer(0) != algorithm.version_seq) {
    report("version-missing", name,
           "the journal knows of " + std::to_string(published.integer(0)) + " versions, the " +
               "algorithm's row of " + std::to_string(algorithm.version_seq));
  }
}

/// What the index sorts by decides what is the latest.
bool is_in_its_place(Db& db, const AlgorithmRow& algorithm, const VersionInfo& version) {
  Rows& rows = db.query("SELECT precedence FROM version WHERE algorithm = $1 AND seq = $2",
                        {algorithm.id, version.sequence});
  return !rows.next() || rows.text(0) == precedence_key(version.version);
}

}  // namespace

std::vector<std::string> recorded_names(Db& db) {
  std::vector<std::string> names;
  Rows& rows = db.query("SELECT name FROM algorithm ORDER BY id");
  while (rows.next()) names.push_back(rows.text(0));
  return names;
}

void audit_name(Db& db, const AlgorithmRow& algorithm, const Report& report) {
  Rows& rows = db.query("SELECT collision_key FROM algorithm WHERE id = $1", {algorithm.id});
  if (rows.next() && rows.text(0) == algorithm.name.collision_key()) return;
  report("registry-damaged", algorithm.name.str(),
         "it is not kept apart from names that look the same");
}

void audit_version(Db& db, const VersionInfo& version, const Report& report) {
  if (record_of(version) != version.record) {
    report("version-changed", name_of(version),
           "its record has another digest than when it was published");
  }
  const auto algorithm = find_algorithm(db, version.algorithm);
  if (algorithm && !has_event_for(db, *algorithm, version)) {
    report("version-changed", name_of(version), "the journal has no such publish");
  }
  if (algorithm && !is_in_its_place(db, *algorithm, version)) {
    report("version-changed", name_of(version), "it is not sorted as its number says");
  }
  audit_manifest(db, version, report);
}

void audit_versions(Db& db, const AlgorithmRow& algorithm, const Report& report) {
  audit_numbers(db, algorithm, report);
  Rows& rows =
      db.query(ALGOCTL_VERSION_COLUMNS "WHERE v.algorithm = $1 ORDER BY v.seq", {algorithm.id});
  while (rows.next()) {
    try {
      audit_version(db, read_version(rows, algorithm.name), report);
    } catch (const Error& error) {
      if (error.code() != Code::usage && error.code() != Code::integrity) throw;
      report("version-changed", algorithm.name.str() + " version " + rows.text(5), error.message());
    }
  }
}

}  // namespace algoctl
