#include "registry/versions.h"

#include "core/precedence.h"
#include "registry/chain.h"
#include "registry/journal.h"
#include "registry/version_rows.h"

namespace algoctl {
namespace {

/// A line's numbers, or all numbers: `low <= (major, minor) < high`.
struct LineBounds {
  explicit LineBounds(const std::optional<Line>& line)
      : low_major(line ? line->major : 0),
        low_minor(line ? line->minor : 0),
        high_major(line ? line->major : kAboveAnyNumber),
        high_minor(line ? line->minor + 1 : 0) {}

  std::int64_t low_major;
  std::int64_t low_minor;
  std::int64_t high_major;
  std::int64_t high_minor;
};

std::string text_of(const std::optional<bool>& value) {
  if (!value) return "";
  return *value ? "1" : "0";
}

std::vector<std::string> channels_from(const std::optional<std::string>& list) {
  std::vector<std::string> names;
  std::size_t begin = 0;
  while (list && begin <= list->size()) {
    const std::size_t end = std::min(list->find(',', begin), list->size());
    names.push_back(list->substr(begin, end - begin));
    begin = end + 1;
  }
  return names;
}

}  // namespace

std::optional<VersionInfo> newest_version(Db& db, const AlgorithmRow& algorithm,
                                          const std::optional<Line>& line) {
  const LineBounds bounds(line);
  Rows& releases = db.query(
      ALGOCTL_VERSION_COLUMNS
      "WHERE v.algorithm = $1 AND v.precedence = '~' AND (v.major, v.minor, v.patch) = "
      "(SELECT r.major, r.minor, r.patch FROM version r "
      " WHERE r.algorithm = $1 AND r.precedence = '~' AND (r.major, r.minor) >= ($2, $3) "
      " AND (r.major, r.minor) < ($4, $5) ORDER BY r.major DESC, r.minor DESC, r.patch DESC LIMIT "
      "1)",
      {algorithm.id, bounds.low_major, bounds.low_minor, bounds.high_major, bounds.high_minor});
  if (releases.next()) return read_version(releases, algorithm.name);
  const auto prerelease = open_prerelease(db, algorithm, line);
  return prerelease ? exact_version(db, algorithm, *prerelease) : std::nullopt;
}

std::optional<Version> version_by_sequence(Db& db, const AlgorithmRow& algorithm,
                                           std::int64_t sequence) {
  Rows& rows = db.query(
      "SELECT major, minor, patch, prerelease, build FROM version WHERE algorithm = $1 AND seq = "
      "$2",
      {algorithm.id, sequence});
  return rows.next() ? std::optional(read_number(rows)) : std::nullopt;
}

std::optional<Version> open_prerelease(Db& db, const AlgorithmRow& algorithm,
                                       const std::optional<Line>& line) {
  const LineBounds bounds(line);
  // The highest version of all decides: when it is a release, no prerelease is above it.
  Rows& rows = db.query(
      "SELECT major, minor, patch, prerelease, build FROM version WHERE algorithm = $1 "
      "AND (major, minor) >= ($2, $3) AND (major, minor) < ($4, $5) "
      "ORDER BY major DESC, minor DESC, patch DESC, precedence DESC LIMIT 1",
      {algorithm.id, bounds.low_major, bounds.low_minor, bounds.high_major, bounds.high_minor});
  if (!rows.next()) return std::nullopt;
  Version version = read_number(rows);
  return version.is_release() ? std::nullopt : std::optional(std::move(version));
}

std::vector<VersionInfo> versions_with_essence(Db& db, const AlgorithmRow& algorithm,
                                               const Digest& essence) {
  std::vector<VersionInfo> versions;
  Rows& rows = db.query(ALGOCTL_VERSION_COLUMNS
                        "WHERE v.manifest IN (SELECT digest FROM manifest WHERE essence = $2) "
                        // The signs keep the planner from walking all versions by their sequence.
                        "AND +v.algorithm = $1 ORDER BY +v.seq DESC",
                        {algorithm.id, essence.hex()});
  while (rows.next()) versions.push_back(read_version(rows, algorithm.name));
  return versions;
}

std::vector<Version> prereleases_of(Db& db, const AlgorithmRow& algorithm, const Version& release) {
  std::vector<Version> numbers;
  Rows& rows = db.query(
      "SELECT major, minor, patch, prerelease, build FROM version WHERE algorithm = $1 "
      "AND major = $2 AND minor = $3 AND patch = $4 AND precedence < '~' ORDER BY precedence DESC",
      {algorithm.id, release.major(), release.minor(), release.patch()});
  while (rows.next()) numbers.push_back(read_number(rows));
  return numbers;
}

void visit_versions(Db& db, const AlgorithmRow& algorithm,
                    const std::function<bool(const VersionSummary&)>& visit) {
  Rows& rows = db.query(
      "SELECT v.major, v.minor, v.patch, v.prerelease, v.build, v.published_at, v.notes, "
      "y.reason, y.replacement, "
      "(SELECT coalesce(sum(o.size), 0) FROM manifest_object mo JOIN object o ON o.digest = "
      "mo.object "
      " WHERE mo.manifest = v.manifest), "
      "(SELECT group_concat(c.name, ',') FROM (SELECT name FROM channel WHERE algorithm = "
      "v.algorithm "
      " AND version_seq = v.seq ORDER BY name) c) "
      "FROM version v LEFT JOIN yank y ON y.algorithm = v.algorithm AND y.version_seq = v.seq "
      "WHERE v.algorithm = $1 ORDER BY v.major DESC, v.minor DESC, v.patch DESC, v.precedence DESC",
      {algorithm.id});
  bool go_on = true;
  while (go_on && rows.next()) {
    VersionSummary summary{read_number(rows),
                           rows.integer(5),
                           rows.text(6),
                           std::nullopt,
                           channels_from(rows.text_or_null(10)),
                           rows.integer(9)};
    if (!rows.is_null(7)) {
      summary.yank = Yank{rows.text(7), std::nullopt};
      if (const auto text = rows.text_or_null(8)) summary.yank->replacement = Version::parse(*text);
    }
    go_on = visit(summary);
  }
}

Digest record_of(const VersionInfo& version) {
  return digest_of_fields(
      {"algoctl.version/v1", version.algorithm.str(), std::to_string(version.sequence),
       version.version.str(), version.manifest_sha256.hex(), text_of(version.previous),
       std::to_string(version.published_at), version.published_by, version.notes,
       version.provenance.commit, version.provenance.remote, text_of(version.provenance.dirty)});
}

void insert_version_row(Db& db, AlgorithmRow& algorithm, VersionInfo& version) {
  count_version(db, algorithm, version.version);
  version.sequence = algorithm.version_seq;
  version.record = record_of(version);
  std::optional<std::string> previous;
  if (version.previous) previous = version.previous->str();
  const auto& from = version.provenance;
  const Parameter dirty =
      from.dirty ? Parameter(static_cast<std::int64_t>(*from.dirty)) : Parameter(nullptr);
  db.run(
      "INSERT INTO version (algorithm, major, minor, patch, precedence, prerelease, build, seq, "
      "manifest, previous, published_at, published_by, notes, git_commit, git_remote, git_dirty, "
      "record) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
      {algorithm.id, version.version.major(), version.version.minor(), version.version.patch(),
       precedence_key(version.version), version.version.prerelease(), version.version.build(),
       version.sequence, version.manifest_sha256.hex(), previous, version.published_at,
       version.published_by, version.notes, from.commit, from.remote, dirty, version.record.hex()});
}

void insert_version(Db& db, AlgorithmRow& algorithm, VersionInfo& version, std::int64_t now_ms) {
  version.published_at = std::max(now_ms, algorithm.journal_at);
  insert_version_row(db, algorithm, version);
  Event event;
  event.kind = "publish";
  event.version = version.version.str();
  event.old_value = text_of(version.previous);
  event.new_value = version.version.str();
  event.why = version.notes;
  event.record = version.record.hex();
  append_event(db, algorithm, event, version.published_by, now_ms);
}

}  // namespace algoctl
