#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "algoctl/resolve.h"
#include "registry/algorithms.h"
#include "registry/db.h"

namespace algoctl {

/// Sets one key of a version's metadata, as an event; the same value again changes nothing.
void annotate(Db& db, AlgorithmRow& algorithm, const VersionInfo& version, const std::string& key,
              const std::string& value, const std::string& who, std::int64_t now_ms);

/// A version's metadata, by key.
std::map<std::string, std::string> notes_of(Db& db, const AlgorithmRow& algorithm,
                                            const VersionInfo& version);

/// The channels that name a version, sorted.
std::vector<std::string> channels_of(Db& db, const AlgorithmRow& algorithm,
                                     const VersionInfo& version);

/// The channels of an algorithm, sorted.
std::vector<std::string> channel_names(Db& db, const AlgorithmRow& algorithm);

}  // namespace algoctl
