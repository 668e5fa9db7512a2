#include "registry/journal.h"

#include <algorithm>

#include "registry/chain.h"

namespace algoctl {

void append_event(Db& db, AlgorithmRow& algorithm, const Event& event, const std::string& who,
                  std::int64_t now_ms) {
  const std::int64_t at = std::max(now_ms, algorithm.journal_at);
  const std::int64_t seq = algorithm.journal_seq + 1;
  const std::string digest =
      digest_of_fields({"algoctl.journal/v1", algorithm.journal_head, algorithm.name.str(),
                        std::to_string(seq), std::to_string(at), who, event.kind, event.version,
                        event.name, event.old_value, event.new_value, event.why, event.record})
          .hex();
  db.run(
      "UPDATE algorithm SET journal_seq = $2, journal_at = $3, journal_head = $4, "
      "revision = revision + 1 WHERE id = $1",
      {algorithm.id, seq, at, digest});
  db.run(
      "INSERT INTO journal (algorithm, seq, at, who, event, version, name, old, new, why, record, "
      "digest) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
      {algorithm.id, seq, at, who, event.kind, event.version, event.name, event.old_value,
       event.new_value, event.why, event.record, digest});
  algorithm.journal_seq = seq;
  algorithm.journal_at = at;
  algorithm.journal_head = digest;
  ++algorithm.revision;
}

bool has_event(Db& db, const AlgorithmRow& algorithm, const Digest& digest) {
  return db
      .query("SELECT 1 FROM journal WHERE digest = $2 AND algorithm = $1",
             {algorithm.id, digest.hex()})
      .next();
}

}  // namespace algoctl
