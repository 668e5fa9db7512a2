#include "signals.h"

#include <signal.h>
#include <unistd.h>

namespace algoctl::cli {

namespace {

std::atomic<bool> stop{false};
std::atomic<int> stop_signal{0};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free,
              "a signal handler may touch nothing else");

void on_signal(int number) {
  if (stop.exchange(true)) ::_exit(128 + number);
  stop_signal = number;
}

}  // namespace

void catch_signals() {
  struct sigaction action = {};
  ::sigemptyset(&action.sa_mask);
  action.sa_handler = on_signal;  // without SA_RESTART: a wait ends, and its loop sees the flag
  for (const int number : {SIGINT, SIGTERM}) {
    struct sigaction before = {};
    // Who started us with SIGINT ignored (`nohup`, a shell's `&`) wants it to stay so.
    if (::sigaction(number, nullptr, &before) == 0 && before.sa_handler == SIG_IGN) continue;
    ::sigaction(number, &action, nullptr);
  }
  action.sa_handler = SIG_IGN;
  // A write beyond `ulimit -f` fails then, and its error says so.
  for (const int number : {SIGPIPE, SIGXFSZ}) ::sigaction(number, &action, nullptr);
}

const std::atomic<bool>& stop_flag() noexcept { return stop; }

int interrupted_status() noexcept { return 128 + (stop_signal == 0 ? SIGINT : stop_signal.load()); }

}  // namespace algoctl::cli
