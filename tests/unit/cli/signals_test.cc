#include "signals.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "algoctl/error.h"
#include "process.h"

namespace algoctl::cli {
namespace {

/// Runs `body` in a process of its own, whose signals are its own too. Returns its exit status.
template <typename Body>
int in_child(Body body) {
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(body());
  int status = 0;
  REQUIRE(::waitpid(pid, &status, 0) == pid);
  return WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

TEST_CASE("signals: the first sets the flag") {
  for (const int number : {SIGINT, SIGTERM}) {
    CHECK(in_child([&] {
            catch_signals();
            ::raise(number);
            return stop_flag() ? interrupted_status() : 99;
          }) == 128 + number);
  }
}

TEST_CASE("signals: the second ends the process at once") {
  CHECK(in_child([] {
          catch_signals();
          ::raise(SIGTERM);
          ::raise(SIGINT);
          return 99;
        }) == 130);
}

TEST_CASE("signals: what was ignored at the start stays ignored") {
  CHECK(in_child([] {
          ::signal(SIGINT, SIG_IGN);
          catch_signals();
          ::raise(SIGINT);
          ::raise(SIGPIPE);
          return stop_flag() ? 99 : interrupted_status();
        }) == 130);
}

TEST_CASE("run_command: a signal ends the command and all that it has started") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::dup2(ends[1], 2);
    ::close(ends[0]);
    ::close(ends[1]);
    catch_signals();
    try {
      run_command("sleep 60 & echo x; sleep 60", {});
    } catch (const Error& error) {
      ::_exit(error.code() == Code::interrupted ? interrupted_status() : 98);
    }
    ::_exit(99);
  }
  ::close(ends[1]);
  char byte = 0;
  CHECK(::read(ends[0], &byte, 1) == 1);  // it runs
  ::kill(pid, SIGTERM);
  int status = 0;
  CHECK(::waitpid(pid, &status, 0) == pid);
  CHECK(WEXITSTATUS(status) == 143);
  while (::read(ends[0], &byte, 1) == 1) continue;  // ends when the last of them has ended
  ::close(ends[0]);
}

}  // namespace algoctl::cli
