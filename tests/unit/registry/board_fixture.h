#pragma once

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <memory>
#include <string>

#include "algoctl/error.h"
#include "base/file.h"
#include "base/process.h"
#include "registry/replica_board.h"
#include "support/shop.h"

namespace algoctl::test {

inline constexpr std::int64_t kNow = 1'700'000'000'000;
inline constexpr std::int64_t kSilence = ReplicaBoard::kSilence.count();

/// The id of a process that has ended.
inline pid_t ended_process() {
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(0);
  ::waitpid(pid, nullptr, 0);
  return pid;
}

/// A board of its own, and words for it.
struct Board {
  [[nodiscard]] std::string registry() const { return folder / "registry.db"; }
  [[nodiscard]] std::string path(const std::string& name) const {
    return registry() + ".replicas/" + name;
  }
  [[nodiscard]] std::string files() const { return names_in(registry() + ".replicas"); }

  [[nodiscard]] ReplicaInfo replica(const std::string& id) const {
    const ProcessIdentity self = this_process();
    return {id,       algorithm, "acme/sentiment@stable",
            "scorer", self.host, self.boot,
            self.pid, {},        "1.2.0",
            "1.3.0",  "",        kNow - 5,
            kNow};
  }

  [[nodiscard]] Rollout rollout(const std::string& id) const {
    return {id, algorithm, "stable", Version::parse("1.3.0"), kNow + 60000};
  }

  [[nodiscard]] std::string living(std::int64_t now = kNow) {
    std::string ids;
    for (const ReplicaInfo& info : board->replicas(algorithm, now)) ids += info.id + " ";
    return ids;
  }

  /// The message with which the call is refused.
  template <typename Call>
  std::string refusal(Call call) {
    try {
      call();
    } catch (const Error& error) {
      return std::string(code_name(error.code())) + ": " + error.message() + "; " + error.hint();
    }
    return "";
  }

  TemporaryFolder folder;
  Algorithm algorithm = Algorithm::parse("acme/sentiment");
  std::unique_ptr<ReplicaBoard> board = open_folder_board(registry());
};

/// What a file says with one part of it replaced.
inline void edit(const std::string& path, const std::string& from, const std::string& to) {
  std::string text = read(path);
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  replace_file(path, text.replace(at, from.size(), to));
}

}  // namespace algoctl::test
