#include "client/rollout.h"

#include <doctest/doctest.h>

#include <deque>

#include "base/text.h"
#include "core/replica_state.h"
#include "support/played_replica.h"
#include "support/shop.h"
#include "unit/client/shelf.h"
#include "unit/core/failure.h"

using namespace algoctl;
using test::failure;
using test::PlayedReplica;
using test::Shelf;

namespace {

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
                  wanted, reason, 0, 0});
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
std::string states(const std::vector<ReplicaInfo>& replicas) {
  std::vector<std::string> all;
  for (const ReplicaInfo& replica : replicas) {
    all.push_back(replica.id + " " + state_name(replica.state) + " " + replica.version);
  }
  return join(all, ", ");
}

using Log = std::vector<std::string>;

}  // namespace

TEST_CASE("roll_out: moves the channel and waits until every replica of it serves the version") {
  Fleet fleet;
  fleet.serves("a", "1.0.0");
  fleet.serves("b", "1.0.0");
  std::vector<std::string> seen;
  fleet.options.progress = [&](const auto& replicas) { seen.push_back(states(replicas)); };
  fleet.then([&] { CHECK(fleet.names() == "1.1.0"); });
  fleet.then([&] { fleet.serves("a"); });
  fleet.then([&] { fleet.loads("b"); });
  fleet.then([&] { fleet.serves("b"); });
  const RolloutResult result = fleet.run();
  CHECK(result.channel.moved);
  CHECK(result.channel.version.str() == "1.1.0");
  CHECK(result.channel.previous->str() == "1.0.0");
  CHECK(result.channel.warnings.empty());
  CHECK(states(result.replicas) == "a serving 1.1.0, b serving 1.1.0");
  CHECK(seen == Log{"a serving 1.0.0, b serving 1.0.0", "b serving 1.0.0, a serving 1.1.0",
                    "a serving 1.1.0, b loading 1.0.0", "a serving 1.1.0, b serving 1.1.0"});
  CHECK(fleet.board.log.empty());
}

TEST_CASE("roll_out: waits for nobody where nobody follows the channel") {
  Fleet fleet;
  fleet.serves("a", "1.0.0");
  fleet.board.all[0].reference = "acme/sentiment@canary";
  for (const bool two_phase : {false, true}) {
    fleet.options.two_phase = two_phase;
    const RolloutResult result = fleet.run(fleet.to(two_phase ? "1.2.0" : "1.1.0"));
    CHECK(result.channel.moved);
    CHECK(result.replicas.empty());
  }
  CHECK(fleet.board.log == Log{"begin 1.2.0 1.1.0", "switch in 200 1.1.0", "end 1.2.0"});
}

TEST_CASE(
    "roll_out: a replica that does not serve it in time is named, and the channel has moved") {
  Fleet fleet;
  fleet.options.within = std::chrono::milliseconds(1500);
  fleet.serves("a");
  fleet.loads("b");
  fleet.says("c", ReplicaState::failed, "1.0.0", "1.0.5", "no file");
  const std::int64_t before = fleet.now;
  CHECK(fleet.error() ==
        "busy: acme/sentiment@stable names 1.1.0 now: 2 replicas do not serve 1.1.0 after 1500 ms\n"
        "  b (host 4711): loading\n"
        "  c (host 4711): failed: no file | `algoctl replicas acme/sentiment` says how they go on");
  CHECK(fleet.now == before + 1500);
  CHECK(fleet.names() == "1.1.0");
}

TEST_CASE("roll_out: a replica that cannot load it is reported and not waited for") {
  Fleet fleet;
  fleet.loads("a");
  fleet.then([&] { fleet.fails("a"); });
  const RolloutResult result = fleet.run();
  CHECK(result.channel.warnings == Log{"a (host 4711) cannot load 1.1.0: out of memory"});
  CHECK(states(result.replicas) == "a failed 1.0.0");
}

TEST_CASE("roll_out: in two phases all prepare, then the channel moves, then all switch") {
  Fleet fleet;
  fleet.options.two_phase = true;
  fleet.serves("a", "1.0.0");
  fleet.serves("b", "1.0.0");
  fleet.then([&] { fleet.loads("a"); });
  fleet.then([&] { fleet.prepares("b"); });
  fleet.then([&] {
    CHECK(fleet.names() == "1.0.0");
    fleet.prepares("a");
  });
  fleet.then([&] {
    CHECK(fleet.names() == "1.1.0");
    fleet.serves("b");
  });
  fleet.then([&] { fleet.serves("a"); });
  const RolloutResult result = fleet.run();
  CHECK(result.channel.moved);
  CHECK(result.channel.previous->str() == "1.0.0");
  CHECK(states(result.replicas) == "b serving 1.1.0, a serving 1.1.0");
  CHECK(fleet.board.log == Log{"begin 1.1.0 1.0.0", "switch in 200 1.0.0", "end 1.1.0"});
  CHECK(fleet.board.steps.empty());
}

TEST_CASE("roll_out: a replica that joins is waited for, one that dies is not") {
  Fleet fleet;
  fleet.options.two_phase = true;
  fleet.serves("a", "1.0.0");
  fleet.serves("dies", "1.0.0");
  fleet.then([&] {
    fleet.prepares("a");
    fleet.loads("joins");
  });
  fleet.then([&] { fleet.board.withdraw("dies"); });
  fleet.then([&] {
    CHECK(fleet.names() == "1.0.0");
    fleet.prepares("joins");
  });
  fleet.then([&] {
    CHECK(fleet.names() == "1.1.0");
    fleet.serves("a");
    fleet.loads("late");
  });
  fleet.then([&] { fleet.board.withdraw("joins"); });
  fleet.then([&] { fleet.serves("late"); });
  CHECK(states(fleet.run().replicas) == "a serving 1.1.0, late serving 1.1.0");
  CHECK(fleet.board.steps.empty());
}

TEST_CASE("roll_out: one that cannot load it vetoes when asked to, and the channel stays") {
  Fleet fleet;
  fleet.options.two_phase = true;
  fleet.options.abort_on_nack = true;
  fleet.serves("a", "1.0.0");
  fleet.serves("b", "1.0.0");
  fleet.then([&] { fleet.prepares("a"); });
  fleet.then([&] { fleet.fails("b"); });
  CHECK(fleet.error() ==
        "conflict: acme/sentiment@stable was not changed: 1 replica cannot load 1.1.0\n"
        "  b (host 4711): failed: out of memory | mend that, or promote without --abort-on-nack");
  CHECK(fleet.names() == "1.0.0");
  CHECK(fleet.board.log == Log{"begin 1.1.0 1.0.0", "end 1.0.0"});
}

TEST_CASE("roll_out: without a veto the others go on, also while that one tries again") {
  Fleet fleet;
  fleet.options.two_phase = true;
  fleet.serves("a", "1.0.0");
  fleet.fails("b");
  fleet.then([&] {
    fleet.prepares("a");
    fleet.loads("b");
  });
  fleet.then([&] { fleet.serves("a"); });
  const RolloutResult result = fleet.run();
  CHECK(result.channel.moved);
  CHECK(result.channel.warnings == Log{"b (host 4711) cannot load 1.1.0: out of memory"});
  CHECK(fleet.board.log == Log{"begin 1.1.0 1.0.0", "switch in 200 1.0.0", "end 1.1.0"});
}

TEST_CASE("roll_out: not all prepared in time leaves the channel where it is") {
  Fleet fleet;
  fleet.options.two_phase = true;
  fleet.serves("a", "1.0.0");
  fleet.then([&] { fleet.loads("a"); });
  CHECK(fleet.error() ==
        "busy: acme/sentiment@stable was not changed: 1 replica has not prepared 1.1.0 after 60 s\n"
        "  a (host 4711): loading | give them more time with --within, or promote without "
        "--two-phase");
  CHECK(fleet.names() == "1.0.0");
  CHECK(fleet.board.log == Log{"begin 1.1.0 1.0.0", "end 1.0.0"});
}

TEST_CASE("roll_out: who moved the channel meanwhile has won") {
  Fleet fleet;
  fleet.options.two_phase = true;
  fleet.serves("a", "1.0.0");
  fleet.then([&] {
    fleet.move("1.2.0");
    fleet.prepares("a");
  });
  const std::string error = fleet.error();
  CHECK(error ==
        "conflict: channel acme/sentiment@stable does not name what was expected\n"
        "  expected: 1.0.0\n"
        "  now:      1.2.0, moved by ada at 2019-02-28T00:00:00.000Z: why | look at what changed, "
        "then repeat with that --expect");
  CHECK(fleet.names() == "1.2.0");
  CHECK(fleet.board.log == Log{"begin 1.1.0 1.0.0", "switch in 200 1.2.0", "end 1.2.0"});
}

TEST_CASE("roll_out: a channel that is moved on is not waited for") {
  Fleet fleet;
  fleet.serves("a", "1.0.0");
  fleet.then([&] { fleet.move("1.2.0"); });
  CHECK(fleet.error() ==
        "conflict: acme/sentiment@stable names 1.1.0 now: ada has moved it to 1.2.0 meanwhile | "
        "`algoctl log acme/sentiment --channel stable` says who and why");
}

TEST_CASE("roll_out: what a promotion refuses is refused before any replica works") {
  Fleet fleet;
  fleet.options.two_phase = true;
  fleet.move("1.2.0");
  fleet.serves("a", "1.2.0");
  CHECK(fleet.error().find("conflict: channel acme/sentiment@stable would go backwards") == 0);
  PromoteOptions require = fleet.to("1.2.0");
  require.channel = "canary";
  require.require = {Requirement::parse("f1>0.5")};
  CHECK(failure([&] { fleet.run(require); }).find("check_failed: ") == 0);
  CHECK(fleet.board.log.empty());
}

TEST_CASE("roll_out: where the channel names it already, replicas are only waited for") {
  Fleet fleet;
  fleet.options.two_phase = true;
  fleet.move("1.1.0");
  fleet.loads("a");
  fleet.then([&] { fleet.serves("a"); });
  const RolloutResult result = fleet.run();
  CHECK_FALSE(result.channel.moved);
  CHECK(states(result.replicas) == "a serving 1.1.0");
  CHECK(fleet.board.log.empty());
}

TEST_CASE("roll_out: a dry run says who would be waited for") {
  Fleet fleet;
  fleet.options.two_phase = true;
  fleet.serves("a", "1.0.0");
  PromoteOptions dry = fleet.to("1.1.0");
  dry.dry_run = true;
  const RolloutResult result = fleet.run(dry);
  CHECK(result.channel.moved);
  CHECK(states(result.replicas) == "a serving 1.0.0");
  CHECK(fleet.names() == "1.0.0");
  CHECK(fleet.board.log.empty());
}

TEST_CASE("roll_out: a stop ends the rollout, and says how far it came") {
  Fleet fleet;
  fleet.options.two_phase = true;
  const auto stop = [] { throw Error(Code::interrupted, "interrupted"); };
  fleet.serves("a", "1.0.0");
  fleet.then(stop);
  CHECK(fleet.error() == "interrupted: acme/sentiment@stable was not changed: interrupted");
  fleet.then([&] { fleet.prepares("a"); });
  fleet.then(stop);
  CHECK(fleet.error() == "interrupted: acme/sentiment@stable names 1.1.0 now: interrupted");
  CHECK(fleet.board.log == Log{"begin 1.1.0 1.0.0", "end 1.0.0", "begin 1.1.0 1.0.0",
                               "switch in 200 1.0.0", "end 1.1.0"});
}

TEST_CASE("roll_out: a first promotion of a channel, and a reference that moves meanwhile") {
  Fleet fleet;
  fleet.options.two_phase = true;
  fleet.says("a", ReplicaState::loading, "", "");
  fleet.board.all[0].reference = "acme/sentiment@canary";
  PromoteOptions canary = fleet.to("stable");  // what it means may change; what was decided not
  canary.channel = "canary";
  fleet.board.channel = [] { return std::string(); };
  fleet.then([&] {
    fleet.move("1.1.0");
    fleet.board.all[0].state = ReplicaState::prepared;
    fleet.board.all[0].wanted = "1.0.0";
  });
  fleet.then([&] {
    fleet.board.all[0].state = ReplicaState::serving;
    fleet.board.all[0].version = "1.0.0";
  });
  const RolloutResult result = fleet.run(canary);
  CHECK(result.channel.version.str() == "1.0.0");
  CHECK_FALSE(result.channel.previous.has_value());
}

TEST_CASE("roll_out: replicas that really run switch together, and the board is clean after it") {
  Fleet fleet;
  const std::string home = fleet.folder / "home";
  const PlayedReplica a({home, "acme/sentiment@stable", "a"});
  const PlayedReplica b({home, "acme/sentiment@stable", "b"});
  PromoteOptions canary = fleet.to("1.0.0");
  canary.channel = "canary";
  fleet.client.promote(canary);
  const PlayedReplica other({home, "acme/sentiment@canary", "other"});
  ClientOptions now = fleet.Shelf::options();
  now.now = {};
  Client client(now);
  RolloutOptions two_phase;
  two_phase.two_phase = true;
  const RolloutResult result = client.roll_out(fleet.to("1.1.0"), two_phase);
  REQUIRE(result.replicas.size() == 2);
  for (const ReplicaInfo& replica : result.replicas) {
    CHECK(replica.state == ReplicaState::serving);
    CHECK(replica.version == "1.1.0");
  }
  const auto all = client.replicas(fleet.name);
  REQUIRE(all.size() == 3);
  CHECK(all[0].name + all[1].name + all[2].name == "abother");
  const PlayedReplica weak({home, "acme/sentiment@stable", "weak", "1.2.0"});
  two_phase.abort_on_nack = true;
  CHECK(failure([&] {
          client.roll_out(fleet.to("1.2.0"), two_phase);
        }).find("conflict: acme/sentiment@stable was not changed: 1 replica cannot load 1.2.0") ==
        0);
  CHECK(fleet.names() == "1.1.0");
  CHECK(test::names_in(home + "/registry.db.replicas").find("rollout") == std::string::npos);
}

TEST_CASE("replicas: of an algorithm that is not there") {
  Fleet fleet;
  CHECK(fleet.client.replicas(fleet.name).empty());
  CHECK(failure([&] { fleet.client.replicas(Algorithm::parse("acme/sentimnet")); }) ==
        "not_found: there is no algorithm 'acme/sentimnet' | did you mean 'acme/sentiment'?");
}
