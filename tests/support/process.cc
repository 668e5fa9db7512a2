#include "support/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace algoctl::test {

namespace {

struct Pipe {
  int read = -1;
  int write = -1;
};

Pipe make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("cannot make a pipe");
  return {ends[0], ends[1]};
}

/// A pseudo terminal: `read` is where we see what is shown, `write` is the program's side.
Pipe make_terminal() {
  const int ours = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (ours < 0 || ::grantpt(ours) != 0 || ::unlockpt(ours) != 0) {
    throw std::runtime_error("cannot make a terminal");
  }
  return {ours, ::open(::ptsname(ours), O_RDWR | O_NOCTTY | O_CLOEXEC)};
}

void close_fd(int& fd) {
  if (fd >= 0) ::close(fd);
  fd = -1;
}

long now_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

std::vector<std::string> environment_of(const ProcessOptions& options) {
  std::map<std::string, std::string> variables;
  for (const char* name : {"PATH", "TMPDIR", "ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS",
                           "UBSAN_OPTIONS", "GCOV_PREFIX", "GCOV_PREFIX_STRIP"}) {
    if (const char* value = ::getenv(name)) variables[name] = value;
  }
  for (const auto& [name, value] : options.env) variables[name] = value;
  std::vector<std::string> lines;
  for (const auto& [name, value] : variables) lines.push_back(name + "=" + value);
  return lines;
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (const std::string& text : texts) result.push_back(const_cast<char*>(text.c_str()));
  result.push_back(nullptr);
  return result;
}

/// In the child: gives `fd` the number `to`, or closes that number.
void place(int fd, int to, bool closed) {
  if (closed) {
    ::close(to);
  } else {
    ::dup2(fd, to);
  }
}

}  // namespace

Process::Process(const std::vector<std::string>& arguments, const ProcessOptions& options)
    : input_(options.input),
      hold_input_(options.hold_input),
      deadline_ms_(now_ms() + options.seconds * 1000L) {
  ::signal(SIGPIPE, SIG_IGN);  // a program that closes its input early must not end the test
  Pipe in = options.terminal ? make_terminal() : make_pipe();
  Pipe out = make_pipe();
  Pipe err = options.terminal
                 ? Pipe{::fcntl(in.read, F_DUPFD_CLOEXEC, 3), ::fcntl(in.write, F_DUPFD_CLOEXEC, 3)}
             : options.error_terminal ? make_terminal()
                                      : make_pipe();
  if (options.terminal) std::swap(in.read, in.write);  // of a terminal the child has one side only
  if (!options.stdout_path.empty()) {
    close_fd(out.write);
    out.write = ::open(options.stdout_path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  }
  if (options.stop_reading) close_fd(out.read);
  std::vector<std::string> lines = environment_of(options);
  const std::vector<char*> environment = pointers(lines);
  const std::vector<char*> words = pointers(arguments);
  pid_ = ::fork();
  if (pid_ == 0) {
    // Only what is safe after fork(2) in a process with threads.
    ::signal(SIGPIPE, SIG_DFL);
    place(in.read, 0, options.close_stdin);
    place(out.write, 1, options.close_stdout);
    place(err.write, 2, options.close_stderr);
    if (!options.cwd.empty() && ::chdir(options.cwd.c_str()) != 0) ::_exit(126);
    ::execvpe(words[0], words.data(), environment.data());
    ::_exit(127);
  }
  close_fd(in.read);
  close_fd(out.write);
  close_fd(err.write);
  in_ = in.write;
  out_ = out.read;
  err_ = err.read;
  ::fcntl(in_, F_SETFL, ::fcntl(in_, F_GETFL) | O_NONBLOCK);
  if (pid_ < 0) throw std::runtime_error("cannot fork");
}

Process::~Process() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  for (int* fd : {&in_, &out_, &err_}) close_fd(*fd);
}

void Process::send(int signal) const { ::kill(pid_, signal); }

/// Moves what can be moved. Returns false once both of its outputs have ended.
bool Process::step(int timeout_ms) {
  if (input_.empty() && !hold_input_) close_fd(in_);
  if (out_ < 0 && err_ < 0) return false;
  pollfd events[] = {{input_.empty() ? -1 : in_, POLLOUT, 0}, {out_, POLLIN, 0}, {err_, POLLIN, 0}};
  if (::poll(events, 3, timeout_ms) <= 0) return true;
  if (events[0].revents != 0) {
    const ssize_t count = ::write(in_, input_.data(), input_.size());
    if (count > 0) input_.erase(0, static_cast<std::size_t>(count));
    if (count < 0 && errno != EAGAIN) input_.clear();  // it does not want the rest
  }
  const auto read_some = [](const pollfd& event, int& fd, std::string& text) {
    char buffer[65536];
    if (event.revents == 0) return;
    const ssize_t count = ::read(fd, buffer, sizeof(buffer));
    if (count > 0) {
      text.append(buffer, static_cast<std::size_t>(count));
    } else {
      close_fd(fd);  // the end, or EIO of a terminal whose other side has gone
    }
  };
  read_some(events[1], out_, result_.out);
  read_some(events[2], err_, result_.err);
  return true;
}

void Process::pump(const std::function<bool()>& enough) {
  while (!enough()) {
    if (now_ms() > deadline_ms_) {
      throw std::runtime_error("runs too long; stdout: " + result_.out + " stderr: " + result_.err);
    }
    if (!step(100)) return;
  }
}

void Process::wait_for_out_after(std::size_t offset, const std::string& text) {
  const auto seen = [&] { return result_.out.find(text, offset) != std::string::npos; };
  pump(seen);
  if (!seen()) throw std::runtime_error("never printed " + text + ": " + result_.out);
}

void Process::wait_for_err(const std::string& text) {
  const auto seen = [&] { return result_.err.find(text) != std::string::npos; };
  pump(seen);
  if (!seen()) throw std::runtime_error("never said " + text + ": " + result_.err);
}

void Process::feed() {
  pump([&] { return input_.empty(); });
  if (!input_.empty()) throw std::runtime_error("it ended before it took its input");
}

ProcessResult Process::wait() {
  pump([] { return false; });
  int status = 0;
  for (;;) {
    const pid_t ended = ::waitpid(pid_, &status, WNOHANG);
    if (ended == pid_) break;
    if (now_ms() > deadline_ms_) throw std::runtime_error("does not end");
    ::poll(nullptr, 0, 1);
  }
  pid_ = -1;
  result_.exit = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return result_;
}

ProcessResult run(const std::vector<std::string>& arguments, const ProcessOptions& options) {
  return Process(arguments, options).wait();
}

}  // namespace algoctl::test
