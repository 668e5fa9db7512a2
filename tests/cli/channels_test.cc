#include <doctest/doctest.h>

#include "base/text.h"
#include "support/shop.h"

namespace algoctl::test {
namespace {

/// Versions 1.0.0 to 1.3.0 of acme/sentiment, with rising accuracy.
struct ChannelShop : Started {
  ChannelShop() {
    for (const std::string minor : {"0", "1", "2", "3"}) {
      ship("m" + minor, minor, {"--meta", "accuracy=0.9" + minor});
    }
  }

  std::string channel(const std::string& name = "stable") const {
    return answer({"resolve", "acme/sentiment@" + name});
  }
};

}  // namespace

TEST_CASE("promote: moves a channel, prints the version, the same again changes nothing") {
  const ChannelShop shop;
  const auto first = shop.algoctl({"promote", "acme/sentiment@1.0.0", "stable", "-m", "first"});
  CHECK(first.exit == 0);
  CHECK(first.out == "1.0.0\n");
  CHECK(first.err == "algoctl: moved acme/sentiment@stable to 1.0.0\n");
  CHECK(shop.channel() == "1.0.0");
  const std::string before = shop.state();
  const auto again = shop.algoctl({"promote", "@1.0.0", "stable"});
  CHECK(again.exit == 0);
  CHECK(again.out == "1.0.0\n");
  CHECK(again.err == "algoctl: acme/sentiment@stable names 1.0.0 already\n");
  CHECK(shop.state() == before);
  CHECK(shop.algoctl({"promote", "@latest", "stable"}).err ==
        "algoctl: moved acme/sentiment@stable from 1.0.0 to 1.3.0\n");
  CHECK(shop.answer({"promote", "@stable", "canary", "--json"}) ==
        R"({"schema":"algoctl.promote/v1","algorithm":"acme/sentiment","channel":"canary",)"
        R"("version":"1.3.0","previous":null,"moved":true,"held":false,"replicas":null})");
  CHECK(shop.answer({"list", "acme/sentiment", "--channels"}) == "canary 1.3.0\nstable 1.3.0");
}

TEST_CASE("promote: --dry-run says what would happen and changes nothing") {
  const ChannelShop shop;
  const std::string before = shop.state();
  const auto result = shop.algoctl({"promote", "@1.0.0", "stable", "--dry-run"});
  CHECK(result.exit == 0);
  CHECK(result.out == "1.0.0\n");
  CHECK(result.err == "algoctl: would move acme/sentiment@stable to 1.0.0\n");
  CHECK(shop.state() == before);
}

TEST_CASE("promote: --expect is compare-and-set, and knows its own move again") {
  const ChannelShop shop;
  CHECK(shop.answer({"promote", "@1.0.0", "stable", "--expect", "none"}) == "1.0.0");
  CHECK(shop.answer({"promote", "@1.0.0", "stable", "--expect", "none"}) == "1.0.0");
  CHECK(shop.answer({"promote", "@1.1.0", "stable", "--expect", "1.0.0", "-m", "faster"}) ==
        "1.1.0");
  CHECK(shop.answer({"promote", "@1.1.0", "stable", "--expect", "1.0.0"}) == "1.1.0");
  const auto late = shop.algoctl({"promote", "@1.2.0", "stable", "--expect", "1.0.0"});
  CHECK(late.exit == 4);
  CHECK(without_times(late.err) ==
        error_text("channel acme/sentiment@stable does not name what was expected\n"
                   "  expected: 1.0.0\n"
                   "  now:      1.1.0, moved by " +
                       split(shop.answer({"log"}), '\t').at(1) + " at TIME: faster",
                   "look at what changed, then repeat with that --expect"));
}

TEST_CASE("promote: two at once from the same version: one wins, the other exits 4") {
  const ChannelShop shop;
  for (int round = 0; round < 5; ++round) {
    const std::string channel = "c" + std::to_string(round);
    shop.answer({"promote", "@1.0.0", channel});
    const auto promote = [&](const std::string& version) {
      return Arguments{ALGOCTL_PROGRAM, "promote", "@" + version, channel, "--expect", "1.0.0"};
    };
    Process one(promote("1.1.0"), shop.inside());
    Process two(promote("1.2.0"), shop.inside());
    const auto first = one.wait();
    const auto second = two.wait();
    CHECK(first.exit + second.exit == 4);
    CHECK(shop.channel(channel) == (first.exit == 0 ? "1.1.0" : "1.2.0"));
    CHECK((first.exit == 0 ? second : first).err.find(first.exit == 0 ? "1.1.0" : "1.2.0") !=
          std::string::npos);
  }
}

TEST_CASE("promote: what may not be") {
  const ChannelShop shop;
  shop.answer({"promote", "@1.2.0", "stable"});
  const auto back = shop.algoctl({"promote", "@1.1.0", "stable"});
  CHECK(back.exit == 4);
  CHECK(back.err.find(
            "channel acme/sentiment@stable would go backwards\n  now:    1.2.0, moved by") !=
        std::string::npos);
  CHECK(back.err.find("`algoctl rollback` takes it back") != std::string::npos);
  check_error(shop, {"promote", "@1.3.0", "latest"}, 2,
              "'latest' cannot name a channel: it has a meaning of its own",
              "choose another name, such as stable or canary");
  check_error(shop, {"promote", "@9.9.9", "stable"}, 3,
              "no version of 'acme/sentiment' matches '9.9.9'", "the newest is 1.3.0");
  check_error(shop, {"promote", "acme/sentimnet@1.0.0", "stable"}, 3,
              "there is no algorithm 'acme/sentimnet'", "did you mean 'acme/sentiment'?");
  check_error(shop, {"promote", "data://acme/sentiment/m0", "stable"}, 2,
              "'data://acme/sentiment/m0' is a label, and channels name versions",
              "write acme/sentiment@SELECTOR");
  check_error(shop, {"promote", "@1.3.0"}, 2, "argument CHANNEL is missing",
              "see: algoctl promote --help");
  shop.answer({"yank", "@1.3.0", "-m", "wrong"});
  check_error(shop, {"promote", "@1.3.0", "stable"}, 4,
              "acme/sentiment@1.3.0 is yanked: wrong; no channel may name it",
              "promote another version, or take the mark away with `algoctl yank "
              "acme/sentiment@1.3.0 --undo`");
  CHECK(shop.answer({"promote", "@1.1.0", "stable", "--force"}) == "1.1.0");
}

TEST_CASE("promote: what others wrote is on one line, and nothing that a terminal obeys") {
  const ChannelShop shop;
  shop.answer({"yank", "@1.3.0", "-m", "bad\nalgoctl: all is well\x1b[2J"});
  const auto refused = shop.algoctl({"promote", "@1.3.0", "stable"});
  CHECK(starts_with(refused.err,
                    "algoctl: acme/sentiment@1.3.0 is yanked: bad algoctl: all is well [2J; no"));
  CHECK(shop.algoctl({"resolve", "@1.3.0"}).err ==
        "algoctl: warning: acme/sentiment@1.3.0 is yanked: bad algoctl: all is well [2J\n");
  CHECK(shop.algoctl({"log", "acme/sentiment"}).out.find('\x1b') == std::string::npos);
}

TEST_CASE("promote: a replacement that is yanked itself is not recommended") {
  const ChannelShop shop;
  shop.answer({"yank", "@1.3.0", "--use", "1.1.0"});
  shop.answer({"yank", "@1.1.0"});
  check_error(shop, {"promote", "@1.3.0", "canary"}, 4,
              "acme/sentiment@1.3.0 is yanked; no channel may name it",
              "promote another version, or take the mark away with `algoctl yank "
              "acme/sentiment@1.3.0 --undo`");
}

TEST_CASE("yank: a held channel that moves is said to be held") {
  const ChannelShop shop;
  shop.answer({"promote", "@1.0.0", "beta"});
  shop.answer({"promote", "@1.1.0", "beta"});
  shop.answer({"rollback", "acme/sentiment", "beta", "--hold", "-m", "wait"});
  CHECK(starts_with(shop.algoctl({"yank", "@1.0.0", "--use", "1.1.0"}).err,
                    "algoctl: warning: acme/sentiment@beta is held: wait; it moves all the same, "
                    "and stays held\n"));
}

TEST_CASE("promote: --require compares metadata, numbers as numbers") {
  const ChannelShop shop;
  CHECK(shop.answer({"promote", "@1.1.0", "stable", "--require", "accuracy>=0.9"}) == "1.1.0");
  CHECK(shop.answer({"promote", "@1.2.0", "stable", "--require", "accuracy>=@stable"}) == "1.2.0");
  shop.answer({"annotate", "@1.3.0", "accuracy=0.5", "framework=onnx"});
  check_error(shop, {"promote", "@1.3.0", "stable", "--require", "accuracy>=@stable"}, 1,
              "acme/sentiment@1.3.0 does not meet 'accuracy>=@stable'\n  has:   0.5\n  needs: >= "
              "0.92 (@stable, 1.2.0)");
  check_error(shop, {"promote", "@1.3.0", "stable", "--require", "f1>0.5"}, 1,
              "acme/sentiment@1.3.0 has no metadata 'f1'",
              "add it with `algoctl annotate acme/sentiment@1.3.0 f1=VALUE`");
  check_error(shop, {"promote", "@1.3.0", "stable", "--require", "framework>=1"}, 1,
              "acme/sentiment@1.3.0 does not meet 'framework>=1'\n  has:   onnx\n  needs: >= 1",
              "order is compared between numbers, and a number never equals a text");
  check_error(shop, {"promote", "@1.3.0", "stable", "--require", "accuracy>=@nowhere"}, 3,
              "--require: algorithm 'acme/sentiment' has no channel 'nowhere'",
              "there are: stable");
  check_error(shop, {"promote", "@1.3.0", "stable", "--require", "accuracy"}, 2,
              "option --require: malformed requirement 'accuracy'",
              "write it as 'accuracy>=0.9' or 'accuracy>=@stable'");
  CHECK(shop.answer({"promote", "@1.3.0", "stable", "--require", "framework==onnx", "--require",
                     "accuracy<1"}) == "1.3.0");
}

TEST_CASE("rollback: pops what promote pushed, and a repeated one does not go twice") {
  const ChannelShop shop;
  for (const char* version : {"@1.0.0", "@1.1.0", "@1.2.0"}) {
    shop.answer({"promote", version, "stable"});
  }
  const auto plain = shop.algoctl({"rollback", "acme/sentiment", "stable"});
  CHECK(plain.exit == 0);
  CHECK(plain.out == "1.1.0\n");
  CHECK(plain.err ==
        "algoctl: rolled back acme/sentiment@stable from 1.2.0 to 1.1.0\n"
        "algoctl: safe to repeat: algoctl rollback acme/sentiment stable --expect 1.2.0\n");
  const auto again = shop.algoctl({"rollback", "acme/sentiment", "stable", "--expect", "1.2.0"});
  CHECK(again.out == "1.1.0\n");
  CHECK(again.err == "algoctl: acme/sentiment@stable names 1.1.0 already\n");
  CHECK(shop.answer({"rollback", "acme/sentiment", "stable", "--expect", "1.1.0"}) == "1.0.0");
  CHECK(shop.channel() == "1.0.0");
  check_error(shop, {"rollback", "acme/sentiment", "stable"}, 3,
              "channel acme/sentiment@stable has no past: it named nothing before 1.0.0",
              "move it with `algoctl promote acme/sentiment@VERSION stable --force`");
  check_error(shop, {"rollback", "acme/sentiment", "stable", "--expect", "1.2.0"}, 4,
              "channel acme/sentiment@stable does not name what was expected\n  expected: 1.2.0\n"
              "  now:      1.0.0",
              "`algoctl log acme/sentiment --channel stable` says who moved it");
  check_error(shop, {"rollback", "acme/sentiment", "stabel"}, 3,
              "algorithm 'acme/sentiment' has no channel 'stabel'", "did you mean 'stable'?");
}

TEST_CASE("rollback: --to goes down the stack, and only down the stack") {
  const ChannelShop shop;
  for (const char* version : {"@1.0.0", "@1.1.0", "@1.2.0"}) {
    shop.answer({"promote", version, "stable"});
  }
  check_error(shop, {"rollback", "acme/sentiment", "stable", "--to", "1.3.0"}, 3,
              "channel acme/sentiment@stable did not come from 1.3.0",
              "`algoctl log acme/sentiment --channel stable` says what it named");
  CHECK(shop.answer({"rollback", "acme/sentiment", "stable", "--to", "1.0.0"}) == "1.0.0");
  CHECK(shop.answer({"rollback", "acme/sentiment", "stable", "--to", "1.0.0"}) == "1.0.0");
}

TEST_CASE("rollback: passes over what was yanked, and says so") {
  const ChannelShop shop;
  for (const char* version : {"@1.0.0", "@1.1.0", "@1.2.0"}) {
    shop.answer({"promote", version, "stable"});
  }
  shop.answer({"yank", "@1.1.0"});
  const auto result = shop.algoctl({"rollback", "acme/sentiment", "stable", "--expect", "1.2.0"});
  CHECK(result.out == "1.0.0\n");
  CHECK(result.err ==
        "algoctl: warning: 1.1.0 is yanked and was passed over\n"
        "algoctl: rolled back acme/sentiment@stable from 1.2.0 to 1.0.0\n");
}

TEST_CASE(
    "rollback: after a yank that moved the channel back, it goes on to what was named before") {
  const ChannelShop shop;
  for (const char* version : {"@1.0.0", "@1.1.0", "@1.2.0"}) {
    shop.answer({"promote", version, "stable"});
  }
  shop.answer({"yank", "@1.2.0", "-m", "bad", "--use", "1.1.0"});
  const auto result = shop.algoctl({"rollback", "acme/sentiment", "stable"});
  CHECK(result.out == "1.0.0\n");
  CHECK(result.err ==
        "algoctl: warning: 1.2.0 is yanked and was passed over\n"
        "algoctl: rolled back acme/sentiment@stable from 1.1.0 to 1.0.0\n"
        "algoctl: safe to repeat: algoctl rollback acme/sentiment stable --expect 1.1.0\n");
  CHECK(shop.answer({"rollback", "acme/sentiment", "stable", "--expect", "1.1.0"}) == "1.0.0");
  CHECK(shop.answer({"verify"}).empty());
}

TEST_CASE("rollback: --hold keeps a promote from undoing it until it is released") {
  const ChannelShop shop;
  shop.answer({"promote", "@1.0.0", "stable"});
  shop.answer({"promote", "@1.1.0", "stable"});
  shop.answer({"rollback", "acme/sentiment", "stable", "--expect", "1.1.0", "--hold", "-m", "bad"});
  for (const Arguments& arguments : {Arguments{"promote", "@latest", "stable"},
                                     Arguments{"promote", "@latest", "stable", "--force"}}) {
    check_error(shop, arguments, 4, "channel acme/sentiment@stable is held at 1.0.0: bad",
                "when the reason is gone, promote with --release-hold");
  }
  CHECK(shop.answer({"list", "acme/sentiment", "--channels", "--json"})
            .find(R"("held":true,"hold_reason":"bad")") != std::string::npos);
  shop.write("m4", "4");
  shop.answer({"upload", "m4"});
  check_error(shop, {"publish", "--channel", "stable"}, 4,
              "channel acme/sentiment@stable is held at 1.0.0: bad",
              "when the reason is gone, promote with --release-hold");
  CHECK(shop.answer({"promote", "@latest", "stable", "--release-hold"}) == "1.3.0");
  shop.answer({"publish"});
  CHECK(shop.answer({"promote", "@latest", "stable"}) == "1.4.0");
}

TEST_CASE("publish --channel: version and channel in one step, also when nothing is published") {
  const ChannelShop shop;
  shop.write("m4", "4");
  shop.answer({"upload", "m4"});
  const auto result = shop.algoctl({"publish", "--channel", "stable", "--channel", "canary"});
  CHECK(result.out == "1.4.0\n");
  CHECK(result.err ==
        "algoctl: warning: latest and the ranges that match move to 1.4.0 too; publish with --pre "
        "ID to move a channel alone\n"
        "algoctl: published acme/sentiment@1.4.0\n");
  CHECK(shop.channel() == "1.4.0");
  CHECK(shop.answer({"publish", "--channel", "nightly", "--json"}).find(R"("created":false)") !=
        std::string::npos);
  CHECK(shop.channel("nightly") == "1.4.0");
  shop.write("m5", "5");
  shop.answer({"upload", "m5"});
  const auto pre = shop.algoctl({"publish", "--pre", "rc", "--channel", "canary"});
  CHECK(pre.out == "1.5.0-rc.1\n");
  CHECK(pre.err == "algoctl: published acme/sentiment@1.5.0-rc.1\n");
  CHECK(shop.channel("canary") == "1.5.0-rc.1");
  CHECK(shop.answer({"resolve", "acme/sentiment"}) == "1.4.0");
}

TEST_CASE("publish --channel: nothing is published when the channel may not move") {
  const ChannelShop shop;
  shop.answer({"promote", "@1.3.0", "stable"});
  shop.write("fix", "fix");
  shop.answer({"upload", "fix"});
  const std::string before = shop.state();
  const auto result = shop.algoctl({"publish", "--line", "1.1", "--force", "--channel", "stable"});
  CHECK(result.exit == 4);
  CHECK(result.err.find("channel acme/sentiment@stable would go backwards") != std::string::npos);
  CHECK(shop.state() == before);
  check_error(shop, {"publish", "--channel", "latest"}, 2,
              "'latest' cannot name a channel: it has a meaning of its own",
              "choose another name, such as stable or canary");
}

TEST_CASE("publish --channel under a key: the same request has the same answer, others do not") {
  const ChannelShop shop;
  shop.write("m4", "4");
  shop.answer({"upload", "m4"});
  const Arguments publish = {"publish", "--channel", "stable", "--idempotency-key", "run-1"};
  CHECK(shop.answer(publish) == "1.4.0");
  shop.answer({"rollback", "acme/sentiment", "stable", "--to", "1.4.0"});
  const std::string before = shop.state();
  CHECK(shop.answer(publish) == "1.4.0");
  CHECK(shop.state() == before);
  check_error(shop, {"publish", "--idempotency-key", "run-1"}, 4,
              "idempotency key 'run-1' was used for another request, which made 1.4.0",
              "use a new --idempotency-key, or repeat the manifest and options of the first time");
}

}  // namespace algoctl::test
