#pragma once

#include <chrono>
#include <cstdint>
#include <random>

#include "support/shop.h"

namespace algoctl::test {

/// How many times fewer instants with a sanitizer, to which a killed process reports nothing.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kFewer = 3;
#else
constexpr int kFewer = 1;
#endif

/// The instants at which a command is killed: the same in every run, as fractions of its time.
class Instants {
 public:
  using Nanoseconds = std::chrono::nanoseconds;

  explicit Instants(std::uint32_t seed) : random_(seed) {}

  Nanoseconds next(Nanoseconds whole);

 private:
  std::mt19937 random_;
};

/// How long a command takes, which must succeed.
std::chrono::nanoseconds time_of(const Shop& shop, const Arguments& arguments);

/// Runs a command and kills it after that time.
void kill_after(const Shop& shop, Arguments arguments, std::chrono::nanoseconds delay);

/// Bytes of which every page is another one, the same for the same seed.
std::string patterned(std::size_t size, std::uint32_t seed);

}  // namespace algoctl::test
