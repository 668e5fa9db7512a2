// Many reads and many swaps at once, for the sanitizers.

#include <doctest/doctest.h>

#include <array>
#include <memory>
#include <vector>

#include "reload/keeper.h"
#include "unit/reload/followed.h"

namespace algoctl::test {
namespace {

/// A model whose halves say the same as long as it is whole.
struct Twice {
  explicit Twice(std::int64_t n)
      : first(n), values(std::make_unique<std::array<std::int64_t, 64>>()) {
    values->fill(n);
  }
  Twice(Twice&&) noexcept = default;
  ~Twice() {
    if (values) values->fill(-1);
    first = -2;
  }
  std::int64_t first;
  std::unique_ptr<std::array<std::int64_t, 64>> values;
};

}  // namespace

TEST_CASE("Model: ten million reads under reloads never see half a model") {
  constexpr std::int64_t kReads = 10'000'000;
  constexpr int kReaders = 3;
  Followed f;
  f.ship("first");
  f.ship("second");
  f.promote("1.0.0");
  std::atomic<std::int64_t> loads{0};
  ModelOptions<Twice> options;
  options.report = false;
  Model<Twice> model(
      f.client, "acme/sentiment@stable", [&](const Files&) { return Twice(++loads); }, options);
  std::atomic<std::int64_t> wrong{0};
  std::atomic<int> reading{kReaders};
  std::vector<std::thread> readers;
  for (int i = 0; i < kReaders; ++i) {
    readers.emplace_back([&] {
      std::int64_t last = 0;
      for (std::int64_t n = 0; n < kReads / kReaders; ++n) {
        const auto handle = model.get();
        const std::int64_t seen = handle->first;
        // Never an older one than before, and never one that is being taken down.
        if (seen < last || (*handle->values)[static_cast<std::size_t>(n % 64)] != seen) ++wrong;
        last = seen;
        if (n % 1000 == 0 && model.share()->first < seen) ++wrong;
      }
      --reading;
    });
  }
  // As many swaps as come while they read.
  for (bool second = true; reading > 0; second = !second) {
    f.promote(second ? "1.1.0" : "1.0.0");
    CHECK(model.wait_for(Selector::parse(second ? "1.1.0" : "1.0.0"), kLong));
  }
  for (std::thread& reader : readers) reader.join();
  CHECK(wrong == 0);
  CHECK(model.status().counts.switches == loads);
  MESSAGE("swaps: " << loads.load());
}

TEST_CASE("Keeper: thousands of swaps under readers destroy each model once, and none in use") {
  constexpr int kSwaps = 5000;
  std::atomic<int> destroyed{0};
  std::atomic<std::int64_t> wrong{0};
  Current current;
  {
    Keeper keeper({[&](void* model) {
                     delete static_cast<Twice*>(model);
                     ++destroyed;
                   },
                   {},
                   {}});
    const auto next = [](std::int64_t n) {
      auto loaded = std::make_unique<Loaded>(ModelVersion{std::nullopt, Digest::of("model")});
      loaded->object = new Twice(n);
      return loaded;
    };
    current.exchange(next(0).release());
    std::atomic<bool> stop{false};
    std::vector<std::thread> readers;
    for (int i = 0; i < 3; ++i) {
      readers.emplace_back([&] {
        for (std::int64_t last = 0; !stop;) {
          const Borrowing borrowing(current);
          const auto& model = *static_cast<const Twice*>(borrowing.snapshot()->object);
          if (model.first < last || (*model.values)[7] != model.first) ++wrong;
          last = model.first;
        }
      });
    }
    for (int n = 1; n <= kSwaps; ++n) {
      keeper.retire(
          std::unique_ptr<Loaded>(static_cast<Loaded*>(current.exchange(next(n).release()))));
    }
    stop = true;
    for (std::thread& reader : readers) reader.join();
    keeper.retire(std::unique_ptr<Loaded>(static_cast<Loaded*>(current.exchange(nullptr))));
    for (int seen = destroyed; seen <= kSwaps; seen = destroyed) std::this_thread::yield();
  }
  CHECK(wrong == 0);
  CHECK(destroyed == kSwaps + 1);
}

}  // namespace algoctl::test
