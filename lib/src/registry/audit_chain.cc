#include "base/file.h"
#include "base/text.h"
#include "registry/audit.h"
#include "registry/journal.h"

namespace algoctl {
namespace {

/// SQLite takes what is cut off the last page for zeros. With something in the log the file may
/// really be short: then the next checkpoint writes it.
void audit_size(Db& db, const std::string& path, const Report& report) {
  const auto file = stat_if_there(path);
  const auto log = stat_if_there(path + "-wal");
  Rows& rows = db.query("PRAGMA page_size");
  if (!file || (log && log->st_size > 0) || !rows.next()) return;
  if (file->st_size % rows.integer(0) == 0) return;
  report("registry-damaged", "registry.db",
         "the file has " + counted(file->st_size, "byte") + ", which is no whole number of pages");
}

}  // namespace

void audit_database(Db& db, const std::string& path, const Report& report) {
  audit_size(db, path, report);
  Rows& pages = db.query("PRAGMA integrity_check");
  while (pages.next()) {
    if (pages.text(0) != "ok") report("registry-damaged", "registry.db", pages.text(0));
  }
  Rows& references = db.query("PRAGMA foreign_key_check");
  while (references.next()) {
    report("registry-damaged", "registry.db",
           "a row of " + references.text(0) + " names one of " + references.text(2) +
               " that is not there");
  }
}

bool audit_chain(Db& db, const AlgorithmRow& algorithm, const Report& report) {
  const std::string name = algorithm.name.str();
  std::string previous;
  std::string fitting;  // the digest that the event before should have, when it has another
  std::int64_t seq = 0;
  std::int64_t at = 0;
  bool whole = true;
  const auto broken = [&](const std::string& detail) {
    report("journal-broken", name, detail);
    whole = false;
  };
  Rows& rows = db.query(
      "SELECT seq, at, who, event, version, name, old, new, why, record, digest, origin, origin_at "
      "FROM journal WHERE algorithm = $1 ORDER BY seq",
      {algorithm.id});
  while (rows.next()) {
    const std::int64_t found = rows.integer(0);
    const bool next = found == seq + 1;
    if (!next) broken("event " + std::to_string(seq + 1) + " is missing");
    seq = found;
    const Event event{rows.text(3), rows.text(4), rows.text(5),  rows.text(6),    rows.text(7),
                      rows.text(8), rows.text(9), rows.text(11), rows.integer(12)};
    const std::string digest = rows.text(10);
    const auto digest_after = [&](const std::string& before) {
      return event_digest(algorithm.name, before, seq, rows.integer(1), rows.text(2), event).hex();
    };
    const std::string computed = digest_after(previous);
    // Where the event before was changed, that is said; this one is whole when it fits to what that
    // one says of itself or to what it is. One that follows a gap cannot be judged.
    if (next && computed != digest && (fitting.empty() || digest_after(fitting) != digest)) {
      broken("event " + std::to_string(seq) + " (" + event.kind + ") was changed");
    }
    fitting = computed == digest ? "" : computed;
    if (rows.integer(1) < at) {
      broken("event " + std::to_string(seq) + " is before the one before it");
    }
    at = rows.integer(1);
    previous = digest;
  }
  if (seq != algorithm.journal_seq || previous != algorithm.journal_head ||
      at != algorithm.journal_at) {
    broken("its last event is not the one that the algorithm's row names");
  }
  return whole;
}

}  // namespace algoctl
