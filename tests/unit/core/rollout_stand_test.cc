#include "core/rollout_stand.h"

#include <doctest/doctest.h>

#include "core/replica_state.h"

using namespace algoctl;

namespace {

ReplicaInfo replica(ReplicaState state, const std::string& version, const std::string& wanted) {
  return {"id",
          Algorithm::parse("acme/sentiment"),
          "acme/sentiment@stable",
          "scorer",
          "host",
          "boot",
          4711,
          state,
          version,
          wanted,
          "",
          0,
          0};
}

}  // namespace

TEST_CASE("stand_of: who is ready, who is waited for and who said no") {
  constexpr auto loading = ReplicaState::loading;
  constexpr auto prepared = ReplicaState::prepared;
  constexpr auto serving = ReplicaState::serving;
  constexpr auto failed = ReplicaState::failed;
  struct Case {
    ReplicaState state;
    const char* version;
    const char* wanted;
    bool nacked_before;
    const char* prepare;
    const char* serve;
  };
  const Case cases[] = {
      {serving, "1.3.0", "1.3.0", false, "ready", "ready"},
      {serving, "1.2.0", "1.2.0", false, "waiting", "waiting"},
      {serving, "", "", false, "waiting", "waiting"},
      {loading, "1.2.0", "1.3.0", false, "waiting", "waiting"},
      {loading, "", "1.3.0", false, "waiting", "waiting"},
      {loading, "1.3.0", "1.4.0", false, "waiting", "waiting"},
      {prepared, "1.2.0", "1.3.0", false, "ready", "waiting"},
      {prepared, "1.2.0", "1.4.0", false, "waiting", "waiting"},
      {prepared, "1.3.0", "1.4.0", false, "waiting", "waiting"},
      {failed, "1.2.0", "1.3.0", false, "nacked", "nacked"},
      {failed, "", "1.3.0", false, "nacked", "nacked"},
      {failed, "1.2.0", "1.4.0", false, "waiting", "waiting"},
      // It could not load what the channel still names, and never left this one.
      {failed, "1.3.0", "1.4.0", false, "ready", "waiting"},
      // It tries again, and may for ever.
      {loading, "1.2.0", "1.3.0", true, "nacked", "nacked"},
      {serving, "1.2.0", "1.2.0", true, "nacked", "nacked"},
      // It could after all.
      {prepared, "1.2.0", "1.3.0", true, "ready", "nacked"},
      {serving, "1.3.0", "1.3.0", true, "ready", "ready"},
  };
  const auto where = [](const RolloutStand& stand) {
    REQUIRE(stand.ready.size() + stand.waiting.size() + stand.nacked.size() == 1);
    return !stand.ready.empty() ? "ready" : !stand.waiting.empty() ? "waiting" : "nacked";
  };
  for (const Case& c : cases) {
    CAPTURE(state_name(c.state));
    CAPTURE(c.version);
    CAPTURE(c.wanted);
    CAPTURE(c.nacked_before);
    const std::vector<ReplicaInfo> one = {replica(c.state, c.version, c.wanted)};
    const Nacks nacks = c.nacked_before ? Nacks{{"id", "out of memory"}} : Nacks{{"other", ""}};
    CHECK(where(stand_of(one, "1.3.0", RolloutPhase::prepare, nacks)) == std::string(c.prepare));
    CHECK(where(stand_of(one, "1.3.0", RolloutPhase::serve, nacks)) == std::string(c.serve));
  }
}

TEST_CASE("stand_of: who said no before keeps its reason") {
  const std::vector<ReplicaInfo> one = {replica(ReplicaState::loading, "1.2.0", "1.3.0")};
  const auto stand = stand_of(one, "1.3.0", RolloutPhase::serve, {{"id", "out of memory"}});
  REQUIRE(stand.nacked.size() == 1);
  CHECK(stand.nacked[0].reason == "out of memory");
}

TEST_CASE("stand_of: a no from before it was asked is no answer") {
  std::vector<ReplicaInfo> one = {replica(ReplicaState::failed, "1.2.0", "1.3.0")};
  one[0].since = 999;
  CHECK(stand_of(one, "1.3.0", RolloutPhase::prepare, {}, 1000).waiting.size() == 1);
  one[0].since = 1000;
  CHECK(stand_of(one, "1.3.0", RolloutPhase::prepare, {}, 1000).nacked.size() == 1);
}

TEST_CASE("follows_channel: only a reference to that channel does") {
  struct Case {
    const char* reference;
    bool follows;
  };
  for (const Case& c : {
           Case{"acme/sentiment@stable", true},
           Case{"algo://acme/sentiment/stable", true},
           Case{"acme/sentiment@canary", false},
           Case{"acme/sentiment@latest", false},
           Case{"acme/sentiment", false},
           Case{"acme/sentiment@1.3.0", false},
           Case{"acme/sentiment@^1", false},
           Case{"acme/other@stable", false},
           Case{"data://acme/sentiment/stable", false},
           Case{"", false},
           Case{"@stable", false},
           Case{"nonsense @@ \n", false},
       }) {
    CAPTURE(c.reference);
    ReplicaInfo info = replica(ReplicaState::serving, "", "");
    info.reference = c.reference;
    CHECK(follows_channel(info, "stable") == c.follows);
  }
}

TEST_CASE("replica_name: on one line, whatever a replica calls itself") {
  ReplicaInfo info = replica(ReplicaState::serving, "", "");
  CHECK(replica_name(info) == "scorer (host 4711)");
  info.name = "a\n\x1b[31mb\xc3\xa4";
  CHECK(replica_name(info) == "a  [31mb\xc3\xa4 (host 4711)");
}

TEST_CASE("find_state: the four names and no other") {
  CHECK(find_state("prepared") == ReplicaState::prepared);
  CHECK_FALSE(find_state("Prepared").has_value());
  CHECK_FALSE(find_state("").has_value());
}
