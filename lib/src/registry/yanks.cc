#include "registry/yanks.h"

#include "registry/journal.h"
#include "registry/version_rows.h"
#include "registry/versions.h"

namespace algoctl {
namespace {

Event event_of(const char* kind, const VersionInfo& version) {
  Event event;
  event.kind = kind;
  event.version = version.version.str();
  event.name = event.version;
  return event;
}

}  // namespace

std::optional<VersionInfo> highest_yanked(Db& db, const AlgorithmRow& algorithm,
                                          const Selector& selector) {
  std::optional<Version> highest;
  Rows& rows = db.query(
      "SELECT v.major, v.minor, v.patch, v.prerelease, v.build FROM yank y "
      "JOIN version v ON v.algorithm = y.algorithm AND v.seq = y.version_seq "
      "WHERE y.algorithm = $1",
      {algorithm.id});
  while (rows.next()) {
    Version version = read_number(rows);
    if (!selector.admits(version)) continue;
    if (!highest || *highest < version) highest = std::move(version);
  }
  return highest ? exact_version(db, algorithm, *highest) : std::nullopt;
}

bool yank_version(Db& db, AlgorithmRow& algorithm, const VersionInfo& version, const Yank& yank,
                  const std::string& who, std::int64_t now_ms) {
  const auto& before = version.yank;
  if (before && before->reason == yank.reason && before->replacement == yank.replacement) {
    return false;
  }
  Event event = event_of("yank", version);
  if (before) event.old_value = text_of(before->replacement);
  event.new_value = text_of(yank.replacement);
  event.why = yank.reason;
  append_event(db, algorithm, event, who, now_ms);
  set_yank(db, algorithm, version, yank);
  return true;
}

void set_yank(Db& db, const AlgorithmRow& algorithm, const VersionInfo& version, const Yank& yank) {
  std::optional<std::string> replacement;
  if (yank.replacement) replacement = yank.replacement->str();
  db.run(
      "INSERT INTO yank (algorithm, version_seq, reason, replacement, journal_seq) "
      "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (algorithm, version_seq) DO UPDATE SET "
      "reason = excluded.reason, replacement = excluded.replacement, "
      "journal_seq = excluded.journal_seq",
      {algorithm.id, version.sequence, yank.reason, replacement, algorithm.journal_seq});
}

bool unyank_version(Db& db, AlgorithmRow& algorithm, const VersionInfo& version,
                    const std::string& why, const std::string& who, std::int64_t now_ms) {
  if (!version.yank) return false;
  Event event = event_of("unyank", version);
  event.why = why;
  append_event(db, algorithm, event, who, now_ms);
  clear_yank(db, algorithm, version);
  return true;
}

void clear_yank(Db& db, const AlgorithmRow& algorithm, const VersionInfo& version) {
  db.run("DELETE FROM yank WHERE algorithm = $1 AND version_seq = $2",
         {algorithm.id, version.sequence});
}

}  // namespace algoctl
