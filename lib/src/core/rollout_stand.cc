#include "core/rollout_stand.h"

#include "algoctl/error.h"
#include "algoctl/reference.h"

namespace algoctl {

namespace {

bool is_ready(const ReplicaInfo& replica, const std::string& version, RolloutPhase phase) {
  if (replica.state == ReplicaState::serving) return replica.version == version;
  if (phase != RolloutPhase::prepare) return false;
  // Who could not load another one still serves this: nothing is to be prepared.
  if (replica.state == ReplicaState::failed) return replica.version == version;
  return replica.state == ReplicaState::prepared && replica.wanted == version;
}

bool says_no(const ReplicaInfo& replica, const std::string& version, std::int64_t asked_at) {
  return replica.state == ReplicaState::failed && replica.wanted == version &&
         replica.since >= asked_at;
}

}  // namespace

bool follows_channel(const ReplicaInfo& replica, const std::string& channel) {
  try {
    const Reference reference = Reference::parse(replica.reference);
    const Selector& selector = reference.selector();
    return !reference.label() && reference.algorithm() == replica.algorithm &&
           selector.kind() == Selector::Kind::channel && selector.channel() == channel;
  } catch (const Error&) {
    return false;  // somebody else's words
  }
}

RolloutStand stand_of(const std::vector<ReplicaInfo>& replicas, const std::string& version,
                      RolloutPhase phase, const Nacks& nacks, std::int64_t asked_at) {
  RolloutStand stand;
  for (ReplicaInfo replica : replicas) {
    if (is_ready(replica, version, phase)) {
      stand.ready.push_back(std::move(replica));
    } else if (says_no(replica, version, asked_at)) {
      stand.nacked.push_back(std::move(replica));
    } else if (const auto nack = nacks.find(replica.id); nack != nacks.end()) {
      replica.reason = nack->second;
      stand.nacked.push_back(std::move(replica));
    } else {
      stand.waiting.push_back(std::move(replica));
    }
  }
  return stand;
}

}  // namespace algoctl
