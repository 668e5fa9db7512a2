// Times processes with as little noise as can be: no shell, no fork of a large parent.
//
// Each line of standard input is one order, its fields separated by tabs:
//   run  FOLDER  OUTPUT  PROGRAM  ARGUMENT…   from before the start until the end of a process
//   first  FOLDER  PROGRAM  ARGUMENT…         from before the start until the first byte it prints
//   append  FILE                              4 KiB to the end of a file, and fdatasync
// Each is answered by one line: exit status, nanoseconds, peak memory in bytes. Status -1: not run.

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Measured {
  int status = -1;
  std::int64_t nanoseconds = 0;
  std::int64_t peak_bytes = 0;
};

std::int64_t since(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start).count();
}

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields(1);
  for (const char c : line) {
    if (c == '\t') {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

Measured run(std::vector<std::string>& fields) {
  Measured measured;
  if (fields.size() < 4) return measured;
  std::vector<char*> arguments;
  for (std::size_t i = 3; i < fields.size(); ++i) arguments.push_back(fields[i].data());
  arguments.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addchdir_np(&actions, fields[1].c_str());
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, fields[2].c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                   0600);
  pid_t child = -1;
  const auto start = Clock::now();
  if (posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ) == 0) {
    int status = 0;
    rusage usage{};
    const bool ended = wait4(child, &status, 0, &usage) == child;
    measured.nanoseconds = since(start);
    if (ended) {
      measured.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    measured.peak_bytes = std::int64_t{usage.ru_maxrss} * 1024;
  }
  posix_spawn_file_actions_destroy(&actions);
  return measured;
}

/// Nobody reads on after the first byte: the program's next write fails, and that is no failure.
Measured first(std::vector<std::string>& fields) {
  Measured measured;
  std::array<int, 2> ends{};
  if (fields.size() < 3 || ::pipe2(ends.data(), O_CLOEXEC) != 0) return measured;
  std::vector<char*> arguments;
  for (std::size_t i = 2; i < fields.size(); ++i) arguments.push_back(fields[i].data());
  arguments.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addchdir_np(&actions, fields[1].c_str());
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  pid_t child = -1;
  const auto start = Clock::now();
  const bool runs =
      posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ) == 0;
  ::close(ends[1]);
  char byte = 0;
  const bool printed = runs && ::read(ends[0], &byte, 1) == 1;
  measured.nanoseconds = since(start);
  ::close(ends[0]);
  int status = 0;
  rusage usage{};
  if (runs && wait4(child, &status, 0, &usage) == child && printed) measured.status = 0;
  measured.peak_bytes = std::int64_t{usage.ru_maxrss} * 1024;
  posix_spawn_file_actions_destroy(&actions);
  return measured;
}

Measured append(const std::vector<std::string>& fields) {
  Measured measured;
  if (fields.size() != 2) return measured;
  const int fd = ::open(fields[1].c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) return measured;
  std::array<char, 4096> bytes{};
  bytes.fill('x');
  const auto start = Clock::now();
  const bool written = ::write(fd, bytes.data(), bytes.size()) == ssize_t{bytes.size()};
  if (written && ::fdatasync(fd) == 0) measured.status = 0;
  measured.nanoseconds = since(start);
  ::close(fd);
  return measured;
}

}  // namespace

int main() {
  std::string line;
  while (std::getline(std::cin, line)) {
    std::vector<std::string> fields = fields_of(line);
    Measured measured;
    if (fields[0] == "run") measured = run(fields);
    if (fields[0] == "first") measured = first(fields);
    if (fields[0] == "append") measured = append(fields);
    std::cout << measured.status << ' ' << measured.nanoseconds << ' ' << measured.peak_bytes
              << std::endl;
  }
}
