#include "registry/notes.h"

#include "registry/journal.h"
#include "registry/version_rows.h"

namespace algoctl {

void annotate(Db& db, AlgorithmRow& algorithm, const VersionInfo& version, const std::string& key,
              const std::string& value, const std::string& who, std::int64_t now_ms) {
  const auto known = notes_of(db, algorithm, version);
  const auto before = known.find(key);
  if (before != known.end() && before->second == value) return;
  Event event;
  event.kind = "annotate";
  event.version = version.version.str();
  event.name = key;
  if (before != known.end()) event.old_value = before->second;
  event.new_value = value;
  append_event(db, algorithm, event, who, now_ms);
  set_note(db, algorithm, version, key, value);
}

void set_note(Db& db, const AlgorithmRow& algorithm, const VersionInfo& version,
              const std::string& key, const std::string& value) {
  db.run(
      "INSERT INTO note (algorithm, version_seq, name, value, journal_seq) "
      "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (algorithm, version_seq, name) DO UPDATE SET "
      "value = excluded.value, journal_seq = excluded.journal_seq",
      {algorithm.id, version.sequence, key, value, algorithm.journal_seq});
}

std::map<std::string, std::string> notes_of(Db& db, const AlgorithmRow& algorithm,
                                            const VersionInfo& version) {
  std::map<std::string, std::string> notes;
  Rows& rows = db.query("SELECT name, value FROM note WHERE algorithm = $1 AND version_seq = $2",
                        {algorithm.id, version.sequence});
  while (rows.next()) notes.emplace(rows.text(0), rows.text(1));
  return notes;
}

std::map<Version, std::string> notes_by_version(Db& db, const AlgorithmRow& algorithm,
                                                const std::string& key) {
  std::map<Version, std::string> values;
  Rows& rows = db.query(
      "SELECT v.major, v.minor, v.patch, v.prerelease, v.build, n.value FROM note n "
      "JOIN version v ON v.algorithm = n.algorithm AND v.seq = n.version_seq "
      "WHERE n.algorithm = $1 AND n.name = $2",
      {algorithm.id, key});
  while (rows.next()) values.emplace(read_number(rows), rows.text(5));
  return values;
}

}  // namespace algoctl
