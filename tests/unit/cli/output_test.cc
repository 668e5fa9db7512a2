#include "output.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "algoctl/error.h"
#include "base/file.h"
#include "support/temporary_folder.h"

namespace algoctl::cli {

TEST_CASE("Output: lines arrive in order, the buffer's rest with flush") {
  const test::TemporaryFolder folder;
  const std::string path = folder / "out";
  const Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  Output output(fd.get());
  output.line("first");
  CHECK(test::read(path) == "");
  std::string want = "first\n";
  for (int i = 0; i < 20000; ++i) {
    output.line(std::to_string(i));
    want += std::to_string(i) + "\n";
  }
  CHECK(test::read(path).size() > 60000);  // long answers are seen while they grow
  output.flush();
  CHECK(test::read(path) == want);
}

TEST_CASE("Output: a reader that has gone is no error") {
  ::signal(SIGPIPE, SIG_IGN);
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  ::close(ends[0]);
  const Fd fd(ends[1]);
  Output output(fd.get());
  output.line("x");
  CHECK_FALSE(output.closed());
  output.flush();
  CHECK(output.closed());
  output.line("y");
  output.flush();
}

TEST_CASE("Output: a full disk is one error, not two") {
  const Fd fd(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  Output output(fd.get());
  output.line("x");
  try {
    output.flush();
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == Code::storage);
    CHECK(error.message() == "cannot write to stdout: No space left on device");
  }
  output.flush();
}

}  // namespace algoctl::cli
