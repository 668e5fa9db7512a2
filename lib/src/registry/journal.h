#pragma once

#include <cstdint>
#include <string>

#include "algoctl/digest.h"
#include "registry/algorithms.h"
#include "registry/db.h"

namespace algoctl {

/// Something that happened to an algorithm. Fields that do not apply are empty.
struct Event {
  std::string kind;  ///< publish, label, annotate, promote, rollback, hold, release, yank, unyank
  std::string version;  ///< the version it is about
  std::string name;     ///< the label, channel, key or yanked version it is about
  std::string old_value;
  std::string new_value;
  std::string why;
  std::string record;  ///< of a publish: the version's record digest
  std::string origin;  ///< of an imported event: its digest in the journal where it happened
  std::int64_t origin_at = 0;  ///< and its time there
};

/// The digest that chains an event to the one before it, `previous` (empty for the first).
Digest event_digest(const Algorithm& algorithm, const std::string& previous, std::int64_t seq,
                    std::int64_t at, const std::string& who, const Event& event);

/// Appends to the algorithm's hash chain and moves the row's sequence, time, head and revision, in
/// the database and in `algorithm`. To be called in a write transaction that read `algorithm`
/// itself. Event time is the later of `now_ms` and the last event's.
void append_event(Db& db, AlgorithmRow& algorithm, const Event& event, const std::string& who,
                  std::int64_t now_ms);

/// True when the journal has an event with this digest, its own or an imported one: then all before
/// it is as it was.
bool has_event(Db& db, const AlgorithmRow& algorithm, const Digest& digest);

}  // namespace algoctl
