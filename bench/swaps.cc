// swaps FOLDER COUNT: what many reloads leave behind. Prints, separated by tabs: resident bytes
// after a tenth of the swaps and after all, the most files of the store that were open at one time,
// and seconds.

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "shipping.h"

namespace algoctl::bench {
namespace {

constexpr std::size_t kSize = 100'000;  // bytes of a model
const Version kFirst(1, 0, 0);
const Version kSecond(1, 1, 0);

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

/// Another process, which moves the channel whenever it is told to: what it needs is not counted.
class Promoter {
 public:
  Promoter(const std::string& folder, int count) {
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends_) != 0 ||
        (child_ = ::fork()) < 0) {
      throw Error(Code::storage, "cannot start the process that promotes");
    }
    if (child_ != 0) {
      ::close(ends_[1]);
      wait();
      return;
    }
    ::close(ends_[0]);
    ::_exit(work(folder, count));
  }
  ~Promoter() {
    ::close(ends_[0]);
    ::waitpid(child_, nullptr, 0);
  }

  /// Moves the channel, and returns when that is done.
  void promote() {
    static_cast<void>(::write(ends_[0], "p", 1));
    wait();
  }

 private:
  void wait() const {
    char done = 0;
    if (::read(ends_[0], &done, 1) != 1) throw Error(Code::busy, "nobody promotes any more");
  }

  int work(const std::string& folder, int count) const try {
    Shipping shipping(folder);
    Version versions[2] = {kFirst, kFirst};
    for (int i = 0; i < 2; ++i) {
      const std::string path = folder + "/model-" + std::to_string(i) + ".bin";
      std::ofstream(path) << std::string(kSize, static_cast<char>('a' + i));
      versions[i] = shipping.ship(path);
    }
    for (int n = 0; n <= count; ++n) {
      shipping.promote(versions[n % 2]);
      char next = 0;
      if (::write(ends_[1], "d", 1) != 1 || ::read(ends_[1], &next, 1) != 1) break;
    }
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "swaps: " << error.what() << '\n';
    return 1;
  }

  int ends_[2] = {-1, -1};
  pid_t child_ = -1;
};

void run(const std::string& folder, int count) {
  Promoter promoter(folder, count);
  const Client client(Shipping::options(folder));
  const Model<std::string> model(client, "acme/sentiment@stable", [](const Files& files) {
    std::string bytes(kSize, '\0');
    std::ifstream(files.path(), std::ios::binary).read(bytes.data(), kSize);
    return bytes;
  });
  const std::string objects =
      std::filesystem::canonical(std::filesystem::path(folder) / "home" / "store" / "objects")
          .string();
  std::int64_t early = 0;
  int most_open = 0;
  const auto start = std::chrono::steady_clock::now();
  for (int n = 1; n <= count; ++n) {
    promoter.promote();
    const Version next = n % 2 == 0 ? kFirst : kSecond;
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
