#include "reload/follower.h"

#include <doctest/doctest.h>

#include "unit/reload/stage.h"

namespace algoctl::test {

TEST_CASE("Follower: loads, validates, warms up, swaps, and then destroys the old one") {
  Stage stage;
  stage.start();
  CHECK(stage.settle() == 30000);
  CHECK(stage.serving() == "1.0.0");
  stage.feed.wanted = "1.1.0";
  CHECK(stage.hear() == 30000);
  CHECK(stage.serving() == "1.1.0");
  CHECK(stage.take_log() == "load 1.0.0, warm 1.0.0, load 1.1.0, warm 1.1.0, destroy 1.0.0");
  CHECK(stage.take_events() == "loading 1.0.0, switched 1.0.0, loading 1.1.0, switched 1.1.0");
  CHECK(stage.status().state == ReplicaState::serving);
  CHECK(stage.status().counts.switches == 2);
  CHECK(stage.status().confirmed_at == 77);
  stage.feed.wanted = "1.0.0";  // back to an older one is a change like any other
  stage.hear();
  CHECK(stage.serving() == "1.0.0");
}

TEST_CASE("Follower: a loader that throws keeps the last good one, and is tried again later") {
  Stage stage;
  stage.start();
  stage.settle();
  stage.take_events();
  stage.feed.wanted = "1.1.0";
  stage.loader_says["1.1.0"] = "no memory";
  CHECK(stage.hear() == 1000);
  CHECK(stage.serving() == "1.0.0");
  CHECK(stage.status().state == ReplicaState::failed);
  CHECK(stage.status().last_error->code == Code::check_failed);
  CHECK(stage.status().last_error->message ==
        "cannot load 1.1.0 of acme/sentiment@stable: no memory");
  CHECK(stage.account.read().about == model("1.1.0"));
  stage.now += 1000;
  CHECK(stage.settle() == 2000);
  stage.now += 2000;
  CHECK(stage.settle() == 4000);
  CHECK(stage.status().counts.failures == 3);
  CHECK(stage.hear() == 4000);  // what is heard does not shorten it
  stage.asked = true;           // who asks does
  stage.loader_says.clear();
  CHECK(stage.settle() == 30000);
  CHECK(stage.serving() == "1.1.0");
  CHECK_FALSE(stage.status().last_error.has_value());
  CHECK(stage.take_events() ==
        "loading 1.1.0, failed 1.1.0, loading 1.1.0, failed 1.1.0, loading 1.1.0, failed 1.1.0, "
        "loading 1.1.0, switched 1.1.0");
}

TEST_CASE("Follower: a bad version does not keep from the next one") {
  Stage stage;
  stage.start();
  stage.settle();
  stage.feed.wanted = "1.1.0";
  stage.invalid = "1.1.0";
  stage.hear();
  CHECK(stage.status().last_error->message ==
        "cannot load 1.1.0 of acme/sentiment@stable: the model is not valid");
  CHECK(stage.take_log() == "load 1.0.0, warm 1.0.0, load 1.1.0, destroy 1.1.0");
  stage.feed.wanted = "1.2.0";
  CHECK(stage.hear() == 30000);
  CHECK(stage.serving() == "1.2.0");
  CHECK(stage.status().state == ReplicaState::serving);
}

TEST_CASE("Follower: what can be thrown, and no model at all, are failures of that version") {
  struct Case {
    std::function<void*(const Files&)> load;
    const char* message;
    Code code;
  };
  for (const Case& c : {
           Case{[](const Files&) -> void* { throw 7; },
                "something was thrown that is no std::exception", Code::check_failed},
           Case{[](const Files&) -> void* { return nullptr; }, "the loader returned no model",
                Code::check_failed},
           Case{[](const Files&) -> void* { throw Error(Code::interrupted, "mine"); }, "mine",
                Code::interrupted},
           Case{[](const Files& files) -> void* { return new std::string(files.path("x")); },
                "acme/sentiment has no slot 'x'", Code::not_found},
       }) {
    Stage stage;
    stage.subject.load = c.load;
    stage.start();
    CHECK(stage.settle() == 1000);
    CHECK(stage.serving().empty());
    CHECK(stage.status().last_error->message ==
          std::string("cannot load 1.0.0 of acme/sentiment@stable: ") + c.message);
    CHECK(stage.status().last_error->code == c.code);
  }
}

TEST_CASE("Follower: a registry that cannot be asked changes nothing, and is asked again") {
  Stage stage;
  stage.start();
  stage.settle();
  stage.feed.look_fails = true;
  CHECK(stage.hear() == 1000);
  CHECK(stage.serving() == "1.0.0");
  CHECK(stage.status().state == ReplicaState::serving);
  CHECK(stage.status().last_error->message ==
        "cannot follow acme/sentiment@stable: the registry is gone");
  CHECK(stage.status().last_error->hint == "bring it back");
  stage.now += 1000;
  CHECK(stage.settle() == 2000);
  stage.feed.look_fails = false;
  stage.feed.wanted = "1.1.0";
  stage.now += 2000;
  CHECK(stage.settle() == 30000);
  CHECK(stage.serving() == "1.1.0");
  CHECK_FALSE(stage.status().last_error.has_value());
}

TEST_CASE("Follower: says once that it is stale, and again after it was not") {
  Stage stage;
  stage.options.max_staleness = std::chrono::milliseconds(5000);
  stage.start();
  stage.settle();
  stage.take_events();
  stage.feed.look_fails = true;
  for (int i = 0; i < 5; ++i) {
    stage.now += 2000;
    stage.hear();
  }
  CHECK(stage.take_events() ==
        "failed 1.0.0, failed 1.0.0, stale 1.0.0, failed 1.0.0, failed 1.0.0, failed 1.0.0");
  stage.feed.look_fails = false;
  stage.now += 60000;
  stage.settle();
  stage.feed.look_fails = true;
  stage.now += 5001;
  stage.settle();
  CHECK(stage.take_events() == "stale 1.0.0");
}

TEST_CASE("Follower: a label that moves while it is brought is what is served") {
  Stage stage;
  stage.start();
  stage.settle();
  stage.feed.wanted = "1.1.0";
  stage.feed.moves_to = "1.2.0";
  CHECK(stage.hear() == 30000);
  CHECK(stage.serving() == "1.2.0");
}

TEST_CASE("Follower: a file that changes under the model is read again, and said when it is bad") {
  Stage stage;
  stage.start();
  stage.settle();
  stage.feed.touched = true;
  CHECK(stage.hear() == 30000);
  CHECK(stage.feed.holds == 2);
  stage.feed.fetch_fails = true;
  CHECK(stage.hear() == 1000);
  CHECK(stage.status().last_error->code == Code::integrity);
  CHECK(stage.serving() == "1.0.0");
}

TEST_CASE("Follower: what was wrong with the files of a model ends with its being served") {
  Stage stage;
  stage.start();
  stage.settle();
  stage.feed.touched = true;
  stage.feed.unavailable = "1.0.0";
  stage.hear();
  stage.hear();
  stage.feed.wanted = "1.1.0";
  CHECK(stage.hear() == 30000);
  CHECK(stage.serving() == "1.1.0");
  CHECK_FALSE(stage.status().last_error.has_value());
}

TEST_CASE("Follower: a registry that is gone is said until it can be asked again") {
  Stage stage;
  stage.start();
  stage.settle();
  stage.feed.wanted = "1.1.0";
  stage.loader_says["1.1.0"] = "no memory";
  stage.hear();
  stage.feed.look_fails = true;
  stage.hear();
  stage.loader_says.clear();
  stage.now += 1000;
  stage.settle();
  CHECK(stage.serving() == "1.1.0");
  CHECK(stage.status().last_error->code == Code::storage);
}

TEST_CASE("Follower: others are told when what they see changes, and only then") {
  Stage stage;
  stage.start();
  stage.settle();
  const int before = stage.reports;
  stage.hear();
  stage.now += 30000;
  stage.settle();
  CHECK(stage.reports == before);
  stage.feed.wanted = "1.1.0";
  stage.hear();
  CHECK(stage.reports == before + 3);  // loading, prepared, serving
}

TEST_CASE("Follower: what a callback throws is its own affair") {
  Stage stage;
  stage.options.on_event = [](const ReloadEvent&) { throw std::runtime_error("mine"); };
  stage.start();
  stage.settle();
  CHECK(stage.serving() == "1.0.0");
  CHECK_FALSE(stage.status().last_error.has_value());
}

TEST_CASE("Follower: an interruption passes when it was asked for") {
  Stage stage;
  stage.start();
  stage.settle();
  stage.stop = true;
  stage.feed.wanted = "1.1.0";
  stage.subject.load = [](const Files&) -> void* { throw Error(Code::interrupted, "stop"); };
  stage.follower->hear();
  stage.follower->advance();
  CHECK_THROWS_AS(stage.follower->advance(), Error);
}

}  // namespace algoctl::test
