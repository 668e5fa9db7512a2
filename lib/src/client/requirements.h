#pragma once

#include <vector>

#include "algoctl/require.h"
#include "algoctl/resolve.h"
#include "registry/algorithms.h"
#include "registry/db.h"

namespace algoctl {

/// Throws Error{check_failed} for the first requirement that the version's metadata does not meet,
/// or that cannot be judged; Error{not_found} when the version compared with is not there.
void check_requirements(Db& db, const AlgorithmRow& algorithm, const VersionInfo& version,
                        const std::vector<Requirement>& requirements);

}  // namespace algoctl
