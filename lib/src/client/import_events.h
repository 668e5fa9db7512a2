#pragma once

#include <string>

#include "client/import_facts.h"
#include "client/state.h"
#include "registry/db.h"

namespace algoctl {

/// Writes the news of an algorithm: versions, labels, channels and journal, as imported events. To
/// be called in the write transaction of `facts`; every object of the archive is in the store.
/// Throws as ImportFacts, and Error{integrity} for an object that is not in the store.
void bring_events(ClientState& state, Db& db, const ArchiveReader& archive, std::size_t n,
                  const ImportFacts& facts);

}  // namespace algoctl
