// reload_latency FOLDER WAY SECONDS: how long a call takes that uses a model of 96 MiB, by two
// threads of a service with some ten thousand calls a second. WAY: `none`, nothing is reloaded;
// `model`, an algoctl::Model that is reloaded every half second; `returned`, the same with a loader
// that takes its memory from the kernel and gives it back; `inside`, a call reloads when half a
// second is over, into new memory, as code without a library does. Prints the 99.99th percentile
// and the worst in nanoseconds, and how often it was reloaded.

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
using Bytes = std::vector<char>;
using Weights = std::unique_ptr<Bytes, std::function<void(Bytes*)>>;

constexpr std::int64_t kSize = std::int64_t{96} << 20;
constexpr std::chrono::milliseconds kPeriod{500};
constexpr std::chrono::microseconds kBetweenCalls{50};

/// Loads models into the memory of those that ended, as a service does that cannot be halted: while
/// 96 MiB go back to the kernel no thread of the process runs undisturbed. `keep` false: into new
/// memory each time.
class Loader : public std::enable_shared_from_this<Loader> {
 public:
  explicit Loader(bool keep) : keep_(keep) {}

  Weights load(const std::string& path) {
    Weights weights = take();
    std::ifstream(path, std::ios::binary).read(weights->data(), kSize);
    return weights;
  }

 private:
  Weights take() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) idle_.push_back(std::make_unique<Bytes>(static_cast<std::size_t>(kSize)));
    Bytes* const bytes = idle_.back().release();
    idle_.pop_back();
    // The last model may be destroyed after everything else.
    return {bytes, [self = shared_from_this()](Bytes* done) {
              self->give_back(std::unique_ptr<Bytes>(done));
            }};
  }

  void give_back(std::unique_ptr<Bytes> bytes) {
    const std::lock_guard lock(mutex_);
    if (keep_) idle_.push_back(std::move(bytes));
  }

  const bool keep_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Bytes>> idle_;
};

/// What a prediction touches: some lines, all over the model.
std::int64_t predict(const Bytes& weights, std::uint64_t& place) {
  std::int64_t sum = 0;
  for (int i = 0; i < 64; ++i) {
    place = place * 6364136223846793005U + 1442695040888963407U;
    sum += weights[(place >> 20) % weights.size()];
  }
  return sum;
}

/// Two threads call until `end`; all the times in nanoseconds.
std::vector<std::int64_t> call(const std::function<std::int64_t(std::uint64_t&)>& body,
                               Clock::time_point end) {
  std::vector<std::int64_t> all;
  std::mutex mutex;
  std::vector<std::thread> threads;
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    threads.emplace_back([&, seed] {
      std::vector<std::int64_t> taken;
      taken.reserve(1'000'000);
      std::uint64_t place = seed;
      std::int64_t sum = 0;
      for (auto now = Clock::now(); now < end; now = Clock::now()) {
        sum += body(place);
        taken.push_back((Clock::now() - now).count());
        std::this_thread::sleep_for(kBetweenCalls);
      }
      const std::lock_guard lock(mutex);
      all.insert(all.end(), taken.begin(), taken.end());
      if (sum == 1) std::cerr << ' ';  // it must not be left out
    });
  }
  for (std::thread& thread : threads) thread.join();
  return all;
}

void print(std::vector<std::int64_t>& taken, std::int64_t reloads) {
  const auto place = taken.begin() + static_cast<std::ptrdiff_t>(taken.size() * 9999 / 10000);
  std::nth_element(taken.begin(), place, taken.end());
  const std::int64_t high = *place;
  std::cout << high << '\t' << *std::max_element(place, taken.end()) << '\t' << reloads << '\n';
}

/// Moves the channel to and fro until `end`, half a second after the model has come.
void keep_reloading(Shipping& shipping, const Model<Weights>& model, const Version (&versions)[2],
                    Clock::time_point end) {
  for (int n = 1; Clock::now() < end; ++n) {
    shipping.promote(versions[n % 2]);
    if (!model.wait_for(Selector::exactly(versions[n % 2]), std::chrono::seconds(60))) return;
    std::this_thread::sleep_until(std::min(end, Clock::now() + kPeriod));
  }
}

void run(const std::string& folder, const std::string& way, int seconds) {
  Shipping shipping(folder);
  std::string paths[2];
  Version versions[2] = {Version(1, 0, 0), Version(1, 0, 0)};
  for (int i = 0; i < 2; ++i) {
    paths[i] = folder + "/model-" + std::to_string(i) + ".bin";
    std::ofstream(paths[i], std::ios::binary)
        << std::string(static_cast<std::size_t>(kSize), static_cast<char>('a' + i));
    versions[i] = shipping.ship(paths[i]);
  }
  shipping.promote(versions[0]);
  const auto length = std::chrono::seconds(seconds);
  std::vector<std::int64_t> taken;
  const auto loader = std::make_shared<Loader>(way == "none" || way == "model");
  if (way == "inside") {
    std::mutex mutex;
    Weights weights = loader->load(paths[0]);
    auto loaded_at = Clock::now();
    std::int64_t reloads = 0;
    taken = call(
        [&](std::uint64_t& place) {
          const std::lock_guard lock(mutex);
          if (Clock::now() - loaded_at > kPeriod) {
            weights = loader->load(paths[++reloads % 2]);
            loaded_at = Clock::now();
          }
          return predict(*weights, place);
        },
        Clock::now() + length);
    return print(taken, reloads);
  }
  const Model<Weights> model(shipping.client(), "acme/sentiment@stable",
                             [loader](const Files& files) { return loader->load(files.path()); });
  const auto end = Clock::now() + length;
  std::thread reloading;
  if (way != "none") {
    reloading = std::thread([&] { keep_reloading(shipping, model, versions, end); });
  }
  taken = call([&](std::uint64_t& place) { return predict(**model.get(), place); }, end);
  if (reloading.joinable()) reloading.join();
  print(taken, model.status().counts.switches - 1);
}

}  // namespace
}  // namespace algoctl::bench

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: reload_latency FOLDER none|model|returned|inside SECONDS\n";
    return 2;
  }
  try {
    algoctl::bench::run(argv[1], argv[2], std::stoi(argv[3]));
  } catch (const std::exception& error) {
    std::cerr << "reload_latency: " << error.what() << '\n';
    return 1;
  }
}
