// Rollouts, and models that fit once.

#include <doctest/doctest.h>

#include "unit/reload/stage.h"

namespace algoctl::test {

TEST_CASE("Follower: prepares what is announced, and serves it at the instant") {
  Stage stage;
  stage.start();
  stage.settle();
  stage.take_events();
  stage.feed.announced = AnnouncedSoon{"rollout", model("1.1.0")};
  CHECK(stage.hear() == 30000);
  CHECK(stage.serving() == "1.0.0");
  CHECK(stage.status().state == ReplicaState::prepared);
  CHECK(stage.status().prepared == model("1.1.0"));
  stage.feed.announced->switch_in = 200;
  CHECK(stage.hear() == 30000);  // the channel has not moved: nothing is served for it
  stage.feed.wanted = "1.1.0";
  stage.feed.announced->switch_in = 150;
  CHECK(stage.hear() == 150);
  CHECK(stage.serving() == "1.0.0");
  stage.now += 150;
  stage.settle();
  CHECK(stage.serving() == "1.1.0");
  CHECK(stage.take_events() == "loading 1.1.0, prepared 1.1.0, switched 1.1.0");
  CHECK(stage.take_log() == "load 1.0.0, warm 1.0.0, load 1.1.0, warm 1.1.0, destroy 1.0.0");
}

TEST_CASE("Follower: forgets what it prepared when the rollout is gone") {
  Stage stage;
  stage.start();
  stage.settle();
  stage.feed.announced = AnnouncedSoon{"rollout", model("1.1.0")};
  stage.hear();
  stage.feed.announced.reset();
  stage.hear();
  CHECK(stage.take_log() == "load 1.0.0, warm 1.0.0, load 1.1.0, warm 1.1.0, destroy 1.1.0");
  CHECK(stage.status().state == ReplicaState::serving);
}

TEST_CASE("Follower: refuses a rollout once, but another one asks anew") {
  Stage stage;
  stage.start();
  stage.settle();
  stage.take_events();
  stage.feed.announced = AnnouncedSoon{"first", model("1.1.0")};
  stage.loader_says["1.1.0"] = "no memory";
  CHECK(stage.hear() == 30000);
  CHECK(stage.status().state == ReplicaState::failed);
  stage.now += 20000;
  CHECK(stage.hear() == 30000);
  CHECK(stage.take_events() == "loading 1.1.0, failed 1.1.0");
  stage.feed.announced->rollout = "second";
  stage.hear();
  CHECK(stage.take_events() == "loading 1.1.0, failed 1.1.0");
  SUBCASE("gone, it is as if nothing had been") {
    stage.feed.announced.reset();
    stage.hear();
    CHECK(stage.status().state == ReplicaState::serving);
    CHECK_FALSE(stage.status().last_error.has_value());
  }
  SUBCASE("what was refused is tried again as soon as the channel names it") {
    stage.feed.wanted = "1.1.0";
    CHECK(stage.hear() == 1000);
    CHECK(stage.take_events() == "loading 1.1.0, failed 1.1.0");
    stage.loader_says.clear();
    stage.now += 1000;
    stage.settle();
    CHECK(stage.serving() == "1.1.0");
  }
}

TEST_CASE("Follower: a rollout leads out of a version that cannot be loaded") {
  Stage stage;
  stage.loader_says["1.1.0"] = "no memory";
  stage.start();
  stage.settle();
  stage.feed.wanted = "1.1.0";
  CHECK(stage.hear() == 1000);
  stage.take_events();
  stage.feed.announced = AnnouncedSoon{"rollout", model("1.2.0")};
  SUBCASE("to the next one") {
    stage.hear();
    CHECK(stage.take_events() == "loading 1.2.0, prepared 1.2.0");
    CHECK(stage.serving() == "1.0.0");
    stage.now += 100'000;
    stage.settle();
    CHECK(stage.take_events().empty());  // it is kept ready, whatever is due meanwhile
    CHECK(stage.status().state == ReplicaState::prepared);
    stage.feed.wanted = "1.2.0";
    stage.hear();
    CHECK(stage.take_events() == "switched 1.2.0");
    CHECK(stage.serving() == "1.2.0");
    CHECK_FALSE(stage.status().last_error.has_value());
  }
  SUBCASE("which is gone when the rollout is") {
    stage.hear();
    stage.feed.announced.reset();
    stage.take_events();
    stage.hear();
    CHECK(stage.status().state == ReplicaState::failed);
    CHECK(stage.take_events().empty());
    stage.now += 1000;
    CHECK(stage.settle() == 2000);
    CHECK(stage.take_events() == "loading 1.1.0, failed 1.1.0");
  }
  SUBCASE("when that cannot be loaded either, it says so once, and tries the first as before") {
    stage.loader_says["1.2.0"] = "no memory either";
    CHECK(stage.hear() == 1000);
    CHECK(stage.take_events() == "loading 1.2.0, failed 1.2.0");
    CHECK(stage.account.read().about == model("1.2.0"));
    CHECK(stage.status().last_error->message ==
          "cannot load 1.2.0 of acme/sentiment@stable: no memory either");
    stage.now += 1000;
    CHECK(stage.settle() == 2000);
    CHECK(stage.take_events() == "loading 1.1.0, failed 1.1.0");
  }
}

TEST_CASE("Follower: for models that fit once, the old one goes before the new one comes") {
  Stage stage;
  stage.options.overlap = Overlap::unload_then_load;
  stage.start();
  stage.settle();
  stage.take_log();
  stage.feed.announced = AnnouncedSoon{"rollout", model("1.1.0")};
  stage.hear();
  CHECK(stage.status().state == ReplicaState::prepared);  // its files are there
  CHECK(stage.take_log().empty());
  stage.feed.wanted = "1.1.0";
  stage.hear();
  CHECK(stage.serving() == "1.1.0");
  CHECK(stage.take_log() == "at once, destroy 1.0.0, load 1.1.0, warm 1.1.0");
  SUBCASE("and comes back when the new one cannot be loaded") {
    stage.feed.wanted = "1.2.0";
    stage.loader_says["1.2.0"] = "no memory";
    CHECK(stage.hear() == 1000);
    CHECK(stage.serving() == "1.1.0");
    CHECK(stage.take_log() == "at once, destroy 1.1.0, load 1.1.0, warm 1.1.0");
    CHECK(stage.status().state == ReplicaState::failed);
  }
  SUBCASE("and is tried again after it could not be loaded either") {
    stage.feed.wanted = "1.2.0";
    stage.loader_says["1.2.0"] = "broken";
    stage.loader_says["1.1.0"] = "no memory";
    CHECK(stage.hear() == 1000);
    CHECK(stage.serving().empty());
    stage.loader_says.erase("1.1.0");
    SUBCASE("when the new one cannot be loaded") {}
    SUBCASE("when the new one cannot be brought") { stage.feed.unavailable = "1.2.0"; }
    stage.now += 1000;
    CHECK(stage.settle() == 2000);
    CHECK(stage.serving() == "1.1.0");
    CHECK(stage.status().state == ReplicaState::failed);
  }
  SUBCASE("when nothing can be loaded, nothing is served, and it is tried again") {
    stage.feed.wanted = "1.2.0";
    stage.loader_says["1.2.0"] = "no memory";
    stage.loader_says["1.1.0"] = "none at all";
    CHECK(stage.hear() == 1000);
    CHECK(stage.serving().empty());
    CHECK_FALSE(stage.status().serving.has_value());
    CHECK(stage.status().last_error->message ==
          "cannot load 1.1.0 of acme/sentiment@stable again: none at all");
    stage.loader_says.clear();
    stage.now += 1000;
    stage.settle();
    CHECK(stage.serving() == "1.2.0");
  }
}

}  // namespace algoctl::test
