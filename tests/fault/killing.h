#pragma once

#include <signal.h>
#include <time.h>

#include <chrono>
#include <random>

#include "support/shop.h"

namespace algoctl::test {

using Nanoseconds = std::chrono::nanoseconds;

/// The instants at which a command is killed: the same in every run, as fractions of its time.
class Instants {
 public:
  explicit Instants(std::uint32_t seed) : random_(seed) {}

  Nanoseconds next(Nanoseconds whole) {
    const double fraction = static_cast<double>(random_()) / static_cast<double>(random_.max());
    return Nanoseconds(static_cast<std::int64_t>(fraction * static_cast<double>(whole.count())));
  }

 private:
  std::mt19937 random_;
};

inline Nanoseconds time_of(const Shop& shop, const Arguments& arguments) {
  const std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now();
  shop.answer(arguments);
  return std::chrono::steady_clock::now() - begin;
}

inline void kill_after(const Shop& shop, Arguments arguments, Nanoseconds delay) {
  arguments.insert(arguments.begin(), ALGOCTL_PROGRAM);
  Process process(arguments, shop.inside());
  const timespec pause{delay.count() / 1000000000, delay.count() % 1000000000};
  ::nanosleep(&pause, nullptr);
  process.send(SIGKILL);
  process.wait();
}

}  // namespace algoctl::test
