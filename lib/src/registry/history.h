#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "algoctl/journal.h"
#include "algoctl/resolve.h"
#include "registry/algorithms.h"
#include "registry/db.h"

namespace algoctl {

/// The sequence of an algorithm's last event that was not later than `time`, milliseconds since
/// 1970; 0 when there was none.
std::int64_t event_at(Db& db, const AlgorithmRow& algorithm, std::int64_t time);

/// One event.
LogEvent read_event(Db& db, const AlgorithmRow& algorithm, std::int64_t sequence);

/// The events of a channel up to `sequence`, newest first, until `visit` returns false.
void visit_channel_events(Db& db, const AlgorithmRow& algorithm, const std::string& channel,
                          std::int64_t sequence, const std::function<bool(const LogEvent&)>& visit);

// How things stood after an algorithm's event `sequence`.

/// As find_version; its yank is the one of that time.
std::optional<VersionInfo> find_version_as_of(Db& db, const AlgorithmRow& algorithm,
                                              const Selector& selector, bool prereleases,
                                              std::int64_t sequence);

/// The object that a label named, by its digest, and since when.
std::optional<LabelInfo> find_label_as_of(Db& db, const AlgorithmRow& algorithm, const Label& label,
                                          std::int64_t sequence);

}  // namespace algoctl
