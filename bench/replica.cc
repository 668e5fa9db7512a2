// replica follow FOLDER: a process that follows acme/sentiment@stable and prints a line for each
// thing that it does: `loading`, `prepared`, `switched` or `failed`, the version, and when, in
// nanoseconds since 1970, separated by tabs. It ends with its standard input.
// replica promote FOLDER VERSION: makes `stable` name the version, and prints when that was done.

#include <unistd.h>

#include <chrono>
#include <fstream>
#include <iostream>
#include <mutex>

#include "shipping.h"

namespace algoctl::bench {
namespace {

constexpr std::size_t kSize = 100'000;  // bytes of a model

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

void follow(const std::string& folder) {
  static const char* const kNames[] = {"loading", "prepared", "switched", "failed", "stale"};
  ModelOptions<std::string> options;
  options.name = "bench";
  options.on_event = [](const ReloadEvent& event) {
    const std::int64_t now = now_ns();
    std::cout << std::string(kNames[static_cast<int>(event.kind)]) + "\t" +
                     (event.version ? event.version->str() : "") + "\t" + std::to_string(now) + "\n"
              << std::flush;
  };
  const Client client(Shipping::options(folder));
  const Model<std::string> model(
      client, "acme/sentiment@stable",
      [](const Files& files) {
        std::string bytes(kSize, '\0');
        std::ifstream(files.path(), std::ios::binary).read(bytes.data(), kSize);
        return bytes;
      },
      options);
  std::cin.get();
}

void promote(const std::string& folder, const std::string& version) {
  Client client(Shipping::options(folder));
  PromoteOptions promote{Reference::parse("acme/sentiment@" + version), "stable", {}, {}, {}};
  promote.force = true;
  client.promote(promote);
  std::cout << now_ns() << '\n';
}

}  // namespace
}  // namespace algoctl::bench

int main(int argc, char** argv) {
  const std::string verb = argc > 2 ? argv[1] : "";
  try {
    if (verb == "follow" && argc == 3) {
      algoctl::bench::follow(argv[2]);
    } else if (verb == "promote" && argc == 4) {
      algoctl::bench::promote(argv[2], argv[3]);
    } else {
      std::cerr << "usage: replica follow FOLDER | replica promote FOLDER VERSION\n";
      return 2;
    }
  } catch (const std::exception& error) {
    std::cerr << "replica: " << error.what() << '\n';
    return 1;
  }
}
