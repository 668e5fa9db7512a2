#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "algoctl/channel.h"
#include "algoctl/export.h"
#include "algoctl/name.h"

namespace algoctl {

/// What a replica is doing with the reference that it follows.
enum class ReplicaState {
  loading,   ///< what is wanted is being brought and loaded
  prepared,  ///< serves one version, with the next one loaded and warm beside it
  serving,   ///< serves what its reference means
  failed,    ///< what is wanted cannot be loaded; serves the last good one, if any
};

/// One running process that follows a reference, as it reports itself. Versions are a number, or
/// `sha256:<hex>` of a label's bytes; empty for none.
struct ReplicaInfo {
  std::string id;  ///< unlike any other
  Algorithm algorithm;
  std::string reference;  ///< what it follows: `acme/sentiment@stable`
  std::string name;       ///< of the service, for people
  std::string host = {};
  std::string boot = {};  ///< the boot and the process namespace that `pid` belongs to
  std::int64_t pid = 0;
  ReplicaState state = ReplicaState::loading;
  std::string version = {};  ///< that it serves
  std::string wanted = {};   ///< that it loads, has prepared or cannot load; else as `version`
  std::string reason = {};   ///< why it failed
  std::int64_t since = 0;    ///< of the state: milliseconds since 1970, UTC
  std::int64_t seen = 0;     ///< last report: milliseconds since 1970, UTC
};

/// `loading`, `prepared`, `serving`, `failed`.
ALGOCTL_EXPORT const char* state_name(ReplicaState state) noexcept;

/// How a promotion takes replicas along: those that follow the channel and live.
struct RolloutOptions {
  bool two_phase = false;      ///< all load the version first, then all switch at one instant
  bool abort_on_nack = false;  ///< a replica that cannot load it keeps the channel where it is
  std::chrono::milliseconds within{60000};  ///< longest wait for the replicas, in each phase
  /// Called with all replicas of the channel whenever one of them has reported.
  std::function<void(const std::vector<ReplicaInfo>&)> progress;
};

struct RolloutResult {
  ChannelResult channel;
  std::vector<ReplicaInfo> replicas;  ///< of the channel, as they were last
};

}  // namespace algoctl
