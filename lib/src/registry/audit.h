#pragma once

#include <functional>
#include <string>
#include <vector>

#include "algoctl/resolve.h"
#include "registry/algorithms.h"
#include "registry/db.h"

namespace algoctl {

/// Told of each thing that is not as it should be: its kind (docs/formats.md, "Faults"), what it is
/// about, and what is wrong.
using Report = std::function<void(const std::string& kind, const std::string& name,
                                  const std::string& detail)>;

/// Asks the database itself about its pages, indexes and references, and looks at the size of its
/// file, `path`. Reads all of it.
void audit_database(Db& db, const std::string& path, const Report& report);

/// Compares tables, indexes and triggers with what the migrations make, and asks for the settings
/// without which the registry is nobody's.
void audit_schema(Db& db, const Report& report);

/// Walks an algorithm's journal from its first event: digests, sequence, times, head. True when all
/// of it is whole.
bool audit_chain(Db& db, const AlgorithmRow& algorithm, const Report& report);

/// Derives labels, notes, channels, stacks, holds and yanks from the journal, and compares.
void audit_heads(Db& db, const AlgorithmRow& algorithm, const Report& report);

/// True when everything is there that the heads in the journal name: versions, objects. To be asked
/// only when the chain is whole.
bool can_rebuild_heads(Db& db, const AlgorithmRow& algorithm);

/// Writes them anew, as the journal has them. To be called in a write transaction, and only when
/// they can be rebuilt.
void rebuild_heads(Db& db, const AlgorithmRow& algorithm);

/// The names of all algorithms, as they are written there.
std::vector<std::string> recorded_names(Db& db);

/// Checks what an algorithm's row says of its name.
void audit_name(Db& db, const AlgorithmRow& algorithm, const Report& report);

/// Checks an algorithm's versions against their records, events, manifests and objects.
void audit_versions(Db& db, const AlgorithmRow& algorithm, const Report& report);

/// The same for one version.
void audit_version(Db& db, const VersionInfo& version, const Report& report);

}  // namespace algoctl
