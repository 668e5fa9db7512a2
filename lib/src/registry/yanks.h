#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "algoctl/resolve.h"
#include "registry/algorithms.h"
#include "registry/db.h"

namespace algoctl {

/// The highest yanked version that `selector`, a range or latest, would admit.
std::optional<VersionInfo> highest_yanked(Db& db, const AlgorithmRow& algorithm,
                                          const Selector& selector);

// To be called in a write transaction that read `algorithm` itself.

/// Make the head say what the last event says: that a version is yanked, or is not.
void set_yank(Db& db, const AlgorithmRow& algorithm, const VersionInfo& version, const Yank& yank);
void clear_yank(Db& db, const AlgorithmRow& algorithm, const VersionInfo& version);

/// Marks a version as one that should not be chosen any more, as an event. The same reason and
/// replacement again change nothing: false.
bool yank_version(Db& db, AlgorithmRow& algorithm, const VersionInfo& version, const Yank& yank,
                  const std::string& who, std::int64_t now_ms);

/// Takes the mark away; false when there is none.
bool unyank_version(Db& db, AlgorithmRow& algorithm, const VersionInfo& version,
                    const std::string& why, const std::string& who, std::int64_t now_ms);

}  // namespace algoctl
