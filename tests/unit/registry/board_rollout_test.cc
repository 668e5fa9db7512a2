#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <vector>

#include "registry/commit_watch.h"
#include "unit/registry/board_fixture.h"

namespace algoctl::test {

TEST_CASE("board: a rollout is seen from its beginning to its end, and wakes who watches") {
  Board b;
  CommitWatch watch(b.registry());
  const std::chrono::milliseconds for_ever(60LL * 60 * 1000);
  watch.wait(for_ever, nullptr);
  Rollout rollout = b.rollout("r1");
  CHECK_FALSE(b.board->rollout(b.algorithm, "stable", kNow).has_value());
  b.board->begin(rollout, kNow);
  watch.wait(for_ever, nullptr);
  auto other = open_folder_board(b.registry());
  const auto seen = other->rollout(b.algorithm, "stable", kNow);
  REQUIRE(seen.has_value());
  CHECK(seen->id == "r1");
  CHECK(seen->algorithm == b.algorithm);
  CHECK(seen->channel == "stable");
  CHECK(seen->version == Version::parse("1.3.0"));
  CHECK(seen->until == kNow + 60000);
  CHECK_FALSE(seen->switch_at.has_value());
  CHECK_FALSE(other->rollout(b.algorithm, "canary", kNow).has_value());
  CHECK_FALSE(other->rollout(b.algorithm, "stable", kNow + 60001).has_value());

  rollout.switch_at = kNow + 200;
  b.board->update(rollout);
  watch.wait(for_ever, nullptr);
  CHECK(other->rollout(b.algorithm, "stable", kNow)->switch_at == kNow + 200);
  other->end(b.rollout("another"));
  CHECK(other->rollout(b.algorithm, "stable", kNow).has_value());
  b.board->end(rollout);
  watch.wait(for_ever, nullptr);
  CHECK_FALSE(other->rollout(b.algorithm, "stable", kNow).has_value());
  CHECK(b.living() == "");  // what it left is no replica
}

TEST_CASE("board: a second coordinator is refused, one of another channel is not") {
  Board b;
  b.board->begin(b.rollout("r1"), kNow);
  const ProcessIdentity self = this_process();
  const std::string refusal = "conflict: process " + std::to_string(self.pid) + " on " + self.host +
                              " is promoting 1.3.0 to acme/sentiment@stable in two phases; wait "
                              "until it has ended, or stop it";
  auto second = open_folder_board(b.registry());
  CHECK(b.refusal([&] { second->begin(b.rollout("r2"), kNow); }) == refusal);
  Rollout canary = b.rollout("r3");
  canary.channel = "canary";
  second->begin(canary, kNow);
  // Too late for the first one: another takes over, and the first finds that out.
  Rollout late = b.rollout("r4");
  late.until = kNow + 200000;
  second->begin(late, kNow + 60001);
  CHECK(b.refusal([&] { b.board->update(b.rollout("r1")); }) == refusal);
  b.board->end(b.rollout("r1"));
  CHECK(second->rollout(b.algorithm, "stable", kNow + 60001)->id == "r4");
}

TEST_CASE("board: a rollout of a process that has ended, or of a mad clock, is taken over") {
  Board b;
  b.board->begin(b.rollout("r1"), kNow);
  const std::string file = b.files();
  const std::string pid = "\"pid\":" + std::to_string(::getpid());
  SUBCASE("ended") { edit(b.path(file), pid, "\"pid\":" + std::to_string(ended_process())); }
  SUBCASE("far ahead") { edit(b.path(file), std::to_string(kNow + 60000), "253402300799999"); }
  SUBCASE("half") { replace_file(b.path(file), "{\"schema\":\"algoctl.roll"); }
  SUBCASE("of another channel") { edit(b.path(file), "\"stable\"", "\"canary\""); }
  CHECK_FALSE(b.board->rollout(b.algorithm, "stable", kNow).has_value());
  b.board->begin(b.rollout("r2"), kNow);
  CHECK(b.board->rollout(b.algorithm, "stable", kNow)->id == "r2");
}

TEST_CASE("board: of several processes that begin at once, exactly one does") {
  constexpr int kProcesses = 6;
  for (int round = 0; round < 5; ++round) {
    Board b;
    // What all of them find and want to take over.
    b.board->begin(b.rollout("dead"), kNow);
    edit(b.path(b.files()), "\"pid\":" + std::to_string(::getpid()),
         "\"pid\":" + std::to_string(ended_process()));
    std::array<int, 2> start{};
    std::array<int, 2> result{};
    std::array<int, 2> finish{};
    REQUIRE(
        (::pipe(start.data()) == 0 && ::pipe(result.data()) == 0 && ::pipe(finish.data()) == 0));
    std::vector<pid_t> children;
    for (int i = 0; i < kProcesses; ++i) {
      const pid_t pid = ::fork();
      if (pid == 0) {
        ::close(start[1]);
        ::close(finish[1]);
        char byte = 0;
        [[maybe_unused]] ssize_t ignored = ::read(start[0], &byte, 1);
        char answer = 'w';
        try {
          open_folder_board(b.registry())->begin(b.rollout("r" + std::to_string(i)), kNow);
        } catch (const Error& error) {
          answer = error.code() == Code::conflict ? 'c' : '?';
        }
        ignored = ::write(result[1], &answer, 1);
        ignored = ::read(finish[0], &byte, 1);  // the winner lives until all have asked
        ::_exit(0);
      }
      children.push_back(pid);
    }
    ::close(start[1]);
    std::string answers;
    while (answers.size() < kProcesses) {
      char byte = 0;
      if (::read(result[0], &byte, 1) != 1) break;
      answers += byte;
    }
    ::close(finish[1]);
    for (const pid_t child : children) ::waitpid(child, nullptr, 0);
    for (const int fd : {start[0], result[0], result[1], finish[0]}) ::close(fd);
    std::sort(answers.begin(), answers.end());
    CHECK(answers == "cccccw");
    CHECK_FALSE(b.board->rollout(b.algorithm, "stable", kNow).has_value());
  }
}

}  // namespace algoctl::test
