#pragma once

#include <optional>
#include <string>

#include "algoctl/manifest.h"
#include "registry/db.h"

namespace algoctl {

/// A published manifest's bytes, checked against the digest. Throws Error{integrity} when the
/// registry has lost or changed them.
std::string manifest_bytes(Db& db, const Digest& digest);

/// Records a manifest and the objects it needs. Known already: nothing changes.
void record_manifest(Db& db, const Digest& digest, const Digest& essence, const std::string& bytes,
                     const Manifest& manifest);

}  // namespace algoctl
