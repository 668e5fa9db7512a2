#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "algoctl/resolve.h"
#include "registry/algorithms.h"
#include "registry/db.h"

namespace algoctl {

/// Makes the head say what the last event says: that a version's key has this value.
void set_note(Db& db, const AlgorithmRow& algorithm, const VersionInfo& version,
              const std::string& key, const std::string& value);

/// Sets one key of a version's metadata, as an event; the same value again changes nothing.
void annotate(Db& db, AlgorithmRow& algorithm, const VersionInfo& version, const std::string& key,
              const std::string& value, const std::string& who, std::int64_t now_ms);

/// A version's metadata, by key.
std::map<std::string, std::string> notes_of(Db& db, const AlgorithmRow& algorithm,
                                            const VersionInfo& version);

/// The values of one key, by the version that has it.
std::map<Version, std::string> notes_by_version(Db& db, const AlgorithmRow& algorithm,
                                                const std::string& key);

}  // namespace algoctl
