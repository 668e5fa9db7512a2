#include "support/played_replica.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "algoctl/client.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/process.h"
#include "registry/commit_watch.h"
#include "registry/replica_board.h"

namespace algoctl::test {

namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kBreath = 10000;  // milliseconds between two looks when nothing happens

ClientOptions reading(const std::string& home) {
  ClientOptions options;
  options.home = home;
  return options;
}

/// What one of them knows and does.
class Player {
 public:
  explicit Player(const PlayedReplica::Part& part)
      : part_(part),
        reference_(Reference::parse(part.reference)),
        client_(reading(part.home)),
        board_(open_folder_board(part.home + "/registry.db")),
        info_{to_hex(random_bytes(8)),
              reference_.algorithm(),
              part.reference,
              part.name,
              this_process().host,
              this_process().boot,
              this_process().pid,
              ReplicaState::loading,
              "",
              "",
              "",
              0,
              0} {
    if (const auto version = meant()) serve(*version);
  }
  ~Player() { board_->withdraw(info_.id); }

  /// Returns how long nothing is to be done, unless something happens.
  milliseconds look() {
    const std::int64_t now = system_now_ms();
    const auto version = meant();
    if (part_.idle || !version) return milliseconds(kBreath);
    const auto rollout =
        board_->rollout(reference_.algorithm(), reference_.selector().channel(), now);
    if (*version == info_.version) {
      if (rollout && rollout->version.str() != info_.version) prepare(rollout->version.str());
      if (!rollout) serve(*version);
    } else if (part_.clings) {
      return milliseconds(kBreath);
    } else if (rollout && rollout->version.str() == *version && now < rollout->switch_at) {
      return milliseconds(*rollout->switch_at - now);
    } else {
      serve(*version);
    }
    return milliseconds(kBreath);
  }

 private:
  std::optional<std::string> meant() {
    const auto version = client_.resolve(reference_);
    return version ? std::optional(version->version.str()) : std::nullopt;
  }

  void prepare(const std::string& version) { say(ReplicaState::prepared, info_.version, version); }
  void serve(const std::string& version) { say(ReplicaState::serving, version, version); }

  void say(ReplicaState state, const std::string& version, const std::string& wanted) {
    const bool fails = wanted == part_.cannot_load;
    if (fails) state = ReplicaState::failed;
    if (info_.state == state && info_.wanted == wanted) return;
    info_.state = state;
    info_.version = fails ? info_.version : version;
    info_.wanted = wanted;
    info_.reason = fails ? "out of memory" : "";
    info_.since = info_.seen = system_now_ms();
    board_->report(info_);
  }

  const PlayedReplica::Part& part_;
  Reference reference_;
  Client client_;
  std::unique_ptr<ReplicaBoard> board_;
  ReplicaInfo info_;
};

}  // namespace

PlayedReplica::PlayedReplica(Part part) : part_(std::move(part)), thread_([this] { play(); }) {
  reported_.wait(false);
}

PlayedReplica::~PlayedReplica() {
  stop_ = true;
  thread_.join();
}

void PlayedReplica::play() {
  CommitWatch watch(part_.home + "/registry.db");
  Player player(part_);
  reported_ = true;
  reported_.notify_all();
  milliseconds rest(0);
  while (!stop_) {
    try {
      watch.wait(rest, &stop_);
      rest = player.look();
    } catch (const Error&) {
      return;  // told to stop
    }
  }
}

}  // namespace algoctl::test
