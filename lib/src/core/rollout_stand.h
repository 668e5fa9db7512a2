#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "algoctl/replica.h"

namespace algoctl {

/// True when what the replica follows is this channel.
bool follows_channel(const ReplicaInfo& replica, const std::string& channel);

/// What is waited for: that a version is ready to be served, or that it is served.
enum class RolloutPhase { prepare, serve };

/// Replica ids, and why each of them cannot load the version.
using Nacks = std::map<std::string, std::string>;

/// How far replicas have come with a version. Each is in one of the lists, in the given order.
struct RolloutStand {
  std::vector<ReplicaInfo> ready;
  std::vector<ReplicaInfo> waiting;
  std::vector<ReplicaInfo> nacked;  ///< not waited for: cannot load it
};

/// Whoever said once that it cannot load the version (`nacks`) is not waited for any more: it may
/// try for ever. One that can after all is ready. What was said before `asked_at` (milliseconds
/// since 1970) was no answer to this rollout.
RolloutStand stand_of(const std::vector<ReplicaInfo>& replicas, const std::string& version,
                      RolloutPhase phase, const Nacks& nacks, std::int64_t asked_at = 0);

}  // namespace algoctl
