#pragma once

#include <doctest/doctest.h>

#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "client/rollout.h"
#include "core/replica_state.h"
#include "unit/client/shelf.h"
#include "unit/core/failure.h"

namespace algoctl::test {

/// A board that a test plays on: each wait runs the next of its steps; when there are no more, the
/// time of the wait goes by.
struct PlayBoard : ReplicaBoard {
  explicit PlayBoard(std::int64_t& clock) : now(clock) {}

  void report(const ReplicaInfo& replica) override {
    withdraw(replica.id);
    all.push_back(replica);
  }
  void withdraw(const std::string& id) noexcept override {
    std::erase_if(all, [&](const ReplicaInfo& one) { return one.id == id; });
  }
  std::vector<ReplicaInfo> replicas(const Algorithm&, std::int64_t) override { return all; }
  std::optional<Rollout> rollout(const Algorithm&, const std::string&, std::int64_t) override {
    return std::nullopt;
  }
  void begin(const Rollout& rollout, std::int64_t at) override {
    CHECK(at == now);
    CHECK_FALSE(rollout.switch_at.has_value());
    CHECK(rollout.until > now);
    log.push_back("begin " + rollout.version.str() + " " + channel());
  }
  void update(const Rollout& rollout) override {
    CHECK(rollout.until > *rollout.switch_at);
    log.push_back("switch in " + std::to_string(*rollout.switch_at - now) + " " + channel());
  }
  void end(const Rollout&) noexcept override { log.push_back("end " + channel()); }
  void wait_for_report(std::chrono::milliseconds limit, const std::atomic<bool>*) override {
    REQUIRE(limit.count() > 0);
    if (steps.empty()) {
      now += limit.count();
    } else {
      const auto step = steps.front();
      steps.pop_front();
      step();
    }
  }

  std::int64_t& now;
  std::function<std::string()> channel;  ///< what it names
  std::vector<ReplicaInfo> all;
  std::deque<std::function<void()>> steps;
  std::vector<std::string> log;
};

/// Versions 1.0.0, 1.1.0 and 1.2.0; `stable` names 1.0.0.
struct Fleet : Shelf {
  Fleet() {
    for (const char* bytes : {"january", "february", "march"}) ship(bytes);
    move("1.0.0");
    board.channel = [this] { return names(); };
  }

  [[nodiscard]] PromoteOptions to(const std::string& version) const {
    return {ref(version), "stable", {}, "why", {}, false, false, false, false};
  }
  void move(const std::string& version) { client.promote(to(version)); }
  [[nodiscard]] std::string names() { return client.require(ref("stable")).version.str(); }

  void says(const std::string& id, ReplicaState what, const std::string& version,
            const std::string& wanted, const std::string& reason = "") {
    board.report({id, name, "acme/sentiment@stable", id, "host", "boot", 4711, what, version,
                  wanted, reason, now, now});
  }
  void loads(const std::string& id) { says(id, ReplicaState::loading, "1.0.0", "1.1.0"); }
  void prepares(const std::string& id) { says(id, ReplicaState::prepared, "1.0.0", "1.1.0"); }
  void serves(const std::string& id, const std::string& version = "1.1.0") {
    says(id, ReplicaState::serving, version, version);
  }
  void fails(const std::string& id) {
    says(id, ReplicaState::failed, "1.0.0", "1.1.0", "out of\nmemory");
  }
  void then(std::function<void()> step) { board.steps.push_back(std::move(step)); }

  RolloutResult run(const PromoteOptions& promote) {
    return roll_out(state, board, promote, options);
  }
  RolloutResult run() { return run(to("1.1.0")); }
  std::string error() {
    return failure([&] { run(); });
  }

  [[nodiscard]] ClientOptions clocked() {
    ClientOptions made = Shelf::options();
    made.now = [this] { return now; };
    return made;
  }

  std::int64_t now = 1'700'000'000'000;
  ClientState state{clocked()};
  PlayBoard board{now};
  RolloutOptions options;
};

/// What replicas do, for a comparison.
inline std::string states(const std::vector<ReplicaInfo>& replicas) {
  std::vector<std::string> all;
  for (const ReplicaInfo& replica : replicas) {
    all.push_back(replica.id + " " + state_name(replica.state) + " " + replica.version);
  }
  return join(all, ", ");
}

using Log = std::vector<std::string>;

}  // namespace algoctl::test
