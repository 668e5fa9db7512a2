// swaps FOLDER COUNT: what many reloads leave behind. Prints, separated by tabs: resident bytes
// after a tenth of the swaps and after all, the most files of the store that were open at one time,
// and seconds.

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "shipping.h"

namespace algoctl::bench {
namespace {

std::int64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::int64_t all = 0;
  std::int64_t resident = 0;
  file >> all >> resident;
  return resident * ::sysconf(_SC_PAGESIZE);
}

int open_files_below(const std::string& folder) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    const std::string target = std::filesystem::read_symlink(entry, gone).string();
    count += target.compare(0, folder.size(), folder) == 0 ? 1 : 0;
  }
  return count;
}

void run(const std::string& folder, int count) {
  Shipping shipping(folder);
  Version versions[2] = {Version(1, 0, 0), Version(1, 0, 0)};
  for (int i = 0; i < 2; ++i) {
    const std::string path = folder + "/model-" + std::to_string(i) + ".bin";
    std::ofstream(path) << std::string(100'000, static_cast<char>('a' + i));
    versions[i] = shipping.ship(path);
  }
  shipping.promote(versions[0]);
  const Model<std::string> model(shipping.client(), "acme/sentiment@stable",
                                 [](const Files& files) {
                                   std::ifstream file(files.path());
                                   return std::string(std::istreambuf_iterator<char>(file), {});
                                 });
  const std::string objects =
      std::filesystem::canonical(std::filesystem::path(folder) / "home" / "store" / "objects")
          .string();
  std::int64_t early = 0;
  int most_open = 0;
  const auto start = std::chrono::steady_clock::now();
  for (int n = 1; n <= count; ++n) {
    const Version& next = versions[n % 2];
    shipping.promote(next);
    if (!model.wait_for(Selector::exactly(next), std::chrono::seconds(60))) {
      throw Error(Code::busy, "a swap did not come within a minute");
    }
    most_open = std::max(most_open, open_files_below(objects));
    if (n == count / 10) early = resident_bytes();
  }
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  std::cout << early << '\t' << resident_bytes() << '\t' << most_open << '\t' << taken.count()
            << '\n';
}

}  // namespace
}  // namespace algoctl::bench

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: swaps FOLDER COUNT\n";
    return 2;
  }
  try {
    algoctl::bench::run(argv[1], std::stoi(argv[2]));
  } catch (const std::exception& error) {
    std::cerr << "swaps: " << error.what() << '\n';
    return 1;
  }
}
