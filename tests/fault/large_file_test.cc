#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "base/text.h"
#include "support/shop.h"

namespace fs = std::filesystem;

namespace algoctl::test {
namespace {

struct Usage {
  int exit;
  long peak_kib;
};

/// Runs the program in the shop and says how much memory it took at most.
Usage measure(const Shop& shop, Arguments arguments) {
  arguments.insert(arguments.begin(), ALGOCTL_PROGRAM);
  std::vector<char*> words;
  for (std::string& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  std::vector<std::string> lines;
  for (const auto& [name, value] : shop.inside().env) lines.push_back(name + "=" + value);
  std::vector<char*> environment;
  for (std::string& line : lines) environment.push_back(line.data());
  environment.push_back(nullptr);
  const std::string folder = shop.work();
  const pid_t child = ::fork();
  if (child == 0) {
    const int nothing = ::open("/dev/null", O_RDWR);
    for (const int fd : {0, 1, 2}) ::dup2(nothing, fd);
    if (::chdir(folder.c_str()) != 0) ::_exit(126);
    ::execve(words[0], words.data(), environment.data());
    ::_exit(127);
  }
  int status = 0;
  rusage usage{};
  REQUIRE(::wait4(child, &status, 0, &usage) == child);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), usage.ru_maxrss};
}

std::string path_of_digest(const Shop& shop, const std::string& hex) {
  return shop.home() + "/store/objects/sha256/" + hex.substr(0, 2) + "/" + hex;
}

}  // namespace

TEST_CASE("large file: 4 GiB and a byte, sparse, in little memory") {
  const Shop shop;
  shop.answer({"init", "acme/sentiment"});
  constexpr std::int64_t kSize = (std::int64_t{4} << 30) + 1;
  const std::string path = shop.write("huge.bin", "the beginning");
  REQUIRE(::truncate(path.c_str(), kSize) == 0);
  const Usage usage = measure(shop, {"upload", "huge.bin"});
  REQUIRE(usage.exit == 0);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  CHECK(usage.peak_kib < 32 * 1024);
#endif
  CHECK(shop.answer({"publish"}) == "1.0.0");
  CHECK(shop.answer({"show", "@1.0.0", "models.model.size"}) == std::to_string(kSize));
  struct stat info {};
  const std::string hex = shop.answer({"show", "@1.0.0", "models.model.sha256"});
  REQUIRE(::stat(path_of_digest(shop, hex).c_str(), &info) == 0);
  CHECK(info.st_size == kSize);
  CHECK(info.st_blocks * 512 < std::int64_t{64} << 20);
}

TEST_CASE("large file: 70 MiB of standard input, in little memory") {
  const Shop shop;
  shop.answer({"init", "acme/sentiment"});
  std::string bytes(std::size_t{70} << 20, 's');
  bytes.replace(bytes.size() - 3, 3, "end");
  CHECK(shop.answer({"upload", "-", "--as", "in.bin"}, {.input = bytes}) ==
        "data://acme/sentiment/in.bin");
  const std::string hex = sha256_of(bytes);
  CHECK(shop.answer({"resolve", "data://acme/sentiment/in.bin"}) == "sha256:" + hex);
  CHECK(fs::file_size(path_of_digest(shop, hex)) == bytes.size());
  CHECK(shop.answer({"pull", "--to", "out.bin"}) == "out.bin");
  CHECK(shop.read("out.bin") == bytes);
}

TEST_CASE("large file: an unchanged one is not read again") {
  const Shop shop;
  shop.answer({"init", "acme/sentiment"});
  const std::string path = shop.write("m.bin", std::string(std::size_t{8} << 20, 'm'));
  // Long unchanged: a file that is younger than its clock's grain is never trusted.
  fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::hours(1));
  shop.answer({"upload", "m.bin"});
  const std::string trace = shop / "trace";
  Arguments command = {"strace",
                       "-f",
                       "-y",
                       "-qq",
                       "-e",
                       "trace=read,pread64,readv,mmap,"
                       "copy_file_range,sendfile,splice",
                       "-o",
                       trace,
                       ALGOCTL_PROGRAM,
                       "upload",
                       "m.bin"};
  const auto result = run(command, shop.inside());
  if (result.exit != 0 && !fs::exists(trace)) {
    MESSAGE("skipped: no strace");
    return;
  }
  CHECK(result.out == "data://acme/sentiment/m.bin\n");
  const std::string calls = test::read(trace);
  CHECK(calls.find("registry.db") != std::string::npos);  // it does see what is read
  CHECK(calls.find("m.bin") == std::string::npos);
  shop.write("m.bin", std::string(std::size_t{8} << 20, 'n'));
  run(command, shop.inside());
  CHECK(test::read(trace).find("m.bin") != std::string::npos);  // and now it was
}

}  // namespace algoctl::test
