#include "reload/readers.h"

#include <doctest/doctest.h>

#include <deque>
#include <memory>
#include <thread>
#include <vector>

namespace algoctl::test {
namespace {

ModelVersion version(const std::string& bytes = "model") {
  return {std::nullopt, Digest::of(bytes)};
}

}  // namespace

TEST_CASE("Borrowing: a snapshot is borrowed as long as one of its borrowings is there") {
  Snapshot first(version());
  Snapshot second(version());
  Current current;
  CHECK(current.exchange(&first) == nullptr);
  {
    const Borrowing outer(current);
    CHECK(outer.snapshot() == &first);
    {
      const Borrowing inner(current);
      CHECK(current.exchange(&second) == &first);
      CHECK(inner.snapshot() == &first);
      const Borrowing later(current);
      CHECK(later.snapshot() == &second);
      CHECK(is_borrowed(&second));
    }
    CHECK(is_borrowed(&first));
    CHECK_FALSE(is_borrowed(&second));
  }
  CHECK_FALSE(is_borrowed(&first));
}

TEST_CASE("Borrowing: of nothing there is nothing to borrow") {
  const Current current;
  const Borrowing none(current);
  const Borrowing another(current);
  CHECK(none.snapshot() == nullptr);
}

TEST_CASE("Borrowing: the eighth and all later ones of a thread are shares") {
  Snapshot snapshot(version());
  Current current;
  current.exchange(&snapshot);
  {
    std::deque<Borrowing> many;
    for (int i = 0; i < 1000; ++i) many.emplace_back(current);
    CHECK(snapshot.shares == 993);
    CHECK(is_borrowed(&snapshot));
    // In the order in which nobody expects it.
    while (many.size() > 500) many.pop_front();
    CHECK(snapshot.shares == 500);
    CHECK_FALSE(is_borrowed(&snapshot));
  }
  CHECK(snapshot.shares == 0);
}

TEST_CASE("Borrowing: one that outlives its thread still holds, and another thread ends it") {
  Snapshot snapshot(version());
  Current current;
  current.exchange(&snapshot);
  std::unique_ptr<Borrowing> left;
  std::thread([&] { left = std::make_unique<Borrowing>(current); }).join();
  CHECK(is_borrowed(&snapshot));
  // Threads that come later take the idle slots of those that ended, never one that is in use.
  for (int i = 0; i < 20; ++i) {
    std::thread([&] { const Borrowing borrowing(current); }).join();
  }
  CHECK(is_borrowed(&snapshot));
  left.reset();
  CHECK_FALSE(is_borrowed(&snapshot));
}

TEST_CASE("Borrowing: a swap under many readers never takes what one of them has") {
  // Each value says of itself whether it was destroyed.
  struct Value {
    Snapshot snapshot{version()};
    std::atomic<bool> alive{true};
  };
  constexpr int kSwaps = 2000;
  std::vector<std::unique_ptr<Value>> values;
  for (int i = 0; i <= kSwaps; ++i) {
    values.push_back(std::make_unique<Value>());
    values.back()->snapshot.object = values.back().get();
  }
  Current current;
  current.exchange(&values[0]->snapshot);
  std::atomic<bool> stop{false};
  std::atomic<int> dead{0};
  std::atomic<std::int64_t> reads{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      while (!stop) {
        const Borrowing borrowing(current);
        const auto* const value = static_cast<const Value*>(borrowing.snapshot()->object);
        if (!value->alive.load(std::memory_order_relaxed)) ++dead;
        ++reads;
      }
    });
  }
  for (int i = 1; i <= kSwaps; ++i) {
    const Snapshot* const old = current.exchange(&values[static_cast<std::size_t>(i)]->snapshot);
    while (is_borrowed(old)) std::this_thread::yield();
    static_cast<Value*>(old->object)->alive.store(false, std::memory_order_relaxed);
    // Every reader has been round since, now and then.
    if (i % 100 == 0) {
      for (const std::int64_t seen = reads; reads < seen + 100;) std::this_thread::yield();
    }
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
  CHECK(dead == 0);
}

}  // namespace algoctl::test
