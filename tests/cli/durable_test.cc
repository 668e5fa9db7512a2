// What a command that was killed, or a disk that failed, leaves to the next one.

#include <doctest/doctest.h>

#include <filesystem>

#include "support/shop.h"

namespace algoctl::test {
namespace {

struct Traced : Shop {
  Traced() {
    run({"init", "acme/sentiment"});
    write("model.bin", "january");
    run({"upload", "model.bin"});
    run({"publish"});
    write("next.bin", "february");
    run({"upload", "next.bin"});
  }

  void run(const Arguments& arguments) const {
    const ProcessResult result = algoctl(arguments);
    CAPTURE(result.err);
    REQUIRE(result.exit == 0);
  }

  /// The command below strace, which is told `words`; its calls are then in `trace`.
  [[nodiscard]] ProcessResult traced(Arguments words, const Arguments& command) const {
    words.insert(words.begin(), {"strace", "-f", "-y", "-qq", "-o", *this / "trace"});
    words.insert(words.end(), {ALGOCTL_PROGRAM, "-q"});
    words.insert(words.end(), command.begin(), command.end());
    return test::run(words, inside({}));
  }
  [[nodiscard]] std::string calls() const { return test::read(*this / "trace"); }
};

bool has_strace() {
  const bool there = run({"sh", "-c", "command -v strace"}).exit == 0;
  if (!there) MESSAGE("skipped: no strace");
  return there;
}

}  // namespace

TEST_CASE("durable: who finds a killed process's commit brings it to the disk before saying so") {
  if (!has_strace()) return;
  for (const Arguments& command : {Arguments{"publish"}, Arguments{"resolve", "acme/sentiment"}}) {
    CAPTURE(command.front());
    Traced shop;
    static_cast<void>(
        shop.traced({"-e", "inject=fdatasync:signal=KILL:when=1"}, Arguments{"publish"}));
    CHECK(shop.calls().find("SIGKILL") != std::string::npos);
    const ProcessResult again = shop.traced({"-e", "trace=fdatasync,fsync"}, command);
    CHECK(again.exit == 0);
    CHECK(again.out == "1.1.0\n");
    CHECK(shop.calls().find("registry.db-wal>)") != std::string::npos);
    // A writer did that for all who come later; a reader may not be able to.
    shop.run({"publish"});
    CHECK(shop.traced({"-e", "trace=fdatasync,fsync"}, {"resolve", "acme/sentiment"}).exit == 0);
    CHECK(shop.calls().find("registry.db-wal>)") == std::string::npos);
  }
}

TEST_CASE("durable: a commit that the disk refused has not happened") {
  if (!has_strace()) return;
  for (const char* error : {"EIO", "ENOSPC"}) {
    CAPTURE(std::string(error));
    Traced shop;
    const ProcessResult failed = shop.traced(
        {"-e", std::string("inject=fdatasync:error=") + error + ":when=1"}, {"publish"});
    CHECK(failed.exit == 6);
    CHECK(failed.out == "");
    CHECK(shop.algoctl({"list", "acme/sentiment"}).out == "1.0.0\n");
    CHECK(shop.algoctl({"publish"}).out == "1.1.0\n");
    CHECK(shop.algoctl({"verify", "--all"}).exit == 0);
  }
}

TEST_CASE("durable: a registry is made whole or not at all") {
  if (!has_strace()) return;
  Shop shop;
  int failed = 0;
  for (int n = 1;; n += 9) {
    CAPTURE(n);
    std::filesystem::remove_all(shop.home());
    const ProcessResult result =
        run({"strace", "-f", "-qq", "-o", shop / "trace", "-e", "trace=pwrite64", "-e",
             "inject=pwrite64:error=EIO:when=" + std::to_string(n), ALGOCTL_PROGRAM, "-q", "init",
             "acme/sentiment"},
            shop.inside({}));
    if (read(shop / "trace").find("INJECTED") == std::string::npos) break;
    // 0: what failed was only a help.
    CHECK((result.exit == 6 || result.exit == 0));
    CHECK(shop.algoctl({"list"}).exit != 5);
    CHECK(shop.algoctl({"init", "acme/sentiment"}).exit == 0);
    ++failed;
  }
  CHECK(failed > 5);
}

TEST_CASE("durable: a disk that does not give a page is no damaged registry") {
  if (!has_strace()) return;
  Traced shop;
  int failed = 0;
  for (int n = 1;; ++n) {
    CAPTURE(n);
    const ProcessResult result = shop.traced(
        {"-e", "trace=pread64", "-e", "inject=pread64:error=EIO:when=" + std::to_string(n)},
        {"resolve", "acme/sentiment"});
    if (shop.calls().find("INJECTED") == std::string::npos) break;
    if (result.exit == 127) continue;  // the program itself could not be read
    CAPTURE(result.err);
    CHECK((result.exit == 6 || result.exit == 0));
    if (result.exit == 6) ++failed;
  }
  CHECK(failed > 0);
}

TEST_CASE("durable: a limit on the size of files is an error like another") {
  Shop shop;
  CHECK(shop.algoctl({"init", "acme/sentiment"}).exit == 0);
  shop.write("model.bin", std::string(300'000, 'm'));
  const ProcessResult result =
      run({"sh", "-c", "ulimit -f 100; exec \"$0\" upload model.bin", ALGOCTL_PROGRAM},
          shop.inside({}));
  CHECK(result.exit == 6);
  CHECK(result.err.find("ulimit -f") != std::string::npos);
}

}  // namespace algoctl::test
