#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/process.h"
#include "registry/replica_board.h"

namespace algoctl {

// The files of the board of one host (docs/formats.md, "Replicas"), as text. Reading gives nullopt
// for what is no such file: others may write into that folder.

constexpr std::size_t kLargestBoardFile = std::size_t{64} << 10;

/// What a replica said, and when by the clock that is never set.
struct StoredReplica {
  ReplicaInfo info;
  std::int64_t uptime;  ///< of its machine: milliseconds
};

std::string replica_text(const StoredReplica& replica);
std::optional<StoredReplica> parse_replica(std::string_view text);

/// A rollout, and whose it is.
struct StoredRollout {
  Rollout rollout;
  ProcessIdentity process;
};

std::string rollout_text(const StoredRollout& rollout);
std::optional<StoredRollout> parse_rollout(std::string_view text);

}  // namespace algoctl
