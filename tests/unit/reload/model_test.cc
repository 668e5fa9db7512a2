// A Model as a program has it: a real registry, real files, threads of its own.

#include <doctest/doctest.h>

#include "algoctl/reload.h"
#include "unit/reload/followed.h"

namespace algoctl::test {

TEST_CASE("Model: follows a range, and a label that is overwritten") {
  Shelf shelf;
  shelf.ship("first");
  shelf.upload("first", "overwritten");
  const Model model(shelf.client, "acme/sentiment@^1", text_of);
  const Model label(shelf.client, "data://acme/sentiment/overwritten", text_of);
  CHECK(*model.get() == "first");
  CHECK(model.version() == "1.0.0");
  CHECK(*label.get() == "first");
  shelf.ship("second");
  CHECK(model.wait_for(Selector::parse("1.1.0"), kLong));
  CHECK(*model.get() == "second");
  CHECK(model.status().state == ReplicaState::serving);
  shelf.upload("third", "overwritten", "model", true);
  CHECK(label.wait_for(Selector::parse(Digest::of("third").str()), kLong));
  CHECK(*label.get() == "third");
}

TEST_CASE("Model: a channel that is promoted and rolled back") {
  Followed f;
  f.ship("first");
  f.ship("second");
  f.promote("1.0.0");
  const Model model(f.client, f.ref("stable"), text_of);
  CHECK(model.version() == "1.0.0");
  f.promote("1.1.0");
  CHECK(model.wait_for(Selector::parse("^1.1"), kLong));
  CHECK(*model.get() == "second");
  f.client.rollback({f.name, "stable", {}, {}, "worse", false, false});
  CHECK(model.wait_for(Selector::parse("stable"), kLong));
  CHECK(*model.get() == "first");
}

TEST_CASE("Model: without watching it learns by polling, and when it is asked to") {
  Followed f;
  f.ship("first");
  ModelOptions<std::string> options;
  options.watch = false;
  options.poll = std::chrono::milliseconds(20);
  const Model polling(f.client, "acme/sentiment", text_of, options);
  options.poll = std::chrono::hours(1);
  Model asked(f.client, "acme/sentiment", text_of, options);
  f.ship("second");
  CHECK(polling.wait_for(Selector::parse("1.1.0"), kLong));
  CHECK(asked.version() == "1.0.0");
  asked.reload_now();
  CHECK(asked.wait_for(Selector::parse("1.1.0"), kLong));
  f.ship("third");
  CHECK(asked.wait_for(Selector(), kLong));  // what moves is asked for by the wait itself
  CHECK(asked.version() == "1.2.0");
  Model range(f.client, "acme/sentiment@^1", text_of, options);
  f.ship("fourth");
  CHECK(range.wait_for(Selector::parse("^1"), kLong));  // also when what is served satisfies it
  CHECK(range.version() == "1.3.0");
  f.ship("fifth");
  CHECK(*range.get(Selector::parse("^1"), kLong) == "fifth");
  f.ship("sixth");
  CHECK(range.wait_for(Selector::parse(">=1"), kLong));  // another one is satisfied at once
  CHECK(range.version() == "1.4.0");
}

TEST_CASE("Model: times that are negative, and a name that no report can hold, are refused") {
  Followed f;
  f.ship("first");
  const auto refused = [&](auto set) {
    ModelOptions<std::string> options;
    set(options);
    return failure([&] { const Model model(f.client, "acme/sentiment", text_of, options); });
  };
  const std::chrono::milliseconds negative(-1);
  CHECK(refused([&](auto& o) { o.poll = negative; }) == "usage: poll is negative: -1 ms");
  CHECK(refused([&](auto& o) { o.backoff = negative; }) == "usage: backoff is negative: -1 ms");
  CHECK(refused([&](auto& o) { o.longest_backoff = negative; }) ==
        "usage: longest_backoff is negative: -1 ms");
  CHECK(refused([&](auto& o) { o.max_staleness = negative; }) ==
        "usage: max_staleness is negative: -1 ms");
  CHECK(refused([&](auto& o) { o.name = std::string(256, 'n'); }) ==
        "usage: the name of a replica has 256 bytes, and 255 are the most");
}

TEST_CASE("Model: whoever must not be answered by an older one waits for it") {
  Followed f;
  f.ship("first");
  const Model model(f.client, "acme/sentiment", text_of);
  CHECK(*model.get(Selector::parse(">=1.0.0"), kLong) == "first");
  CHECK_FALSE(model.wait_for(Selector::parse("2.0.0"), std::chrono::milliseconds(1)));
  CHECK(failure([&] {
          static_cast<void>(model.get(Selector::parse(">=1.1.0"), std::chrono::milliseconds(1)));
        }) ==
        "busy: acme/sentiment is served as 1.0.0 after 1 ms, and not as '>=1.1.0' | wait "
        "longer, or see in its status why it does not come");
  CHECK(failure([&] { static_cast<void>(model.wait_for(Selector::parse("stable"), kLong)); }) ==
        "usage: 'stable' moves, and is not what acme/sentiment follows | wait for a version "
        "or a range");
  f.ship("second");
  CHECK(*model.get(Selector::parse(">=1.1.0"), kLong) == "second");
}

TEST_CASE("Model: what is shared outlives a reload and the Model, and ends on another thread") {
  // Says on which thread it was destroyed.
  struct Witness {
    explicit Witness(std::atomic<int>& d) : deaths(&d) {}
    Witness(Witness&& other) noexcept : deaths(std::exchange(other.deaths, nullptr)) {}
    Witness(const Witness&) = delete;
    ~Witness() {
      if (deaths == nullptr) return;
      CHECK(std::this_thread::get_id() != owner);
      ++*deaths;
      deaths->notify_all();
    }
    std::atomic<int>* deaths;
    std::thread::id owner = std::this_thread::get_id();
  };
  std::atomic<int> deaths{0};
  std::shared_ptr<const Witness> first;
  std::shared_ptr<const Witness> second;
  {
    Followed f;
    f.ship("first");
    const Model model(f.client, "acme/sentiment", [&](const Files&) { return Witness(deaths); });
    first = model.share();
    f.ship("second");
    CHECK(model.wait_for(Selector::parse("1.1.0"), kLong));
    second = model.share();
    CHECK(first != second);
    CHECK(deaths == 0);
  }
  CHECK(deaths == 0);
  const std::thread::id here = std::this_thread::get_id();
  const_cast<Witness&>(*first).owner = here;
  const_cast<Witness&>(*second).owner = here;
  first.reset();
  deaths.wait(0);
  second.reset();
  deaths.wait(1);
  CHECK(deaths == 2);
}

TEST_CASE("Model: the first load says what is wrong") {
  Followed f;
  f.ship("first");
  CHECK(failure([&] { const Model model(f.client, "acme/other", text_of); }) ==
        "not_found: cannot follow acme/other: there is no algorithm 'acme/other' | "
        "`algoctl list` shows what is there");
  CHECK(failure([&] {
          const Model model(f.client, "acme/sentiment", [](const Files&) -> std::string {
            throw std::runtime_error("no model of mine");
          });
        }) == "check_failed: cannot load 1.0.0 of acme/sentiment: no model of mine");
  CHECK(failure([&] { const Model model(f.client, "acme/sentiment@", text_of); }).substr(0, 6) ==
        "usage:");
}

TEST_CASE("Model: a loader that names no slot where there are several is told so") {
  Followed f;
  f.upload("weights", "weights.bin");
  f.upload("words", "words.txt", "tokenizer");
  f.client.publish(f.publishing());
  CHECK(failure([&] { const Model model(f.client, "acme/sentiment", text_of); }) ==
        "usage: cannot load 1.0.0 of acme/sentiment: acme/sentiment has 2 slots, and none "
        "was named: model, tokenizer | ask for one of them: path(\"model\")");
  CHECK(failure([&] {
          const Model model(f.client, "acme/sentiment",
                            [](const Files& files) { return files.path("tokeniser"); });
        }) ==
        "not_found: cannot load 1.0.0 of acme/sentiment: acme/sentiment has no slot "
        "'tokeniser' | did you mean 'tokenizer'?");
  const Model model(f.client, "acme/sentiment",
                    [](const Files& files) { return files.path("tokenizer"); });
  CHECK(*model.get() == model.get()->substr(0, model.get()->rfind('/')) + "/words.txt");
}

TEST_CASE("Model: handles of one thread, a thousand of them, on several models") {
  Followed f;
  f.ship("first");
  const Model one(f.client, "acme/sentiment", text_of);
  const Model other(f.client, "acme/sentiment@^1", text_of);
  std::deque<Handle<std::string>> handles;
  for (int i = 0; i < 500; ++i) {
    handles.emplace_back(one.reloader());
    handles.emplace_back(other.reloader());
  }
  f.ship("second");
  CHECK(one.wait_for(Selector::parse("1.1.0"), kLong));
  CHECK(other.wait_for(Selector::parse("1.1.0"), kLong));
  for (const auto& handle : handles) CHECK(*handle == "first");
  CHECK(*one.get() == "second");
  CHECK(one.reloader().borrowed());
  handles.clear();
  CHECK_FALSE(one.reloader().borrowed());
}

}  // namespace algoctl::test
