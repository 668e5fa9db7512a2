#pragma once

#include "algoctl/channel.h"
#include "algoctl/replica.h"
#include "client/state.h"
#include "registry/replica_board.h"

namespace algoctl {

/// What Client::roll_out does, with the replicas of `board`.
RolloutResult roll_out(ClientState& state, ReplicaBoard& board, const PromoteOptions& promote,
                       const RolloutOptions& options);

}  // namespace algoctl
