#include "client/rollout.h"

#include <doctest/doctest.h>

#include "support/played_replica.h"
#include "support/shop.h"
#include "unit/client/fleet.h"

using namespace algoctl;
using test::failure;
using test::Fleet;
using test::Log;
using test::PlayedReplica;
using test::states;

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

TEST_CASE("roll_out: a channel that is moved on is not waited for") {
  Fleet fleet;
  fleet.serves("a", "1.0.0");
  fleet.then([&] { fleet.move("1.2.0"); });
  CHECK(fleet.error() ==
        "conflict: acme/sentiment@stable names 1.1.0 now: ada has moved it to 1.2.0 meanwhile | "
        "`algoctl log acme/sentiment --channel stable` says who and why");
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
