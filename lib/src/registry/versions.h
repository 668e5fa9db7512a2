#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "algoctl/resolve.h"
#include "registry/algorithms.h"
#include "registry/db.h"

namespace algoctl {

/// The version that a selector means, or nullopt (docs/formats.md, "Selectors").
std::optional<VersionInfo> find_version(Db& db, const AlgorithmRow& algorithm,
                                        const Selector& selector, bool prereleases);

/// The version with this number, yanked or not.
std::optional<VersionInfo> exact_version(Db& db, const AlgorithmRow& algorithm,
                                         const Version& version);

/// The number of the version with this sequence.
std::optional<Version> version_by_sequence(Db& db, const AlgorithmRow& algorithm,
                                           std::int64_t sequence);

/// The highest version of a line `major.minor`, or of all when there is none: a release, or before
/// the first release a prerelease; yanked or not.
std::optional<VersionInfo> newest_version(Db& db, const AlgorithmRow& algorithm,
                                          const std::optional<Line>& line);

/// Versions whose manifest says the same, by sequence, latest first.
std::vector<VersionInfo> versions_with_essence(Db& db, const AlgorithmRow& algorithm,
                                               const Digest& essence);

/// The numbers of the prereleases of `major.minor.patch`, highest first.
std::vector<Version> prereleases_of(Db& db, const AlgorithmRow& algorithm, const Version& release);

/// The highest prerelease that is higher than every release of the line (or of all), or nullopt.
std::optional<Version> open_prerelease(Db& db, const AlgorithmRow& algorithm,
                                       const std::optional<Line>& line);

/// All versions, highest first, until `visit` returns false.
void visit_versions(Db& db, const AlgorithmRow& algorithm,
                    const std::function<bool(const VersionSummary&)>& visit);

/// The digest of all that a version's row says but the digest itself and the yank.
Digest record_of(const VersionInfo& version);

/// Inserts a version that was published elsewhere: its time stays, and the caller appends its
/// event. Fills in its sequence and record. As insert_version otherwise.
void insert_version_row(Db& db, AlgorithmRow& algorithm, VersionInfo& version);

/// Inserts a version and its journal event; fills in its sequence, time and record. The manifest is
/// recorded before. To be called in a write transaction that read `algorithm` itself.
void insert_version(Db& db, AlgorithmRow& algorithm, VersionInfo& version, std::int64_t now_ms);

}  // namespace algoctl
