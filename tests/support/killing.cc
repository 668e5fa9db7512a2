#include "support/killing.h"

#include <signal.h>
#include <time.h>

namespace algoctl::test {

using Clock = std::chrono::steady_clock;

std::chrono::nanoseconds Instants::next(Nanoseconds whole) {
  const double fraction = static_cast<double>(random_()) / static_cast<double>(random_.max());
  return Nanoseconds(static_cast<std::int64_t>(fraction * static_cast<double>(whole.count())));
}

std::chrono::nanoseconds time_of(const Shop& shop, const Arguments& arguments) {
  const Clock::time_point begin = Clock::now();
  shop.answer(arguments);
  return Clock::now() - begin;
}

void kill_after(const Shop& shop, Arguments arguments, std::chrono::nanoseconds delay) {
  arguments.insert(arguments.begin(), ALGOCTL_PROGRAM);
  Process process(arguments, shop.inside());
  const timespec pause{delay.count() / 1000000000, delay.count() % 1000000000};
  ::nanosleep(&pause, nullptr);
  process.send(SIGKILL);
  process.wait();
}

std::string patterned(std::size_t size, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; i += 4096) {
    const auto word = static_cast<std::uint32_t>(random());
    bytes.replace(i, sizeof(word), reinterpret_cast<const char*>(&word), sizeof(word));
  }
  return bytes;
}

}  // namespace algoctl::test
