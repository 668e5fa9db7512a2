#include <doctest/doctest.h>

#include "unit/client/fleet.h"

using namespace algoctl;
using test::failure;
using test::Fleet;
using test::Log;
using test::states;

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
