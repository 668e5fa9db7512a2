// Models that switch together, and the promotion that waits for them.

#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "unit/reload/followed.h"

namespace algoctl::test {
namespace {

/// Three replicas of `stable`, two versions of which the first is served.
struct Replicas : Followed {
  Replicas() {
    ship("first");
    ship("second");
    promote("1.0.0");
    for (const char* who : {"ada", "bob", "cem"}) {
      ModelOptions<std::string> reload;
      reload.name = who;
      reload.on_event = [this, who](const ReloadEvent& event) {
        if (event.kind == ReloadEvent::Kind::failed) return;
        const std::lock_guard lock(mutex);
        log[who].push_back(event.kind);
      };
      models.push_back(std::make_unique<Model<std::string>>(
          live, ref("stable"),
          [this, who](const Files& files) {
            std::string text = text_of(files);
            if (text == "second" && refuses == who) throw std::runtime_error("out of memory");
            return text;
          },
          reload));
    }
  }

  [[nodiscard]] ClientOptions timely() const {
    ClientOptions now = Shelf::options();
    now.now = nullptr;  // replicas and promotions tell the time to each other
    return now;
  }
  [[nodiscard]] PromoteOptions to(const std::string& version) const {
    return {ref(version), "stable", {}, "why", {}, false, true, false, false};
  }
  [[nodiscard]] std::string serving() const {
    std::string all;
    for (const auto& model : models) all += *model->get() + " ";
    return all;
  }

  std::string refuses;
  std::mutex mutex;
  std::map<std::string, std::vector<ReloadEvent::Kind>> log;
  Client live{timely()};
  std::vector<std::unique_ptr<Model<std::string>>> models;
};

}  // namespace

TEST_CASE("Model: replicas load first and then switch, and the promotion returns when all have") {
  Replicas r;
  CHECK(r.live.replicas(r.name).size() == 3);
  RolloutOptions rollout;
  rollout.two_phase = true;
  const RolloutResult result = r.live.roll_out(r.to("1.1.0"), rollout);
  CHECK(r.serving() == "second second second ");
  CHECK(result.channel.moved);
  CHECK(result.channel.warnings.empty());
  REQUIRE(result.replicas.size() == 3);
  CHECK(result.replicas[0].name == "ada");
  CHECK(result.replicas[2].version == "1.1.0");
  using Kind = ReloadEvent::Kind;
  const std::lock_guard lock(r.mutex);
  for (const auto& [who, kinds] : r.log) {
    CHECK(kinds == std::vector<Kind>{Kind::loading, Kind::switched, Kind::loading, Kind::prepared,
                                     Kind::switched});
  }
}

TEST_CASE("Model: one replica that cannot load it keeps the channel where it is") {
  Replicas r;
  r.refuses = "bob";
  RolloutOptions rollout;
  rollout.two_phase = true;
  rollout.abort_on_nack = true;
  const std::string error = failure([&] { r.live.roll_out(r.to("1.1.0"), rollout); });
  CHECK(error.substr(0, 9) == "conflict:");
  CHECK(error.find("bob") != std::string::npos);
  CHECK(error.find("cannot load 1.1.0 of acme/sentiment@stable: out of memory") !=
        std::string::npos);
  CHECK(r.live.require(r.ref("stable")).version.str() == "1.0.0");
  CHECK(r.serving() == "first first first ");
  SUBCASE("mended, the next one is asked anew") {
    r.refuses = "";
    r.live.roll_out(r.to("1.1.0"), rollout);
    CHECK(r.serving() == "second second second ");
  }
  SUBCASE("without the veto the others switch, and it is named") {
    rollout.abort_on_nack = false;
    const RolloutResult result = r.live.roll_out(r.to("1.1.0"), rollout);
    CHECK(result.channel.warnings.size() == 1);
    CHECK(r.serving() == "second first second ");
  }
}

TEST_CASE("Model: a rollout in two phases leads out of a version that a replica cannot load") {
  Replicas r;
  r.refuses = "bob";
  r.live.roll_out(r.to("1.1.0"), {});
  CHECK(r.serving() == "second first second ");
  RolloutOptions rollout;
  rollout.two_phase = true;
  rollout.abort_on_nack = true;
  SUBCASE("to the next one") {
    r.ship("third");
    CHECK(r.live.roll_out(r.to("1.2.0"), rollout).channel.warnings.empty());
    CHECK(r.serving() == "third third third ");
  }
  SUBCASE("back to the one before") {
    PromoteOptions back = r.to("1.0.0");
    back.force = true;
    CHECK(r.live.roll_out(back, rollout).channel.warnings.empty());
    CHECK(r.serving() == "first first first ");
  }
}

TEST_CASE("Model: a replica that has ended is not seen and not waited for") {
  Replicas r;
  r.models.pop_back();
  CHECK(r.live.replicas(r.name).size() == 2);
  const RolloutResult result = r.live.roll_out(r.to("1.1.0"), {});
  CHECK(result.replicas.size() == 2);
  CHECK(r.serving() == "second second ");
}

}  // namespace algoctl::test
