#include "registry/journal.h"

#include <algorithm>

#include "registry/chain.h"

namespace algoctl {

Digest event_digest(const Algorithm& algorithm, const std::string& previous, std::int64_t seq,
                    std::int64_t at, const std::string& who, const Event& event) {
  const std::string number = std::to_string(seq);
  const std::string time = std::to_string(at);
  // What an imported event has besides makes it another kind of record.
  if (!event.origin.empty()) {
    return digest_of_fields({"algoctl.journal-imported/v1", previous, algorithm.str(), number, time,
                             who, event.kind, event.version, event.name, event.old_value,
                             event.new_value, event.why, event.record, event.origin,
                             std::to_string(event.origin_at)});
  }
  return digest_of_fields({"algoctl.journal/v1", previous, algorithm.str(), number, time, who,
                           event.kind, event.version, event.name, event.old_value, event.new_value,
                           event.why, event.record});
}

void append_event(Db& db, AlgorithmRow& algorithm, const Event& event, const std::string& who,
                  std::int64_t now_ms) {
  const std::int64_t at = std::max(now_ms, algorithm.journal_at);
  const std::int64_t seq = algorithm.journal_seq + 1;
  const std::string digest =
      event_digest(algorithm.name, algorithm.journal_head, seq, at, who, event).hex();
  db.run(
      "UPDATE algorithm SET journal_seq = $2, journal_at = $3, journal_head = $4, "
      "revision = revision + 1 WHERE id = $1",
      {algorithm.id, seq, at, digest});
  db.run(
      "INSERT INTO journal (algorithm, seq, at, who, event, version, name, old, new, why, record, "
      "digest, origin, origin_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
      {algorithm.id, seq, at, who, event.kind, event.version, event.name, event.old_value,
       event.new_value, event.why, event.record, digest, event.origin, event.origin_at});
  algorithm.journal_seq = seq;
  algorithm.journal_at = at;
  algorithm.journal_head = digest;
  ++algorithm.revision;
}

bool has_event(Db& db, const AlgorithmRow& algorithm, const Digest& digest) {
  return db.query("SELECT 1 FROM journal WHERE digest = $2 AND algorithm = $1",
                  {algorithm.id, digest.hex()})
             .next() ||
         db.query("SELECT 1 FROM journal WHERE algorithm = $1 AND origin = $2 AND origin <> ''",
                  {algorithm.id, digest.hex()})
             .next();
}

}  // namespace algoctl
