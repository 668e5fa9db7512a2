#include <doctest/doctest.h>
#include <signal.h>

#include <regex>

#include "base/clock.h"
#include "base/file.h"
#include "base/process.h"
#include "base/text.h"
#include "registry/replica_board.h"
#include "support/played_replica.h"
#include "support/shop.h"

namespace algoctl::test {
namespace {

/// Versions 1.0.0 to 1.2.0; `stable` names 1.0.0.
struct ReplicaShop : Started {
  ReplicaShop() {
    for (const std::string minor : {"0", "1", "2"}) ship("m" + minor, minor);
    answer({"promote", "@1.0.0", "stable"});
  }

  [[nodiscard]] PlayedReplica::Part part(const std::string& name) const {
    return {home(), "acme/sentiment@stable", name};
  }
  [[nodiscard]] std::string stable() const { return answer({"resolve", "acme/sentiment@stable"}); }
  [[nodiscard]] std::unique_ptr<ReplicaBoard> board() const {
    return open_folder_board(home() + "/registry.db");
  }
};

/// `text` with this process, which plays the replicas, as HOST and PID.
std::string without_process(std::string text) {
  const ProcessIdentity self = this_process();
  const auto replace = [&](const std::string& from, const std::string& to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
      text.replace(at, from.size(), to);
    }
  };
  replace(self.host + " " + std::to_string(self.pid), "HOST PID");
  replace(self.host + "\t" + std::to_string(self.pid), "HOST\tPID");
  replace("\"host\":\"" + self.host + "\",\"pid\":" + std::to_string(self.pid),
          "\"host\":\"HOST\",\"pid\":PID");
  text = std::regex_replace(text, std::regex(R"("id":"[0-9a-f]{16}")"), "\"id\":\"ID\"");
  return without_times(text);
}

}  // namespace

TEST_CASE("replicas: one line for each, tab separated; in JSON with every field") {
  const ReplicaShop shop;
  const PlayedReplica a(shop.part("a"));
  PlayedReplica::Part odd = shop.part("b\tc\n\x1b[31m");
  odd.cannot_load = "1.1.0";
  const PlayedReplica b(odd);
  const auto before = shop.algoctl({"replicas", "acme/sentiment"});
  CHECK(before.exit == 0);
  CHECK(before.err == "");
  CHECK(without_process(before.out) ==
        "a\tHOST\tPID\t1.0.0\tserving\tTIME\tacme/sentiment@stable\t\n"
        "b c  [31m\tHOST\tPID\t1.0.0\tserving\tTIME\tacme/sentiment@stable\t\n");
  shop.answer({"promote", "@1.1.0", "stable", "--wait"});
  const auto json = shop.algoctl({"replicas", "acme/sentiment", "--json"});
  CHECK(without_process(json.out) ==
        R"({"schema":"algoctl.replicas/v1","algorithm":"acme/sentiment","replicas":[)"
        R"({"id":"ID","name":"a","host":"HOST","pid":PID,"reference":"acme/sentiment@stable",)"
        R"("state":"serving","version":"1.1.0","wanted":"1.1.0","reason":null,)"
        R"("since":"TIME","seen":"TIME"},)"
        R"({"id":"ID","name":"b\tc\n\u001b[31m","host":"HOST","pid":PID,)"
        R"("reference":"acme/sentiment@stable","state":"failed","version":"1.0.0",)"
        R"("wanted":"1.1.0","reason":"out of memory","since":"TIME","seen":"TIME"}]})"
        "\n");
}

TEST_CASE("replicas: none is an answer, an algorithm that is not there is none") {
  const ReplicaShop shop;
  const auto none = shop.algoctl({"replicas", "acme/sentiment"});
  CHECK(none.exit == 0);
  CHECK(none.out == "");
  CHECK(none.err == "algoctl: no replica of acme/sentiment is running\n");
  check_error(shop, {"replicas", "acme/sentimnet"}, 3, "there is no algorithm 'acme/sentimnet'",
              "did you mean 'acme/sentiment'?");
  check_error(shop, {"replicas"}, 2, "argument OWNER/NAME is missing",
              "see: algoctl replicas --help");
}

TEST_CASE("promote --wait: until all serve it; a message for each change") {
  const ReplicaShop shop;
  const PlayedReplica a(shop.part("a"));
  const auto result = shop.algoctl({"promote", "@1.1.0", "stable", "--wait"});
  CHECK(result.exit == 0);
  CHECK(result.out == "1.1.0\n");
  const std::string said = without_process(result.err);
  // It may be faster than the first look.
  const std::string end =
      "algoctl: a (HOST PID) serves 1.1.0\n"
      "algoctl: moved acme/sentiment@stable from 1.0.0 to 1.1.0\n"
      "algoctl: 1 replica serves 1.1.0\n";
  CHECK((said == end || said == "algoctl: a (HOST PID) serves 1.0.0\n" + end));
  const auto quiet = shop.algoctl({"promote", "@1.2.0", "stable", "--wait", "-q"});
  CHECK(quiet.exit == 0);
  CHECK(quiet.err == "");
}

TEST_CASE("promote --wait: where nobody follows the channel nobody is waited for") {
  const ReplicaShop shop;
  for (const std::string option : {"--wait", "--two-phase"}) {
    const std::string version = option == "--wait" ? "1.1.0" : "1.2.0";
    const std::string before = shop.stable();
    const auto result = shop.algoctl({"promote", "@" + version, "stable", option});
    CHECK(result.out == version + "\n");
    CHECK(result.err == "algoctl: moved acme/sentiment@stable from " + before + " to " + version +
                            "\nalgoctl: no replica follows acme/sentiment@stable\n");
  }
}

TEST_CASE(
    "promote --wait: one that does not come in time is named, exit 7, the channel has moved") {
  const ReplicaShop shop;
  PlayedReplica::Part slow = shop.part("slow");
  slow.idle = true;
  const PlayedReplica a(slow);
  const auto result =
      shop.algoctl({"promote", "@1.1.0", "stable", "--wait", "--within", "0.1", "--json"});
  CHECK(result.exit == 7);
  CHECK(result.out == "");
  CHECK(without_process(result.err) ==
        R"({"schema":"algoctl.error/v1","code":"busy","exit":7,"message":"acme/sentiment@stable )"
        R"(names 1.1.0 now: 1 replica does not serve 1.1.0 after 100 ms\n  slow (HOST PID): )"
        R"(serving","hint":"`algoctl replicas acme/sentiment` says how they go on"})"
        "\n");
  CHECK(shop.stable() == "1.1.0");
}

TEST_CASE("promote --two-phase: all prepare, then all switch") {
  const ReplicaShop shop;
  const PlayedReplica a(shop.part("a"));
  const PlayedReplica b(shop.part("b"));
  const auto result = shop.algoctl({"promote", "@1.1.0", "stable", "--two-phase", "--json"});
  CHECK(result.exit == 0);
  CHECK(result.err == "");
  const auto replica = [](const std::string& name) {
    return R"({"id":"ID","name":")" + name +
           R"(","host":"HOST","pid":PID,"reference":"acme/sentiment@stable",)"
           R"("state":"serving","version":"1.1.0","wanted":"1.1.0","reason":null,)"
           R"("since":"TIME","seen":"TIME"})";
  };
  CHECK(without_process(result.out) ==
        R"({"schema":"algoctl.promote/v1","algorithm":"acme/sentiment","channel":"stable",)"
        R"("version":"1.1.0","previous":"1.0.0","moved":true,"held":false,"replicas":[)" +
            replica("a") + "," + replica("b") + "]}\n");
  const auto text = shop.algoctl({"promote", "@1.2.0", "stable", "--two-phase"});
  CHECK(text.out == "1.2.0\n");
  const std::string said = without_process(text.err);
  for (const std::string name : {"a", "b"}) {
    const auto served = said.find("algoctl: " + name + " (HOST PID) serves 1.2.0\n");
    const auto prepared = said.find("algoctl: " + name + " (HOST PID) has prepared 1.2.0\n");
    CHECK(served != std::string::npos);
    CHECK(prepared < served);
  }
  const std::string end =
      "algoctl: moved acme/sentiment@stable from 1.1.0 to 1.2.0\n"
      "algoctl: 2 replicas serve 1.2.0\n";
  CHECK(said.substr(said.size() - end.size()) == end);
}

TEST_CASE("promote --two-phase: a replica that cannot load it vetoes, or is reported") {
  const ReplicaShop shop;
  const PlayedReplica a(shop.part("a"));
  PlayedReplica::Part small = shop.part("small");
  small.cannot_load = "1.1.0";
  const PlayedReplica b(small);
  const auto veto =
      shop.algoctl({"promote", "@1.1.0", "stable", "--two-phase", "--abort-on-nack", "--json"});
  CHECK(veto.exit == 4);
  CHECK(veto.out == "");
  CHECK(without_process(veto.err) ==
        R"({"schema":"algoctl.error/v1","code":"conflict","exit":4,"message":)"
        R"("acme/sentiment@stable was not changed: 1 replica cannot load 1.1.0\n)"
        R"(  small (HOST PID): failed: out of memory",)"
        R"("hint":"mend that, or promote without --abort-on-nack"})"
        "\n");
  CHECK(shop.stable() == "1.0.0");
  const auto report = shop.algoctl({"promote", "@1.1.0", "stable", "--two-phase"});
  CHECK(report.exit == 0);
  CHECK(report.out == "1.1.0\n");
  const std::string said = without_process(report.err);
  const std::string end =
      "algoctl: warning: small (HOST PID) cannot load 1.1.0: out of memory\n"
      "algoctl: moved acme/sentiment@stable from 1.0.0 to 1.1.0\n"
      "algoctl: 1 replica serves 1.1.0\n";
  REQUIRE(said.size() > end.size());
  CHECK(said.substr(said.size() - end.size()) == end);
}

TEST_CASE(
    "promote --two-phase: a coordinator that is killed or stopped leaves the channel as it is") {
  const ReplicaShop shop;
  PlayedReplica::Part slow = shop.part("slow");
  slow.idle = true;
  const PlayedReplica a(slow);
  for (const int signal : {SIGKILL, SIGINT}) {
    Process promote({ALGOCTL_PROGRAM, "promote", "@1.1.0", "stable", "--two-phase"}, shop.inside());
    promote.wait_for_err("serves 1.0.0\n");
    const auto second = shop.algoctl({"promote", "@1.2.0", "stable", "--two-phase"});
    CHECK(second.exit == 4);
    CHECK(second.err ==
          error_text("process " + std::to_string(promote.pid()) + " on " + this_process().host +
                         " is promoting 1.1.0 to acme/sentiment@stable in two phases",
                     "wait until it has ended, or stop it"));
    promote.send(signal);
    const auto result = promote.wait();
    CHECK(result.exit == 128 + signal);
    CHECK(result.out == "");
    if (signal == SIGINT) {
      CHECK(without_process(result.err) ==
            "algoctl: slow (HOST PID) serves 1.0.0\n"
            "algoctl: acme/sentiment@stable was not changed: interrupted\n");
    }
    CHECK(shop.stable() == "1.0.0");
    CHECK_FALSE(shop.board()
                    ->rollout(Algorithm::parse("acme/sentiment"), "stable", system_now_ms())
                    .has_value());
  }
}

TEST_CASE(
    "promote --two-phase: once the channel has moved, a coordinator that ends takes nothing back") {
  for (const int signal : {SIGKILL, SIGINT}) {
    const ReplicaShop shop;
    const PlayedReplica a(shop.part("a"));
    PlayedReplica::Part late = shop.part("late");
    late.clings = true;
    const PlayedReplica b(late);
    Process promote({ALGOCTL_PROGRAM, "promote", "@1.1.0", "stable", "--two-phase"}, shop.inside());
    promote.wait_for_err("serves 1.1.0\n");
    CHECK(shop.stable() == "1.1.0");
    promote.send(signal);
    const auto result = promote.wait();
    CHECK(result.exit == 128 + signal);
    CHECK(result.out == "");
    if (signal == SIGINT) {
      const std::string end = "algoctl: acme/sentiment@stable names 1.1.0 now: interrupted\n";
      CHECK(result.err.substr(result.err.size() - end.size()) == end);
    }
    CHECK(shop.stable() == "1.1.0");
    CHECK_FALSE(shop.board()
                    ->rollout(Algorithm::parse("acme/sentiment"), "stable", system_now_ms())
                    .has_value());
  }
}

TEST_CASE("promote --two-phase: on a terminal one line that changes, and is gone in the end") {
  const ReplicaShop shop;
  const PlayedReplica a(shop.part("a"));
  const PlayedReplica b(shop.part("b"));
  const auto result =
      shop.algoctl({"promote", "@1.1.0", "stable", "--two-phase"},
                   {.env = {{"TERM", "xterm"}, {"NO_COLOR", "1"}}, .error_terminal = true});
  CHECK(result.exit == 0);
  CHECK(result.out == "1.1.0\n");
  const std::string what = "(serves 1\\.[01]\\.0|has prepared 1\\.1\\.0)";
  const std::regex lines("(\ra " + what + ", b " + what +
                         "\x1b\\[K)+\r\x1b\\[K"
                         "algoctl: moved acme/sentiment@stable from 1\\.0\\.0 to 1\\.1\\.0\r?\n"
                         "algoctl: 2 replicas serve 1\\.1\\.0\r?\n");
  CAPTURE(result.err);
  CHECK(std::regex_match(result.err, lines));
}

TEST_CASE("promote --dry-run: with replicas, says who would be waited for") {
  const ReplicaShop shop;
  const PlayedReplica a(shop.part("a"));
  const PlayedReplica b(shop.part("b"));
  const auto result = shop.algoctl({"promote", "@1.1.0", "stable", "--two-phase", "--dry-run"});
  CHECK(result.exit == 0);
  CHECK(result.out == "1.1.0\n");
  CHECK(without_process(result.err) ==
        "algoctl: would move acme/sentiment@stable from 1.0.0 to 1.1.0\n"
        "algoctl: would wait for a (HOST PID), b (HOST PID)\n");
  CHECK(shop.stable() == "1.0.0");
}

TEST_CASE("promote: options that need another one, and times that are none") {
  const ReplicaShop shop;
  check_error(shop, {"promote", "@1.1.0", "stable", "--abort-on-nack", "--wait"}, 2,
              "--abort-on-nack needs --two-phase",
              "replicas can only refuse what they are to load before the channel moves");
  check_error(shop, {"promote", "@1.1.0", "stable", "--within", "5"}, 2,
              "--within needs --wait or --two-phase", "give one of them");
  for (const std::string text : {"x", "-1", "86401", ""}) {
    check_error(shop, {"promote", "@1.1.0", "stable", "--wait", "--within", text}, 2,
                "option --within: '" + text + "' is not a number of seconds up to a day",
                "write 60 or 0.5");
  }
}

TEST_CASE("promote --two-phase: a board that cannot be written is an error before anything moves") {
  const ReplicaShop shop;
  const std::string board = shop.home() + "/registry.db.replicas";
  replace_file(board, "in the way");
  const auto result = shop.algoctl({"promote", "@1.1.0", "stable", "--two-phase"});
  CHECK(result.exit == 6);
  CHECK(result.err == error_text("cannot use '" + board + "' as a folder: Not a directory",
                                 "a part of the path is a file, not a folder"));
  CHECK(shop.stable() == "1.0.0");
}

}  // namespace algoctl::test
