#include "reload/keeper.h"

#include <doctest/doctest.h>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace algoctl::test {
namespace {

/// What a keeper did, for a thread that waits for it.
class Record {
 public:
  void add(const std::string& what) {
    // Under the lock: whoever waits may end this at once.
    const std::lock_guard lock(mutex_);
    all_.push_back({what, std::this_thread::get_id()});
    news_.notify_all();
  }
  /// Waits until it was done `times` times; the thread that did it last.
  std::thread::id wait(const std::string& what, std::size_t times = 1) {
    std::unique_lock lock(mutex_);
    REQUIRE(news_.wait_for(lock, std::chrono::seconds(30), [&] { return count(what) >= times; }));
    for (auto it = all_.rbegin(); it != all_.rend(); ++it) {
      if (it->first == what) return it->second;
    }
    return {};
  }
  [[nodiscard]] std::size_t times(const std::string& what) {
    const std::lock_guard lock(mutex_);
    return count(what);
  }

 private:
  [[nodiscard]] std::size_t count(const std::string& what) const {
    std::size_t n = 0;
    for (const auto& one : all_) n += one.first == what ? 1 : 0;
    return n;
  }
  std::mutex mutex_;
  std::condition_variable news_;
  std::vector<std::pair<std::string, std::thread::id>> all_;
};

std::unique_ptr<Loaded> loaded(int& object) {
  auto one = std::make_unique<Loaded>(ModelVersion{std::nullopt, Digest::of("model")});
  one->object = &object;
  return one;
}

struct Fixture {
  Record record;
  Keeper::Work work{
      [this](void* object) { record.add(std::to_string(*static_cast<int*>(object))); },
      [this] { record.add("report"); }, [this] { record.add("withdraw"); }, std::chrono::hours(1)};
};

}  // namespace

TEST_CASE("Keeper: destroys on a thread of its own what nobody uses") {
  Fixture f;
  int one = 1;
  Keeper keeper(f.work);
  keeper.retire(loaded(one));
  CHECK(f.record.wait("1") != std::this_thread::get_id());
}

TEST_CASE("Keeper: what is borrowed or shared is destroyed when that ends") {
  Fixture f;
  int one = 1;
  int two = 2;
  Keeper keeper(f.work);
  Current current;
  auto first = loaded(one);
  auto second = loaded(two);
  Loaded* const shared = second.get();
  current.exchange(first.get());
  std::optional<Borrowing> borrowing(std::in_place, current);
  shared->shares = 1;
  current.exchange(nullptr);
  keeper.retire(std::move(first));
  CHECK(keeper.in_use());
  keeper.retire(std::move(second));
  int three = 3;
  keeper.retire(loaded(three));
  f.record.wait("3");
  CHECK(f.record.times("1") == 0);
  CHECK(f.record.times("2") == 0);
  borrowing.reset();
  f.record.wait("1");
  CHECK(f.record.times("2") == 0);
  --shared->shares;
  f.record.wait("2");
  CHECK_FALSE(keeper.in_use());
}

TEST_CASE("Keeper: make_room returns when what nobody uses is destroyed") {
  Fixture f;
  int one = 1;
  int two = 2;
  Keeper keeper(f.work);
  auto used = loaded(two);
  Loaded* const shared = used.get();
  shared->shares = 1;
  keeper.retire(loaded(one));
  keeper.retire(std::move(used));
  keeper.make_room();
  CHECK(f.record.times("1") == 1);
  CHECK(f.record.times("2") == 0);
  --shared->shares;
  keeper.make_room();
  CHECK(f.record.times("2") == 1);
}

TEST_CASE("Keeper: what is shared beyond its end is destroyed after it") {
  Fixture f;
  int one = 1;
  auto keeper = std::make_unique<Keeper>(f.work);
  auto last = loaded(one);
  Loaded* const shared = last.get();
  shared->shares = 1;
  keeper->retire(std::move(last));
  keeper.reset();
  CHECK(f.record.times("1") == 0);
  --shared->shares;
  f.record.wait("1");
}

TEST_CASE("Keeper: reports at first, when asked to, and not after its end") {
  Fixture f;
  auto keeper = std::make_unique<Keeper>(f.work);
  f.record.wait("report");
  keeper->report_soon();
  f.record.wait("report", 2);
  keeper->report_now();
  CHECK(f.record.times("report") == 3);
  keeper.reset();
  CHECK(f.record.times("withdraw") == 1);
  CHECK(f.record.times("report") == 3);
}

TEST_CASE("Keeper: without anybody to tell it only destroys") {
  Fixture f;
  f.work.report = nullptr;
  f.work.withdraw = nullptr;
  int one = 1;
  Keeper keeper(f.work);
  keeper.report_soon();
  keeper.retire(loaded(one));
  f.record.wait("1");
}

TEST_CASE("Keeper: retire_now returns when it is destroyed, or at a stop") {
  Fixture f;
  int one = 1;
  int two = 2;
  Keeper keeper(f.work);
  std::atomic<bool> stop{false};
  keeper.retire_now(loaded(one), stop);
  CHECK(f.record.times("1") == 1);
  auto used = loaded(two);
  Loaded* const shared = used.get();
  shared->shares = 1;
  stop = true;
  keeper.retire_now(std::move(used), stop);
  CHECK(f.record.times("2") == 0);
  --shared->shares;
  f.record.wait("2");
}

}  // namespace algoctl::test
