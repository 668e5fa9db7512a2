#include "store/side_by_side.h"

#include <doctest/doctest.h>
#include <signal.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "algoctl/error.h"
#include "unit/core/failure.h"

namespace algoctl::test {
namespace {

using Sizes = std::vector<std::int64_t>;

/// Lets nobody through until so many wait.
class Gate {
 public:
  explicit Gate(int wanted) : wanted_(wanted) {}
  void pass() {
    std::unique_lock lock(mutex_);
    ++there_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return there_ >= wanted_; });
  }

 private:
  int wanted_;
  int there_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
};

void wait_until_stopped(const TransferOptions& share) {
  while (!*share.stop) std::this_thread::yield();
  throw Error(Code::interrupted, "interrupted");
}

}  // namespace

TEST_CASE("side by side: each is done once, as many at a time as the width says") {
  Gate gate(4);
  std::mutex mutex;
  std::multiset<std::size_t> seen;
  std::set<std::thread::id> threads;
  side_by_side(Sizes(20), 4, {}, [&](std::size_t i, const TransferOptions&) {
    if (i < 4) gate.pass();  // ends only when four are under way
    const std::lock_guard lock(mutex);
    seen.insert(i);
    threads.insert(std::this_thread::get_id());
  });
  CHECK(seen.size() == 20);
  CHECK(std::set<std::size_t>(seen.begin(), seen.end()).size() == 20);
  CHECK(threads.size() == 4);
  CHECK(threads.count(std::this_thread::get_id()) == 0);
}

TEST_CASE("side by side: with a width of one all is in order, on the calling thread") {
  std::vector<std::size_t> seen;
  const auto here = std::this_thread::get_id();
  std::atomic<bool> stop{false};
  std::vector<std::int64_t> told;
  TransferOptions options;
  options.stop = &stop;
  options.progress = [&](std::int64_t done) { told.push_back(done); };
  side_by_side({10, 10, 10}, 1, options, [&](std::size_t i, const TransferOptions& share) {
    CHECK(std::this_thread::get_id() == here);
    CHECK(share.stop == &stop);
    share.progress(5);
    share.progress(10);
    seen.push_back(i);
  });
  CHECK(seen == std::vector<std::size_t>{0, 1, 2});
  CHECK(told == std::vector<std::int64_t>{5, 10, 15, 20, 25, 30});
  side_by_side(Sizes(0), 16, {},
               [](std::size_t, const TransferOptions&) { FAIL("there is nothing"); });
}

TEST_CASE("side by side: progress is one sum, told on the calling thread") {
  const auto here = std::this_thread::get_id();
  std::atomic<std::int64_t> told{0};
  TransferOptions options;
  options.progress = [&](std::int64_t done) {
    CHECK(std::this_thread::get_id() == here);
    told = done;
  };
  side_by_side({7, 7}, 2, options, [&](std::size_t, const TransferOptions& share) {
    share.progress(3);
    share.progress(7);
    while (told < 14) std::this_thread::yield();
  });
  CHECK(told == 14);
}

TEST_CASE("side by side: one that fails ends the others soon, and alone is to blame") {
  Gate gate(3);
  std::atomic<int> begun{0};
  CHECK(failure([&] {
          side_by_side(Sizes(100), 3, {}, [&](std::size_t i, const TransferOptions& share) {
            ++begun;
            gate.pass();
            if (i == 1) throw Error(Code::storage, "the second is broken", "mend it");
            wait_until_stopped(share);
          });
        }) == "storage: the second is broken | mend it");
  CHECK(begun == 3);
}

TEST_CASE("side by side: of several that fail the first in order is told of") {
  Gate gate(4);
  CHECK(failure([&] {
          side_by_side(Sizes(4), 4, {}, [&](std::size_t i, const TransferOptions&) {
            gate.pass();
            throw Error(Code::storage, "number " + std::to_string(i));
          });
        }) == "storage: number 0");
}

TEST_CASE("side by side: the caller's stop ends all") {
  std::atomic<bool> stop{false};
  TransferOptions options;
  options.stop = &stop;
  CHECK(failure([&] {
          side_by_side(Sizes(2), 2, options, [&](std::size_t, const TransferOptions& share) {
            stop = true;
            wait_until_stopped(share);
          });
        }) == "interrupted: interrupted");
  int begun = 0;
  CHECK(failure([&] {
          side_by_side(Sizes(3), 1, options, [&](std::size_t, const TransferOptions&) { ++begun; });
        }) == "interrupted: interrupted");
  CHECK(begun == 0);
}

TEST_CASE("side by side: what the caller's progress throws ends all, and is thrown") {
  TransferOptions options;
  options.progress = [](std::int64_t) { throw Error(Code::usage, "enough"); };
  CHECK(failure([&] {
          side_by_side(Sizes(2), 2, options, [&](std::size_t, const TransferOptions& share) {
            wait_until_stopped(share);
          });
        }) == "usage: enough");
}

TEST_CASE("side by side: signals are for the threads of the program") {
  std::atomic<int> quiet{0};
  side_by_side(Sizes(4), 4, {}, [&](std::size_t, const TransferOptions&) {
    sigset_t blocked;
    sigemptyset(&blocked);
    pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
    quiet += sigismember(&blocked, SIGTERM) == 1 ? 1 : 0;
  });
  CHECK(quiet == 4);
}

}  // namespace algoctl::test
