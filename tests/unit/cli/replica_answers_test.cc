#include "replica_answers.h"

#include <doctest/doctest.h>

namespace algoctl::cli {
namespace {

ReplicaInfo replica(ReplicaState state, const std::string& version, const std::string& wanted,
                    const std::string& reason = "") {
  return {"id",    Algorithm::parse("acme/sentiment"),
          "",      "scorer",
          "host",  "boot",
          4711,    state,
          version, wanted,
          reason,  0,
          0};
}

}  // namespace

TEST_CASE("replica_words: what each state is called") {
  CHECK(replica_words(replica(ReplicaState::loading, "1.2.0", "1.3.0")) == "loads 1.3.0");
  CHECK(replica_words(replica(ReplicaState::loading, "", "")) == "loads");
  CHECK(replica_words(replica(ReplicaState::prepared, "1.2.0", "1.3.0")) == "has prepared 1.3.0");
  CHECK(replica_words(replica(ReplicaState::serving, "1.3.0", "1.3.0")) == "serves 1.3.0");
  CHECK(replica_words(replica(ReplicaState::failed, "1.2.0", "1.3.0")) == "cannot load 1.3.0");
  CHECK(replica_words(replica(ReplicaState::failed, "", "1.3.0", "no\nroom")) ==
        "cannot load 1.3.0: no room");
}

TEST_CASE("replica_name: service, host and process, on one line") {
  ReplicaInfo info = replica(ReplicaState::serving, "", "");
  CHECK(replica_name(info) == "scorer (host 4711)");
  info.name = "a\tb";
  info.host = "\x1b[2J";
  CHECK(replica_name(info) == "a b ( [2J 4711)");
}

TEST_CASE("fill_replica: every field, null for nothing") {
  Json item = Json::object();
  fill_replica(item, replica(ReplicaState::loading, "", ""));
  CHECK(item.dump() == R"({"id":"id","name":"scorer","host":"host","pid":4711,"reference":null,)"
                       R"("state":"loading","version":null,"wanted":null,"reason":null,)"
                       R"("since":"1970-01-01T00:00:00.000Z","seen":"1970-01-01T00:00:00.000Z"})");
}

}  // namespace algoctl::cli
