#pragma once

#include "algoctl/error.h"
#include "algoctl/reference.h"
#include "registry/algorithms.h"
#include "registry/db.h"

namespace algoctl {

// Errors that say what is there and what comes nearest.

Error no_such_algorithm(Db& db, const Algorithm& algorithm);
Error no_such_label(Db& db, const AlgorithmRow& algorithm, const Label& label);
Error no_such_version(Db& db, const AlgorithmRow& algorithm, const Selector& selector);

Error no_such_version_at(const AlgorithmRow& algorithm, const Selector& selector, std::int64_t at);
/// `near`: what else may have been meant.
Error no_such_channel(Db& db, const AlgorithmRow& algorithm, const std::string& channel,
                      std::vector<std::string> near = {});

/// The row of an algorithm, or throws no_such_algorithm.
AlgorithmRow require_algorithm(Db& db, const Algorithm& algorithm);

}  // namespace algoctl
