#include "registry/journal_rows.h"

#include "registry/version_rows.h"

namespace algoctl {

void visit_journal(Db& db, const AlgorithmRow& algorithm,
                   const std::function<void(const JournalRow&)>& visit) {
  Rows& rows = db.query(
      "SELECT seq, at, who, event, version, name, old, new, why, record, digest, origin, origin_at "
      "FROM journal WHERE algorithm = $1 ORDER BY seq",
      {algorithm.id});
  while (rows.next()) {
    visit({rows.integer(0), rows.integer(1), rows.text(2), rows.text(3), rows.text(4), rows.text(5),
           rows.text(6), rows.text(7), rows.text(8), rows.text(9), rows.text(10), rows.text(11),
           rows.integer(12)});
  }
}

void visit_published(Db& db, const AlgorithmRow& algorithm, std::int64_t after,
                     const std::function<void(const VersionInfo&)>& visit) {
  Rows& rows =
      db.query(ALGOCTL_VERSION_COLUMNS "WHERE v.algorithm = $1 AND v.seq > $2 ORDER BY v.seq",
               {algorithm.id, after});
  while (rows.next()) visit(read_version(rows, algorithm.name));
}

Event event_of(const JournalRow& row) {
  return {row.event, row.version, row.name,   row.old_value, row.new_value,
          row.why,   row.record,  row.origin, row.origin_at};
}

bool ChainCheck::add(const JournalRow& row) {
  ++count_;
  if (row.seq != count_) return false;
  const Digest digest = event_digest(algorithm_, head_, row.seq, row.at, row.who, event_of(row));
  if (digest.hex() != row.digest) return false;
  head_ = row.digest;
  return true;
}

std::string label_event_id(Db& db, const AlgorithmRow& algorithm, const Label& label) {
  Rows& rows = db.query(
      "SELECT j.digest, j.origin FROM label l "
      "JOIN journal j ON j.algorithm = l.algorithm AND j.seq = l.journal_seq "
      "WHERE l.algorithm = $1 AND l.name = $2",
      {algorithm.id, label.str()});
  if (!rows.next()) return {};
  const std::string origin = rows.text(1);
  return origin.empty() ? rows.text(0) : origin;
}

}  // namespace algoctl
