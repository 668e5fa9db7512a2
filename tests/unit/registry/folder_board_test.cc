#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>

#include "algoctl/error.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/process.h"
#include "base/text.h"
#include "registry/commit_watch.h"
#include "registry/replica_board.h"
#include "support/shop.h"

namespace algoctl::test {
namespace {

constexpr std::int64_t kNow = 1'700'000'000'000;
constexpr std::int64_t kSilence = ReplicaBoard::kSilence.count();

/// The id of a process that has ended.
pid_t ended_process() {
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(0);
  ::waitpid(pid, nullptr, 0);
  return pid;
}

struct Board {
  [[nodiscard]] std::string registry() const { return folder / "registry.db"; }
  [[nodiscard]] std::string path(const std::string& name) const {
    return registry() + ".replicas/" + name;
  }
  [[nodiscard]] std::string files() const { return names_in(registry() + ".replicas"); }

  [[nodiscard]] ReplicaInfo replica(const std::string& id) const {
    const ProcessIdentity self = this_process();
    return {id,       algorithm, "acme/sentiment@stable",
            "scorer", self.host, self.boot,
            self.pid, {},        "1.2.0",
            "1.3.0",  "",        kNow - 5,
            kNow};
  }

  [[nodiscard]] Rollout rollout(const std::string& id) const {
    return {id, algorithm, "stable", Version::parse("1.3.0"), kNow + 60000};
  }

  [[nodiscard]] std::string living(std::int64_t now = kNow) {
    std::string ids;
    for (const ReplicaInfo& info : board->replicas(algorithm, now)) ids += info.id + " ";
    return ids;
  }

  /// The message with which the call is refused.
  template <typename Call>
  std::string refusal(Call call) {
    try {
      call();
    } catch (const Error& error) {
      return std::string(code_name(error.code())) + ": " + error.message() + "; " + error.hint();
    }
    return "";
  }

  TemporaryFolder folder;
  Algorithm algorithm = Algorithm::parse("acme/sentiment");
  std::unique_ptr<ReplicaBoard> board = open_folder_board(registry());
};

/// What a file says with one part of it replaced.
void edit(const std::string& path, const std::string& from, const std::string& to) {
  std::string text = read(path);
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  replace_file(path, text.replace(at, from.size(), to));
}

}  // namespace

TEST_CASE("board: what a replica reports is what others read") {
  Board b;
  CHECK(b.living() == "");
  ReplicaInfo said = b.replica("a1");
  said.state = ReplicaState::failed;
  said.reason = "line one\nline \"two\"\t\xc3\xa4";
  b.board->report(said);
  const auto read = open_folder_board(b.registry())->replicas(b.algorithm, kNow);
  REQUIRE(read.size() == 1);
  CHECK(read[0].id == "a1");
  CHECK(read[0].algorithm == b.algorithm);
  CHECK(read[0].reference == "acme/sentiment@stable");
  CHECK(read[0].name == "scorer");
  CHECK(read[0].host == said.host);
  CHECK(read[0].boot == said.boot);
  CHECK(read[0].pid == ::getpid());
  CHECK(read[0].state == ReplicaState::failed);
  CHECK(read[0].version == "1.2.0");
  CHECK(read[0].wanted == "1.3.0");
  CHECK(read[0].reason == said.reason);
  CHECK(read[0].since == kNow - 5);
  CHECK(read[0].seen == kNow);
  CHECK(b.board->replicas(Algorithm::parse("acme/other"), kNow).empty());
  b.board->withdraw("a1");
  CHECK(b.living() == "");
  CHECK(b.files() == "");
}

TEST_CASE("board: replicas come sorted by name, host, pid and id") {
  Board b;
  for (const char* id : {"c", "b", "a"}) b.board->report(b.replica(id));
  ReplicaInfo other = b.replica("0");
  other.name = "worker";
  b.board->report(other);
  CHECK(b.living() == "a b c 0 ");
}

TEST_CASE("board: every state has a name that reads back") {
  Board b;
  for (const ReplicaState state : {ReplicaState::loading, ReplicaState::prepared,
                                   ReplicaState::serving, ReplicaState::failed}) {
    ReplicaInfo info = b.replica("a");
    info.state = state;
    b.board->report(info);
    CHECK(b.board->replicas(b.algorithm, kNow).at(0).state == state);
  }
}

TEST_CASE("board: a replica whose process has ended is dead at once, and its file goes") {
  Board b;
  ReplicaInfo gone = b.replica("gone");
  gone.pid = ended_process();
  b.board->report(gone);
  b.board->report(b.replica("here"));
  CHECK(b.living() == "here ");
  CHECK(b.files() == "here.json");
}

TEST_CASE("board: a recycled process id keeps a silent replica alive no longer than its silence") {
  Board b;
  b.board->report(b.replica("a"));
  CHECK(b.living(kNow + kSilence) == "a ");
  CHECK(b.living(kNow + kSilence + 1) == "");
  CHECK(b.files() == "a.json");  // a process that was stopped may go on
  CHECK(b.living(kNow + 60 * 60 * 1000 + 1) == "");
  CHECK(b.files() == "");
}

TEST_CASE("board: a replica of another container lives while it is heard of") {
  Board b;
  ReplicaInfo far = b.replica("far");
  far.boot = "another/boot";
  far.pid = ended_process();
  b.board->report(far);
  CHECK(b.living(kNow + kSilence) == "far ");
  CHECK(b.living(kNow - kSilence) == "far ");
  CHECK(b.living(kNow + kSilence + 1) == "");
  CHECK(b.living(kNow - kSilence - 1) == "");
}

TEST_CASE("board: a clock that is set back neither kills the living nor makes the dead immortal") {
  Board b;
  b.board->report(b.replica("a"));
  const std::int64_t back = kNow - 24LL * 60 * 60 * 1000;
  CHECK(b.living(back) == "a ");
  const std::string said = read(b.path("a.json"));
  const std::string uptime = said.substr(said.find("\"uptime\":"));
  edit(b.path("a.json"), uptime,
       "\"uptime\":" + std::to_string(uptime_ms() - kSilence - 1000) + "}\n");
  CHECK(b.living(back) == "");
}

TEST_CASE("board: what is no report is passed over and left alone") {
  Board b;
  b.board->report(b.replica("a"));
  const std::string good = read(b.path("a.json"));
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    return text.replace(text.find(from), from.size(), to);
  };
  const std::string id = "\"id\":\"a\"";
  const std::string pid = "\"pid\":" + std::to_string(::getpid());
  const std::vector<std::string> bad = {
      "",
      "{",
      good.substr(0, good.size() / 2),
      "[]",
      std::string(100000, 'x'),
      std::string(100, '['),
      with("replica/v1", "replica/v2"),
      with("acme/sentiment", "ACME"),
      with("\"loading\"", "\"resting\""),
      with(pid, "\"pid\":-1"),
      with(pid, "\"pid\":0"),
      with(pid, "\"pid\":99999999999"),
      with(pid, "\"pid\":1.5"),
      with(pid, "\"pid\":\"1\""),
      with("\"seen\":", "\"seen\":-"),
      with("\"name\":\"scorer\"", "\"name\":\"\xff\""),
      good,  // under another name than its id
  };
  for (std::size_t i = 0; i < bad.size(); ++i) {
    const std::string name = "bad" + std::to_string(i);
    std::string text = bad[i];
    if (i + 1 < bad.size() && text.find(id) != std::string::npos) {
      text.replace(text.find(id), id.size(), "\"id\":\"" + name + "\"");
    }
    b.folder.write("registry.db.replicas/" + name + ".json", text);
  }
  REQUIRE(::mkdir(b.path("folder.json").c_str(), 0700) == 0);
  REQUIRE(::mkfifo(b.path("pipe.json").c_str(), 0600) == 0);
  REQUIRE(::symlink("a.json", b.path("link.json").c_str()) == 0);
  REQUIRE(::symlink("/dev/zero", b.path("endless.json").c_str()) == 0);
  b.folder.write("registry.db.replicas/README", "hello");
  const std::string before = b.files();
  CHECK(b.living() == "a ");
  CHECK(b.files() == before);
}

TEST_CASE("board: a file of a newer program with more in it is read") {
  Board b;
  b.board->report(b.replica("a"));
  edit(b.path("a.json"), "\"id\":", "\"load\":{\"cpu\":0.5},\"id\":");
  CHECK(b.living() == "a ");
}

TEST_CASE("board: a reason of any length is cut, and what a killed writer left is replaced") {
  Board b;
  b.folder.write("registry.db.replicas/.a.json.algoctl-draft", "half");
  ReplicaInfo info = b.replica("a");
  info.reason = std::string(200000, '\x01');
  b.board->report(info);
  CHECK(b.board->replicas(b.algorithm, kNow).at(0).reason == std::string(8192, '\x01'));
  CHECK(b.files() == "a.json");
}

TEST_CASE("board: a draft that nobody finishes is swept after a minute") {
  Board b;
  b.board->report(b.replica("a"));
  b.folder.write("registry.db.replicas/.b.json.algoctl-draft", "half");
  b.folder.write("registry.db.replicas/.c.json.algoctl-draft", "half");
  const std::int64_t old = file_clock_ns() / 1'000'000'000 - 61;
  const std::array<timespec, 2> times{timespec{old, 0}, timespec{old, 0}};
  REQUIRE(::utimensat(AT_FDCWD, b.path(".b.json.algoctl-draft").c_str(), times.data(), 0) == 0);
  CHECK(b.living() == "a ");
  CHECK(b.files() == ".c.json.algoctl-draft a.json");
}

TEST_CASE("board: an id is a file name of the board's folder, nothing else") {
  Board b;
  for (const char* id : {"", "../a", "A", ".a", "a b"}) {
    CHECK(b.refusal([&] { b.board->report(b.replica(id)); }) ==
          "internal: malformed id of a replica: " + quoted(id) + "; ");
    b.board->withdraw(id);
  }
}

TEST_CASE("board: there is none where there is no registry, nor where one may not write") {
  Board b;
  auto nowhere = open_folder_board(b.folder / "absent/registry.db");
  CHECK(nowhere->replicas(b.algorithm, kNow).empty());
  CHECK(b.refusal([&] { nowhere->report(b.replica("a")); }) ==
        "storage: there is no registry at '" + b.folder / "absent/registry.db'; ");
  nowhere->end(b.rollout("r"));
  // A file where the folder should be refuses even root.
  b.folder.write("registry.db.replicas", "in the way");
  CHECK(b.refusal([&] { b.board->report(b.replica("a")); }) ==
        "storage: cannot use '" + b.registry() +
            ".replicas' as a folder: Not a directory; a part of the path is a file, not a folder");
  CHECK(b.refusal([&] { b.board->begin(b.rollout("r"), kNow); }).substr(0, 8) == "storage:");
  CHECK(b.living() == "");
}

TEST_CASE("board: in a home that a group shares, everybody of it may write") {
  Board b;
  REQUIRE(::chmod(b.folder.path().c_str(), 02770) == 0);
  const mode_t umask = ::umask(0077);
  b.board->report(b.replica("a"));
  ::umask(umask);
  CHECK((stat_if_there(b.registry() + ".replicas")->st_mode & 07777) == 02770);
  CHECK((stat_if_there(b.path("a.json"))->st_mode & 07777) == 0660);
}

TEST_CASE("board: whoever waits for a report hears of it") {
  Board b;
  b.board->report(b.replica("a"));
  const std::chrono::milliseconds for_ever(60LL * 60 * 1000);
  b.board->wait_for_report(for_ever, nullptr);  // the first call: at once
  open_folder_board(b.registry())->report(b.replica("b"));
  b.board->wait_for_report(for_ever, nullptr);
  b.board->wait_for_report(std::chrono::milliseconds(0), nullptr);
  // The folder is removed with all in it, and comes again.
  remove_tree(b.registry() + ".replicas");
  b.board->wait_for_report(for_ever, nullptr);
  b.board->report(b.replica("c"));
  b.board->wait_for_report(for_ever, nullptr);
  const std::atomic<bool> stop{true};
  CHECK(b.refusal([&] { b.board->wait_for_report(for_ever, &stop); }) ==
        "interrupted: interrupted; ");
}

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
