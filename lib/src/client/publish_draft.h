#pragma once

#include <optional>
#include <string>

#include "algoctl/publish.h"
#include "client/state.h"
#include "client/storing.h"

namespace algoctl {

/// A manifest that is to become a version.
struct Draft {
  std::string text;               ///< its `version` is moved to the new number when it is published
  std::string where;              ///< what errors call it
  std::optional<Version> base;    ///< the version it was made from
  std::string request;            ///< what stands for it under an idempotency key
  std::optional<Line> line = {};  ///< where its number goes when the options do not say
  std::string metadata_name = "--meta";  ///< what warnings call the options' metadata
  /// How many versions there were when somebody chose to start from `base`, the newest or not: only
  /// a later one can make it stale. None for a working copy.
  std::optional<std::int64_t> seen = {};
};

/// Inserts the next version, or finds the one that says the same: one transaction, the only commit
/// point. Throws conflict, not_found, integrity, usage as Client::publish.
PublishResult publish_draft(ClientState& state, const Draft& draft, const PublishOptions& options);

/// What `publish_draft` would come to once the files `arriving` are in the store and have their
/// labels. Writes nothing. Throws what it would throw, and Error{conflict} for an algorithm whose
/// name looks like another one's.
PublishResult foresee_publish(ClientState& state, const Draft& draft, const PublishOptions& options,
                              const std::vector<Arrived>& arriving);

/// Moves the `version` of a working manifest to what it was published as, when it still says what
/// was published and its version is not higher. Cosmetic: what goes wrong becomes a warning of
/// `result`.
void settle_working_copy(ClientState& state, const std::string& path, const std::string& published,
                         PublishResult& result);

}  // namespace algoctl
