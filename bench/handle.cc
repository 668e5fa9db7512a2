// handle FOLDER: what a borrowed model costs, beside a clock read and a mutex around a shared
// pointer in the same process. Prints a line for each kind: name and nanoseconds for one, the
// median of many batches, separated by a tab.

#include <algorithm>
#include <chrono>
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "shipping.h"

namespace algoctl::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kRounds = 30;  // all kinds take turns
constexpr int kBatches = 40;
constexpr int kCalls = 20'000;

struct Kind {
  const char* name;
  int threads;
  std::function<void()> batch;  ///< kCalls of it
  std::vector<double> nanoseconds = {};
};

/// Several threads at it at once; what one batch took in each.
void measure(Kind& kind) {
  std::mutex mutex;
  std::atomic<int> ready{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < kind.threads; ++i) {
    threads.emplace_back([&] {
      std::vector<double> taken;
      ++ready;
      while (ready < kind.threads) std::this_thread::yield();
      for (int n = 0; n < kBatches; ++n) {
        const auto start = Clock::now();
        kind.batch();
        const std::chrono::duration<double, std::nano> time = Clock::now() - start;
        taken.push_back(time.count() / kCalls);
      }
      const std::lock_guard lock(mutex);
      kind.nanoseconds.insert(kind.nanoseconds.end(), taken.begin(), taken.end());
    });
  }
  for (std::thread& thread : threads) thread.join();
}

double median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// The usual way: a lock, and a count that all threads write.
struct Shared {
  std::mutex mutex;
  std::shared_ptr<const std::int64_t> model = std::make_shared<const std::int64_t>(1);
  std::shared_ptr<const std::int64_t> get() {
    const std::lock_guard lock(mutex);
    return model;
  }
};

void run(const std::string& folder) {
  Shipping shipping(folder);
  const std::string path = folder + "/model.bin";
  std::ofstream(path) << "model";
  shipping.ship(path);
  const Model<std::int64_t> model(shipping.client(), "acme/sentiment",
                                  [](const Files&) { return std::int64_t{1}; });
  Shared shared;
  std::atomic<std::int64_t> sink{0};
  const auto borrow = [&] {
    std::int64_t sum = 0;
    for (int i = 0; i < kCalls; ++i) sum += *model.get();
    sink += sum;
  };
  const auto lock = [&] {
    std::int64_t sum = 0;
    for (int i = 0; i < kCalls; ++i) sum += *shared.get();
    sink += sum;
  };
  const auto clock = [&] {
    std::int64_t sum = 0;
    for (int i = 0; i < kCalls; ++i) sum += Clock::now().time_since_epoch().count();
    sink += sum;
  };
  std::vector<Kind> kinds = {{"handle, one thread", 1, borrow},
                             {"handle, two threads", 2, borrow},
                             {"mutex, two threads", 2, lock},
                             {"clock", 1, clock}};
  for (int round = 0; round < kRounds; ++round) {
    for (Kind& kind : kinds) measure(kind);
  }
  for (Kind& kind : kinds) std::cout << kind.name << '\t' << median(kind.nanoseconds) << '\n';
}

}  // namespace
}  // namespace algoctl::bench

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: handle FOLDER\n";
    return 2;
  }
  try {
    algoctl::bench::run(argv[1]);
  } catch (const std::exception& error) {
    std::cerr << "handle: " << error.what() << '\n';
    return 1;
  }
}
