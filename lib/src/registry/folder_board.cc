#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <tuple>

#include "algoctl/error.h"
#include "base/clock.h"
#include "base/ephemeral_file.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/path_watch.h"
#include "base/text.h"
#include "base/wait.h"
#include "registry/board_files.h"
#include "registry/generation.h"

namespace algoctl {

namespace {

constexpr std::string_view kReplicaEnd = ".json";
constexpr std::string_view kRolloutEnd = ".rollout";
constexpr std::chrono::milliseconds kLongestLock{5000};
constexpr std::int64_t kForgottenMs = 60LL * 60 * 1000;
constexpr std::int64_t kDraftNs = 60LL * 1'000'000'000;

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() > end.size() && text.substr(text.size() - end.size()) == end;
}

bool names_replica(std::string_view name) {
  return name.front() != '.' && ends_with(name, kReplicaEnd);
}

/// An id is a file's name: it must not lead anywhere else.
void check_id(const std::string& id) {
  const bool fits = !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-';
  });
  if (!fits) throw Error(Code::internal, "malformed id of a replica: " + quoted(id));
}

/// A recycled process id must not keep a dead replica alive, so the process must be there and have
/// been heard of. When it was last heard of lies far ahead, the system's clock was set back
/// meanwhile, and only the machine's uptime tells.
bool is_alive(const StoredReplica& replica, std::int64_t now) {
  const Life life = life_of(replica.info.boot, replica.info.pid);
  if (life == Life::ended) return false;
  const std::int64_t silence = ReplicaBoard::kSilence.count();
  const std::int64_t age = now - replica.info.seen;
  if (age >= -silence || life == Life::unknown) return std::abs(age) <= silence;
  const std::int64_t since = uptime_ms() - replica.uptime;
  return since >= 0 && since <= silence;
}

bool is_under_way(const StoredRollout& stored, std::int64_t now) {
  const std::int64_t left = stored.rollout.until - now;
  return left >= 0 && left <= ReplicaBoard::kLongestRollout.count() &&
         life_of(stored.process.boot, stored.process.pid) != Life::ended;
}

/// Files of `REGISTRYFILE.replicas`: `ID.json` of each replica, `DIGEST.rollout` of each rollout.
class FolderBoard : public ReplicaBoard {
 public:
  explicit FolderBoard(const std::string& registry)
      : registry_(registry),
        folder_(registry + ".replicas"),
        reports_(PathWatch::folder(folder_, names_replica)) {}

  void report(const ReplicaInfo& replica) override {
    check_id(replica.id);
    make_folder();
    replace_ephemeral_file(replica_path(replica.id), replica_text({replica, uptime_ms()}));
  }

  void withdraw(const std::string& id) noexcept override try {
    check_id(id);
    ::unlink(replica_path(id).c_str());
  } catch (const Error&) {
    // Then it was never reported.
  }

  std::vector<ReplicaInfo> replicas(const Algorithm& algorithm, std::int64_t now) override {
    std::vector<ReplicaInfo> living;
    visit_folder(folder_, [&](const std::string& name) {
      if (is_ephemeral_draft(name)) return sweep_draft(name);
      if (!names_replica(name)) return;
      auto replica = read_replica(name);
      if (!replica) return;
      if (!is_alive(*replica, now)) return forget(*replica, now);
      if (replica->info.algorithm == algorithm) living.push_back(std::move(replica->info));
    });
    std::sort(living.begin(), living.end(), [](const ReplicaInfo& a, const ReplicaInfo& b) {
      return std::tie(a.name, a.host, a.pid, a.id) < std::tie(b.name, b.host, b.pid, b.id);
    });
    return living;
  }

  std::optional<Rollout> rollout(const Algorithm& algorithm, const std::string& channel,
                                 std::int64_t now) override {
    const auto stored = read_rollout(algorithm, channel);
    if (!stored || !is_under_way(*stored, now)) return std::nullopt;
    return stored->rollout;
  }

  void begin(const Rollout& rollout, std::int64_t now) override {
    make_folder();
    {
      const Fd lock = lock_folder();
      const auto other = read_rollout(rollout.algorithm, rollout.channel);
      if (other && is_under_way(*other, now)) refuse(*other);
      write(rollout);
    }
    touch_generation(registry_);
  }

  void update(const Rollout& rollout) override {
    make_folder();
    {
      const Fd lock = lock_folder();
      const auto other = read_rollout(rollout.algorithm, rollout.channel);
      if (other && other->rollout.id != rollout.id) refuse(*other);
      write(rollout);
    }
    touch_generation(registry_);
  }

  void end(const Rollout& rollout) noexcept override {
    try {
      const Fd lock = lock_folder();
      const auto stored = read_rollout(rollout.algorithm, rollout.channel);
      if (stored && stored->rollout.id == rollout.id) {
        ::unlink(rollout_path(rollout.algorithm, rollout.channel).c_str());
      }
    } catch (const Error&) {
      // It is forgotten when this process ends, or when it is too late for it.
    }
    touch_generation(registry_);
  }

  void wait_for_report(std::chrono::milliseconds limit, const std::atomic<bool>* stop) override {
    reports_.wait(limit, stop);
  }

 private:
  [[nodiscard]] std::string replica_path(const std::string& id) const {
    return folder_ + "/" + id + std::string(kReplicaEnd);
  }

  [[nodiscard]] std::string rollout_path(const Algorithm& algorithm,
                                         const std::string& channel) const {
    Sha256 hash;
    hash.update(algorithm.str() + "@" + channel);
    const Sha256::Bytes digest = hash.finish();
    const std::string_view bytes(reinterpret_cast<const char*>(digest.data()), digest.size());
    return folder_ + "/" + to_hex(bytes.substr(0, 16)) + std::string(kRolloutEnd);
  }

  /// Never the registry's own folder: there is nothing to follow where there is no registry.
  void make_folder() const {
    if (!stat_if_there(folder_of(registry_))) {
      throw Error(Code::storage, "there is no registry at " + quoted_path(registry_));
    }
    make_folders(folder_);
  }

  [[nodiscard]] std::optional<StoredReplica> read_replica(const std::string& name) const {
    const auto text = read_ephemeral_file(folder_ + "/" + name, kLargestBoardFile);
    auto replica = text ? parse_replica(*text) : std::nullopt;
    // A file of another name is a copy, which nobody keeps up.
    if (!replica || replica->info.id + std::string(kReplicaEnd) != name) return std::nullopt;
    return replica;
  }

  [[nodiscard]] std::optional<StoredRollout> read_rollout(const Algorithm& algorithm,
                                                          const std::string& channel) const {
    const auto text = read_ephemeral_file(rollout_path(algorithm, channel), kLargestBoardFile);
    auto stored = text ? parse_rollout(*text) : std::nullopt;
    if (!stored || stored->rollout.algorithm != algorithm || stored->rollout.channel != channel) {
      return std::nullopt;
    }
    return stored;
  }

  /// Removes what a replica that has ended left. One that is only silent may speak again.
  void forget(const StoredReplica& replica, std::int64_t now) const noexcept {
    const bool ended = life_of(replica.info.boot, replica.info.pid) == Life::ended;
    if (ended || std::abs(now - replica.info.seen) > kForgottenMs) {
      ::unlink(replica_path(replica.info.id).c_str());
    }
  }

  void sweep_draft(const std::string& name) const {
    const std::string path = folder_ + "/" + name;
    const auto info = stat_if_there(path);
    if (info && file_clock_ns() - stamp_of(*info).mtime_ns > kDraftNs) ::unlink(path.c_str());
  }

  /// Rollouts are begun, changed and ended one at a time; held for a moment only.
  [[nodiscard]] Fd lock_folder() const {
    Fd lock = open_file(folder_, O_RDONLY | O_DIRECTORY);
    Wait wait(kLongestLock, nullptr, "the board of replicas");
    while (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK && errno != EINTR) {
        throw_errno("cannot lock " + quoted_path(folder_), errno);
      }
      if (!wait.again()) {
        throw Error(Code::busy, "the board of replicas " + quoted_path(folder_) + " is locked");
      }
    }
    return lock;
  }

  void write(const Rollout& rollout) const {
    replace_ephemeral_file(rollout_path(rollout.algorithm, rollout.channel),
                           rollout_text({rollout, this_process()}));
  }

  [[noreturn]] static void refuse(const StoredRollout& other) {
    const Rollout& rollout = other.rollout;
    throw Error(Code::conflict,
                "process " + std::to_string(other.process.pid) + " on " + other.process.host +
                    " is promoting " + rollout.version.str() + " to " + rollout.algorithm.str() +
                    "@" + rollout.channel + " in two phases",
                "wait until it has ended, or stop it");
  }

  std::string registry_;
  std::string folder_;
  PathWatch reports_;
};

}  // namespace

std::unique_ptr<ReplicaBoard> open_folder_board(const std::string& registry) {
  return std::make_unique<FolderBoard>(registry);
}

}  // namespace algoctl
