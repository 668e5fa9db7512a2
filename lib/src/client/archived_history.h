#pragma once

#include <atomic>
#include <cstddef>
#include <functional>

#include "algoctl/resolve.h"
#include "core/archive_lines.h"
#include "store/archive_reader.h"

namespace algoctl {

/// Reads the history of the n-th algorithm of an archive: first the versions, then all events.
/// Everything that can be known without a registry is checked: records, the chain, names and
/// numbers. Throws Error{integrity}, in the end also for what was visited already; Error{storage}
/// for an event of a kind that only a newer algoctl knows.
void read_history(const ArchiveReader& archive, std::size_t n, const std::atomic<bool>* stop,
                  const std::function<void(const VersionInfo&)>& visit_version,
                  const std::function<void(const JournalRow&)>& visit_event);

/// The bytes of a version's manifest, checked: its digest, the name and the number in it, and that
/// the archive has its objects. Throws Error{integrity}.
std::string archived_manifest(const ArchiveReader& archive, const VersionInfo& version);

/// What an import writes for an event of another registry that changed nothing here.
inline constexpr const char* kElsewhere = "elsewhere";

}  // namespace algoctl
