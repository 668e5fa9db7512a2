#include "http/run_command.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <utility>

#include "algoctl/error.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"

extern char** environ;

namespace algoctl::http {
namespace {

constexpr std::size_t kLongestOutput = std::size_t{1} << 20;
constexpr std::int64_t kLookMs = 100;  // how often the stop flag is looked at
constexpr int kPauseMs = 10;           // between two looks at a child that says no more

/// A process in a group of its own, which is ended with it.
class Child {
 public:
  Child(const std::vector<std::string>& command, int out) {
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    std::vector<char*> words;
    for (const std::string& each : command) words.push_back(const_cast<char*>(each.c_str()));
    words.push_back(nullptr);
    const int fault =
        ::posix_spawnp(&pid_, words.front(), &files, &attributes, words.data(), environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&files);
    if (fault != 0) throw_errno("cannot start " + quoted(command.front()), fault);
  }
  ~Child() {
    if (status_) return;
    ::kill(-pid_, SIGKILL);
    wait(0);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// As a shell has it, 128+N for signal N; nullopt: it has not ended.
  std::optional<int> status() {
    wait(WNOHANG);
    return status_;
  }

 private:
  void wait(int options) {
    if (status_) return;
    int status = 0;
    pid_t ended = -1;
    do {
      ended = ::waitpid(pid_, &status, options);
    } while (ended < 0 && errno == EINTR);
    if (ended == 0) return;
    status_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }

  pid_t pid_ = 0;
  std::optional<int> status_;
};

/// How long something may take.
class Limit {
 public:
  Limit(std::chrono::milliseconds limit, const std::atomic<bool>* stop)
      : end_(uptime_ms() + limit.count()), stop_(stop) {}

  /// Milliseconds until the next look at it, 0 when it is over. Throws Error{interrupted}.
  [[nodiscard]] int next_look() const {
    if (stop_ != nullptr && stop_->load()) throw Error(Code::interrupted, "interrupted");
    return static_cast<int>(std::clamp<std::int64_t>(end_ - uptime_ms(), 0, kLookMs));
  }

 private:
  std::int64_t end_;
  const std::atomic<bool>* stop_;
};

/// Appends what comes until the end; false when that took too long, or too much came.
bool read_all(int fd, const Limit& limit, std::string& text) {
  std::array<char, 4096> buffer{};
  while (const int wait = limit.next_look()) {
    pollfd event{fd, POLLIN, 0};
    if (::poll(&event, 1, wait) <= 0) continue;
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return true;
    text.append(buffer.data(), static_cast<std::size_t>(got));
    if (text.size() > kLongestOutput) return false;
  }
  return false;
}

}  // namespace

CommandOutput run_command(const std::vector<std::string>& command, std::chrono::milliseconds limit,
                          const std::atomic<bool>* stop) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw_errno("cannot make a pipe", errno);
  const Fd out(ends[0]);
  Fd in(ends[1]);
  const Limit within(limit, stop);
  Child child(command, in.get());
  in = Fd();
  CommandOutput output;
  if (read_all(out.get(), within, output.text)) {
    // It may go on without a word.
    while (within.next_look() > 0) {
      if (const auto status = child.status()) {
        output.status = *status;
        return output;
      }
      ::poll(nullptr, 0, kPauseMs);
    }
  }
  output.ended_after = limit;
  return output;
}

}  // namespace algoctl::http
