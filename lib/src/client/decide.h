#pragma once

#include <optional>

#include "algoctl/publish.h"
#include "algoctl/resolve.h"
#include "registry/algorithms.h"
#include "registry/db.h"

namespace algoctl {

/// What a publish comes to: a version that is there already, or the number of a new one.
struct Decision {
  std::optional<VersionInfo> existing;
  std::optional<Version> number;
  std::optional<VersionInfo> newest;  ///< of the line published to, before
};

/// A manifest on its way, as the decision sees it.
struct Candidate {
  const Manifest& manifest;
  const Digest& essence;               ///< equal for manifests that say the same
  const std::optional<Version>& base;  ///< the version it was made from
  /// How many versions there were when that one was chosen; none for a working copy.
  const std::optional<std::int64_t>& seen;
};

/// Decides under the transaction's view of the registry. Throws Error{conflict} for a number that
/// is taken, an expectation that fails, a stale working copy, an equal version that is yanked;
/// Error{not_found} for a line with nothing on it.
Decision decide_publish(Db& db, const AlgorithmRow& algorithm, const Candidate& candidate,
                        const PublishOptions& options);

}  // namespace algoctl
