#include "http/run_command.h"

#include <doctest/doctest.h>
#include <poll.h>
#include <unistd.h>

#include <array>

#include "unit/http/played_surroundings.h"

namespace algoctl::http {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLong = std::chrono::seconds(20);

CommandOutput shell(const std::string& script, milliseconds limit = kLong) {
  return run_command({"sh", "-c", script}, limit, nullptr);
}

}  // namespace

TEST_CASE("run_command: takes what a program prints, and how it ends") {
  const CommandOutput good = shell("printf 'a\nb'");
  CHECK(good.text == "a\nb");
  CHECK(good.status == 0);
  CHECK(!good.ended_after);
  CHECK(shell("exit 3").status == 3);
  CHECK(shell("kill -9 $$").status == 128 + 9);
  CHECK(shell("exec >&-; exit 4").status == 4);
  CHECK(shell("cat").text == "");  // its standard input is empty
  CHECK(error_of([] { run_command({"/no/such"}, kLong, nullptr); }) ==
        "cannot start '/no/such': No such file or directory [storage] ");
}

TEST_CASE("run_command: what takes too long is ended, with all that it started") {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);  // whoever lives on keeps it open
  const CommandOutput output = shell("sleep 100 & sleep 100", milliseconds(50));
  CHECK(output.ended_after == milliseconds(50));
  CHECK(shell("exec >&-; sleep 100", milliseconds(50)).ended_after == milliseconds(50));
  CHECK(shell("yes").ended_after == kLong);  // more than anybody can use
  ::close(ends[1]);
  pollfd end{ends[0], POLLIN, 0};
  CHECK(::poll(&end, 1, 20'000) == 1);
  CHECK((end.revents & POLLHUP) != 0);
  ::close(ends[0]);
}

TEST_CASE("run_command: ends when it is to stop") {
  const std::atomic<bool> stop{true};
  CHECK(error_of([&] {
          run_command({"sleep", "100"}, kLong, &stop);
        }) == "interrupted [interrupted] ");
}

}  // namespace algoctl::http
