#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <atomic>

#include "base/clock.h"
#include "base/text.h"
#include "unit/registry/board_fixture.h"

namespace algoctl::test {

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

}  // namespace algoctl::test
