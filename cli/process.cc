#include "process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "algoctl/error.h"
#include "base/file.h"
#include "base/text.h"
#include "signals.h"

namespace algoctl::cli {

namespace {

using Variables = std::map<std::string, std::string>;

/// How a child starts: with the signals that we ignore back at their defaults, which it would
/// inherit, and its standard input empty, so that it cannot eat what a shell loop feeds to us.
class Start {
 public:
  Start() {
    posix_spawn_file_actions_init(&files_);
    posix_spawn_file_actions_addopen(&files_, 0, "/dev/null", O_RDONLY, 0);
    posix_spawnattr_init(&attributes_);
    sigset_t defaults;
    sigemptyset(&defaults);
    for (const int number : {SIGPIPE, SIGXFSZ}) sigaddset(&defaults, number);
    posix_spawnattr_setsigdefault(&attributes_, &defaults);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF);
  }
  ~Start() {
    posix_spawnattr_destroy(&attributes_);
    posix_spawn_file_actions_destroy(&files_);
  }
  Start(const Start&) = delete;
  Start& operator=(const Start&) = delete;

  void send(int fd, int to) { posix_spawn_file_actions_adddup2(&files_, to, fd); }
  void drop(int fd) { posix_spawn_file_actions_addopen(&files_, fd, "/dev/null", O_WRONLY, 0); }
  /// A process group of its own, so that all of a shell's children can be ended at once.
  void own_group() {
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }

  /// Returns the child's id, or 0 when the program cannot be run.
  pid_t run(const std::vector<std::string>& arguments, const Variables& variables) {
    std::vector<std::string> lines = environment_with(variables);
    pid_t pid = 0;
    const int error = posix_spawnp(&pid, arguments[0].c_str(), &files_, &attributes_,
                                   pointers(arguments).data(), pointers(lines).data());
    return error == 0 ? pid : 0;
  }

 private:
  static std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> result;
    for (const std::string& text : texts) result.push_back(const_cast<char*>(text.c_str()));
    result.push_back(nullptr);
    return result;
  }

  static std::vector<std::string> environment_with(const Variables& variables) {
    std::vector<std::string> lines;
    for (char** line = environ; *line != nullptr; ++line) {
      const std::string text = *line;
      if (variables.count(text.substr(0, text.find('='))) == 0) lines.push_back(text);
    }
    for (const auto& [name, value] : variables) lines.push_back(name + "=" + value);
    return lines;
  }

  posix_spawn_file_actions_t files_;
  posix_spawnattr_t attributes_;
};

int wait_for(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/// Ends the child when we are asked to stop. A signal just before poll(2) would not wake it, so it
/// looks at the flag a few times a second.
void wait_or_stop(pid_t pid) {
  const Fd handle(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  pollfd event{handle.get(), POLLIN, 0};
  const int interval_ms = handle ? 200 : 20;  // an old kernel: no handle, poll is a mere pause
  siginfo_t info{};
  while (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == 0) {
    if (stop_flag()) {
      ::kill(-pid, SIGTERM);
      wait_for(pid);
      throw Error(Code::interrupted, "interrupted");
    }
    ::poll(&event, 1, interval_ms);
  }
}

}  // namespace

int run_command(const std::string& command, const Variables& variables) {
  Start start;
  start.send(1, 2);
  start.own_group();
  const pid_t pid = start.run({"/bin/sh", "-c", command}, variables);
  if (pid == 0) throw Error(Code::storage, "cannot run /bin/sh");
  wait_or_stop(pid);
  return wait_for(pid);
}

std::optional<std::string> capture(const std::vector<std::string>& arguments,
                                   const Variables& variables) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
  const Fd reading(ends[0]);
  Fd writing(ends[1]);
  Start start;
  start.send(1, writing.get());
  start.drop(2);
  const pid_t pid = start.run(arguments, variables);
  if (pid == 0) return std::nullopt;
  writing = Fd();
  std::string output;
  char buffer[4096];
  for (;;) {
    const ssize_t count = ::read(reading.get(), buffer, sizeof(buffer));
    if (count > 0) output.append(buffer, static_cast<std::size_t>(count));
    if (count == 0 || (count < 0 && errno != EINTR)) break;
    if (stop_flag()) ::kill(pid, SIGTERM);
  }
  const int status = wait_for(pid);
  if (stop_flag()) throw Error(Code::interrupted, "interrupted");
  return status == 0 ? std::optional(output) : std::nullopt;
}

}  // namespace algoctl::cli
