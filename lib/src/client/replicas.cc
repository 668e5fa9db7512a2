#include "algoctl/client.h"
#include "client/explain.h"
#include "client/rollout.h"
#include "client/state.h"
#include "registry/replica_board.h"

namespace algoctl {

std::vector<ReplicaInfo> Client::replicas(const Algorithm& algorithm) {
  state_->registry.read([&](Db& db) { require_algorithm(db, algorithm); });
  return open_folder_board(state_->registry.path())->replicas(algorithm, state_->now());
}

RolloutResult Client::roll_out(const PromoteOptions& promote, const RolloutOptions& options) {
  const auto board = open_folder_board(state_->registry.path());
  return algoctl::roll_out(*state_, *board, promote, options);
}

}  // namespace algoctl
