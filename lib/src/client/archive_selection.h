#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "algoctl/archive.h"
#include "algoctl/resolve.h"
#include "registry/algorithms.h"
#include "registry/db.h"

namespace algoctl {

/// What an export takes of one algorithm.
struct Selected {
  AlgorithmRow algorithm;
  bool whole = false;                     ///< all versions, and what labels name besides
  bool since = false;                     ///< all versions after `after`
  std::int64_t after = 0;                 ///< a sequence
  std::set<std::int64_t> sequences = {};  ///< of versions that are named one by one
};

/// What the options mean, by algorithm. Throws Error{usage} for options that contradict each other,
/// Error{not_found} for what is not there.
std::vector<Selected> select_for_export(Db& db, const ExportOptions& options);

/// The versions selected, as they were published.
void visit_selected(Db& db, const Selected& selected,
                    const std::function<void(const VersionInfo&)>& visit);

}  // namespace algoctl
