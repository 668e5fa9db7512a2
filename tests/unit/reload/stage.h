#pragma once

#include <doctest/doctest.h>

#include <map>
#include <stdexcept>
#include <vector>

#include "base/text.h"
#include "reload/follower.h"

namespace algoctl::test {
inline ModelVersion model(const std::string& number) {
  return {Version::parse(number), Digest::of(number)};
}

/// What is on offer; each call fails when the test says so.
struct PlayFeed : Feed {
  Outlook look() override {
    if (look_fails) throw Error(Code::storage, "the registry is gone", "bring it back");
    return {model(wanted), announced};
  }
  Files fetch(const ModelVersion& version) override {
    if (fetch_fails || unavailable == version.str()) throw Error(Code::integrity, "other bytes");
    const std::string number = moves_to.empty() ? version.str() : moves_to;
    return {model(number),
            PullResult{
                Algorithm::parse("acme/sentiment"), Version::parse(number), "", {}, std::nullopt}};
  }
  std::vector<HeldFile> hold(const Files&) override {
    ++holds;
    return {};
  }
  [[nodiscard]] bool unchanged(const std::vector<HeldFile>&) const override { return !touched; }
  void wait(std::chrono::milliseconds) override {}
  void wake() noexcept override {}

  std::string wanted = "1.0.0";
  std::optional<AnnouncedSoon> announced;
  std::string moves_to;
  std::string unavailable;
  bool look_fails = false;
  bool fetch_fails = false;
  bool touched = false;
  int holds = 0;
};

/// A Follower with a feed, a clock and models that a test plays.
struct Stage {
  Stage() {
    subject.load = [this](const Files& files) -> void* {
      const std::string number = files.version().str();
      if (loader_says.count(number) > 0) throw std::runtime_error(loader_says[number]);
      log.push_back("load " + number);
      return new std::string(number);
    };
    subject.validate = [this](const void* object) {
      return *static_cast<const std::string*>(object) != invalid;
    };
    subject.warm_up = [this](void* object) {
      log.push_back("warm " + *static_cast<std::string*>(object));
    };
    subject.destroy = [this](void* object) {
      auto* const text = static_cast<std::string*>(object);
      log.push_back("destroy " + *text);
      delete text;
    };
    options.on_event = [this](const ReloadEvent& event) {
      static const char* const kNames[] = {"loading", "prepared", "switched", "failed", "stale"};
      events.push_back(kNames[static_cast<int>(event.kind)] +
                       (event.version ? " " + event.version->str() : ""));
    };
    options.jitter = 0;
  }
  ~Stage() {
    follower.reset();
    if (auto* last = static_cast<Loaded*>(current.exchange(nullptr))) retire(last);
  }

  void retire(Loaded* loaded) {
    subject.destroy(loaded->object);
    delete loaded;
  }

  Follower& start() {
    follower.emplace(
        FollowerParts{feed, subject, options, account, current, "acme/sentiment@stable",
                      [this](std::unique_ptr<Loaded> loaded, bool at_once) {
                        if (at_once) log.push_back("at once");
                        retire(loaded.release());
                      },
                      [] {}, [this] { ++reports; }, [this] { return now; },
                      [] { return std::int64_t{77}; }, [] { return 0.0; }, asked, stop});
    return *follower;
  }

  /// Steps until it waits; how long it would.
  std::int64_t settle() {
    for (int i = 0; i < 100; ++i) {
      const Step step = follower->advance();
      if (step.kind == Step::Kind::wait) return step.until - now;
    }
    FAIL("never waits");
    return 0;
  }
  std::int64_t hear() {
    follower->hear();
    return settle();
  }

  [[nodiscard]] ReloadStatus status() const { return account.read().status; }
  [[nodiscard]] std::string serving() const {
    const Snapshot* const snapshot = current.load();
    return snapshot == nullptr ? "" : *static_cast<const std::string*>(snapshot->object);
  }
  std::string take_log() { return join(std::exchange(log, {}), ", "); }
  std::string take_events() { return join(std::exchange(events, {}), ", "); }

  PlayFeed feed;
  ReloadSubject subject;
  ReloadOptions options;
  Account account;
  Current current;
  std::int64_t now = 100'000;
  std::atomic<bool> asked{false};
  std::atomic<bool> stop{false};
  std::map<std::string, std::string> loader_says;
  std::string invalid;
  std::vector<std::string> log;
  std::vector<std::string> events;
  int reports = 0;
  std::optional<Follower> follower;
};

}  // namespace algoctl::test
