#include "process.h"

#include <doctest/doctest.h>

#include "support/temporary_folder.h"

namespace algoctl::cli {

TEST_CASE("run_command: the shell's exit status") {
  CHECK(run_command("exit 0", {}) == 0);
  CHECK(run_command("exit 7", {}) == 7);
  CHECK(run_command("kill -9 $$", {}) == 128 + 9);
  CHECK(run_command("no-such-program-here 2>/dev/null", {}) == 127);
}

TEST_CASE("run_command: variables are added, standard input is empty") {
  const test::TemporaryFolder folder;
  const int status = run_command(
      "test \"$ALGOCTL_MODEL_MODEL\" = 'a b' && test -n \"$PATH\" && cat > \"$OUT\" && exit 3",
      {{"ALGOCTL_MODEL_MODEL", "a b"}, {"OUT", folder / "out"}});
  CHECK(status == 3);
  CHECK(test::read(folder / "out") == "");
}

TEST_CASE("capture: what a program prints, or nothing when it fails") {
  CHECK(capture({"printf", "a\\nb"}, {}) == "a\nb");
  CHECK(capture({"sh", "-c", "printf %s \"$X\""}, {{"X", "y"}}) == "y");
  CHECK_FALSE(capture({"sh", "-c", "echo x; exit 1"}, {}));
  CHECK_FALSE(capture({"no-such-program-here"}, {}));
  const auto large = capture({"head", "-c", "300000", "/dev/zero"}, {});
  REQUIRE(large);
  CHECK(large->size() == 300000);
}

}  // namespace algoctl::cli
