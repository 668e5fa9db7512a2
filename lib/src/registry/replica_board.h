#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "algoctl/replica.h"

namespace algoctl {

/// What a promotion in two phases asks of the replicas of a channel: to have `version` ready, and
/// once the channel names it, to switch at an instant. The channel alone says what is served: a
/// rollout only makes it come early and at one time.
struct Rollout {
  std::string id;
  Algorithm algorithm;
  std::string channel;
  Version version;
  std::int64_t until;  ///< nobody heeds it after this: milliseconds since 1970, UTC
  std::optional<std::int64_t> switch_at = {};  ///< the same; none while replicas prepare
};

/// Where replicas say what they do and promotions what is to come. Apart from the registry: nothing
/// here is durable, waits for its write lock, or is needed for a correct answer. Safe to use from
/// several processes; one thread at a time. Throws Error{storage}.
class ReplicaBoard {
 public:
  virtual ~ReplicaBoard() = default;

  /// How often a replica reports when nothing changes, and how long one counts as alive that cannot
  /// be asked.
  static constexpr std::chrono::milliseconds kHeartbeat{10000};
  static constexpr std::chrono::milliseconds kSilence{35000};
  /// No rollout is heeded whose `until` is later than this from now: a clock was wrong.
  static constexpr std::chrono::milliseconds kLongestRollout{48 * 60 * 60 * 1000};

  /// Says what a replica does now, under its id.
  virtual void report(const ReplicaInfo& replica) = 0;
  virtual void withdraw(const std::string& id) noexcept = 0;

  /// The living replicas of an algorithm, sorted by name, host, pid and id. Forgets the others.
  virtual std::vector<ReplicaInfo> replicas(const Algorithm& algorithm, std::int64_t now) = 0;

  /// The rollout of a channel that is under way: its process lives and it is not too late.
  virtual std::optional<Rollout> rollout(const Algorithm& algorithm, const std::string& channel,
                                         std::int64_t now) = 0;

  /// Begins a rollout for this process, and wakes the replicas. Throws Error{conflict} naming the
  /// process when another one is under way.
  virtual void begin(const Rollout& rollout, std::int64_t now) = 0;
  /// Says more of a rollout that this process began, and wakes the replicas.
  virtual void update(const Rollout& rollout) = 0;
  virtual void end(const Rollout& rollout) noexcept = 0;

  /// Returns after the next report of anybody on this machine, or after `limit`; the first call at
  /// once. Throws Error{interrupted} once `stop` is set.
  virtual void wait_for_report(std::chrono::milliseconds limit, const std::atomic<bool>* stop) = 0;
};

/// The board of this machine: a folder of small files beside the registry at `registry`, made when
/// something is first said.
std::unique_ptr<ReplicaBoard> open_folder_board(const std::string& registry);

}  // namespace algoctl
