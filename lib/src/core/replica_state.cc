#include "core/replica_state.h"

#include "base/text.h"

namespace algoctl {

const char* state_name(ReplicaState state) noexcept {
  switch (state) {
    case ReplicaState::loading: return "loading";
    case ReplicaState::prepared: return "prepared";
    case ReplicaState::serving: return "serving";
    case ReplicaState::failed: return "failed";
  }
  return "loading";
}

std::optional<ReplicaState> find_state(std::string_view name) noexcept {
  for (const ReplicaState state : {ReplicaState::loading, ReplicaState::prepared,
                                   ReplicaState::serving, ReplicaState::failed}) {
    if (name == state_name(state)) return state;
  }
  return std::nullopt;
}

std::string replica_name(const ReplicaInfo& replica) {
  return printable(replica.name) + " (" + printable(replica.host) + " " +
         std::to_string(replica.pid) + ")";
}

}  // namespace algoctl
