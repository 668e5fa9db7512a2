#include <doctest/doctest.h>

#include "base/clock.h"
#include "base/text.h"
#include "support/shop.h"

namespace algoctl::test {
namespace {

struct HistoryShop : Started {
  HistoryShop() {
    for (const std::string minor : {"0", "1", "2"}) {
      ship("m" + minor, minor, {"--meta", "accuracy=0.9" + minor, "-m", "note " + minor});
    }
  }

  /// The time of the newest event.
  [[nodiscard]] std::string last() const {
    const std::string log = answer({"log", "acme/sentiment"});
    return log.substr(0, log.find('\t'));
  }

  [[nodiscard]] std::string who() const {
    const std::string log = answer({"log", "acme/sentiment"});
    return split(log, '\t').at(1);
  }

  /// Returns once the clock has moved on since the last event.
  void let_time_pass() const {
    const std::int64_t begin = system_now_ms();
    while (system_now_ms() < begin + 2) {
    }
  }
};

}  // namespace

TEST_CASE("yank: ranges and latest pass over it, exact and channel keep it and say why") {
  const HistoryShop shop;
  CHECK(shop.answer({"yank", "acme/sentiment@1.2.0", "-m", "wrong", "--use", "1.1.0"}) == "1.2.0");
  CHECK(shop.answer({"resolve", "acme/sentiment"}) == "1.1.0");
  CHECK(shop.answer({"resolve", "acme/sentiment@^1"}) == "1.1.0");
  const auto exact = shop.algoctl({"resolve", "@1.2.0"});
  CHECK(exact.out == "1.2.0\n");
  CHECK(exact.err == "algoctl: warning: acme/sentiment@1.2.0 is yanked: wrong; use 1.1.0\n");
  const std::string before = shop.state();
  const auto again = shop.algoctl({"yank", "acme/sentiment@1.2.0"});
  CHECK(again.out == "1.2.0\n");
  CHECK(again.err == "algoctl: acme/sentiment@1.2.0 is yanked already\n");
  CHECK(shop.state() == before);
  CHECK(shop.algoctl({"yank", "acme/sentiment@1.2.0", "--undo"}).err ==
        "algoctl: acme/sentiment@1.2.0 is free to be chosen again\n");
  CHECK(shop.algoctl({"yank", "acme/sentiment@1.2.0", "--undo"}).err ==
        "algoctl: acme/sentiment@1.2.0 is not yanked\n");
  CHECK(shop.answer({"resolve", "acme/sentiment"}) == "1.2.0");
  const std::string digest = shop.answer({"show", "@1.2.0", "manifest_sha256"});
  CHECK(shop.answer({"yank", "acme/sentiment@sha256:" + digest, "--json"}) ==
        R"({"schema":"algoctl.yank/v1","algorithm":"acme/sentiment","version":"1.2.0",)"
        R"("yanked":true,"changed":true,"channels":[]})");
}

TEST_CASE("yank: not what moves, not from under a channel unless it gets a replacement") {
  const HistoryShop shop;
  check_error(shop, {"yank", "acme/sentiment@^1"}, 2, "yank takes one version, and '@^1' may move",
              "name it exactly, as in acme/sentiment@1.2.3");
  check_error(shop, {"yank", "acme/sentiment"}, 2, "yank takes one version, and '@latest' may move",
              "name it exactly, as in acme/sentiment@1.2.3");
  shop.answer({"promote", "@1.2.0", "stable"});
  shop.answer({"promote", "@1.2.0", "canary"});
  check_error(shop, {"yank", "@1.2.0"}, 4,
              "acme/sentiment@1.2.0 is named by channels canary, stable",
              "move them to another version in the same step with --use VERSION");
  check_error(shop, {"yank", "@1.2.0", "--use", "1.2.0"}, 2,
              "--use names the version that is yanked: 1.2.0", "name another one");
  check_error(shop, {"yank", "@1.2.0", "--use", "7.0.0"}, 3,
              "--use: no version of 'acme/sentiment' matches '7.0.0'", "the newest is 1.2.0");
  check_error(shop, {"yank", "@1.2.0", "--use", "1.1.0", "--undo"}, 2,
              "--undo and --use exclude each other", "give one of them");
  const auto moved = shop.algoctl({"yank", "@1.2.0", "-m", "wrong", "--use", "1.1.0"});
  CHECK(moved.out == "1.2.0\n");
  CHECK(moved.err == "algoctl: acme/sentiment@1.2.0 is yanked; canary, stable moved to 1.1.0\n");
  CHECK(shop.answer({"resolve", "@stable"}) == "1.1.0");
}

TEST_CASE("yank: of every version leaves nothing to choose, and says so") {
  const HistoryShop shop;
  for (const char* version : {"@1.0.0", "@1.1.0", "@1.2.0"}) {
    shop.answer({"yank", version, "-m", "all wrong"});
  }
  check_error(shop, {"resolve", "acme/sentiment"}, 3,
              "every version of 'acme/sentiment' that matches 'latest' is yanked, such as 1.2.0: "
              "all wrong",
              "name one exactly to use it all the same, as in acme/sentiment@1.2.0");
}

TEST_CASE("annotate: metadata after the fact, as events") {
  const HistoryShop shop;
  CHECK(shop.answer({"annotate", "@1.0.0", "accuracy=0.95", "approved_by=ada lovelace"}) ==
        "1.0.0");
  CHECK(shop.answer({"show", "@1.0.0", "meta.accuracy", "meta.approved_by"}) ==
        "0.95\nada lovelace");
  const std::string before = shop.state();
  shop.answer({"annotate", "@1.0.0", "accuracy=0.95"});
  CHECK(shop.algoctl({"annotate", "@1.1.0", "accuracy=0.1", "x=y", "--dry-run"}).err ==
        "algoctl: would note accuracy=0.1, x=y of acme/sentiment@1.1.0\n");
  CHECK(shop.state() == before);
  CHECK(shop.answer({"list", "acme/sentiment", "--meta", "accuracy"}) ==
        "1.2.0 0.92\n1.1.0 0.91\n1.0.0 0.95");
  CHECK(shop.answer({"list", "acme/sentiment", "--meta", "approved_by"}) ==
        "1.2.0\n1.1.0\n1.0.0 ada lovelace");
  CHECK(shop.answer({"list", "acme/sentiment", "--meta", "approved_by", "--json"})
            .find(R"("value":null},{"version":"1.1.0")") != std::string::npos);
  check_error(shop, {"annotate", "@1.0.0"}, 2, "argument K=V is missing",
              "see: algoctl annotate --help");
  check_error(shop, {"annotate", "@1.0.0", "accuracy"}, 2, "malformed pair 'accuracy'",
              "write KEY=VALUE");
  check_error(shop, {"annotate", "@1.0.0", "a=1", "a=2"}, 2, "metadata 'a' was given twice",
              "give it once");
}

TEST_CASE("list: one thing at a time, of an algorithm") {
  const HistoryShop shop;
  check_error(shop, {"list", "--channels"}, 2, "--channels needs an algorithm",
              "write list OWNER/NAME --channels");
  check_error(shop, {"list", "acme/sentiment", "--channels", "--labels"}, 2,
              "--labels, --channels and --meta exclude each other", "give one of them");
}

TEST_CASE("log: seven fields, newest first, of one algorithm or all") {
  const HistoryShop shop;
  shop.answer({"promote", "@1.0.0", "stable", "-m", "first\tthing"});
  shop.answer({"promote", "@1.1.0", "stable"});
  shop.answer(
      {"rollback", "acme/sentiment", "stable", "--expect", "1.1.0", "--hold", "-m", "slow"});
  const std::string who = shop.who();
  CHECK(without_times(shop.answer({"log", "acme/sentiment", "--channel", "stable"})) ==
        filled("TIME\tWHO\thold\tstable\t\t\tslow\n"
               "TIME\tWHO\trollback\tstable\t1.1.0\t1.0.0\tslow\n"
               "TIME\tWHO\tpromote\tstable\t1.0.0\t1.1.0\t\n"
               "TIME\tWHO\tpromote\tstable\t\t1.0.0\tfirst thing",
               {{"WHO", who}}));
  const std::string all = without_times(shop.answer({"log"}));
  CHECK(all.find(filled("TIME\tWHO\tpromote\tacme/sentiment@stable\t1.0.0\t1.1.0\t\n",
                        {{"WHO", who}})) != std::string::npos);
  CHECK(all.find(filled("TIME\tWHO\tannotate\tacme/sentiment@1.2.0 accuracy\t\t0.92\t\n"
                        "TIME\tWHO\tpublish\tacme/sentiment\t1.1.0\t1.2.0\tnote 2\n"
                        "TIME\tWHO\tlabel\tdata://acme/sentiment/m2\t\tsha256:",
                        {{"WHO", who}}) +
                 sha256_of("2")) != std::string::npos);
  check_error(shop, {"log", "acme/sentiment", "--channel", "canary"}, 3,
              "algorithm 'acme/sentiment' has no channel 'canary'", "there are: stable");
  check_error(shop, {"log", "--channel", "stable"}, 2,
              "a channel belongs to an algorithm, and none is named",
              "write log OWNER/NAME --channel stable");
  check_error(shop, {"log", "--since", "yesterday"}, 2,
              "option --since: malformed time 'yesterday'",
              "write 2026-03-03T10:00:00Z, or 2026-03-03 for the beginning of that day");
}

TEST_CASE("log and resolve --at: what was live then, and who moved it") {
  const HistoryShop shop;
  shop.answer({"promote", "@1.0.0", "stable"});
  const std::string then = shop.last();
  shop.let_time_pass();
  shop.answer({"promote", "@1.2.0", "stable"});
  shop.answer({"yank", "@1.1.0", "-m", "wrong"});
  shop.write("m2", "other");
  shop.answer({"upload", "m2", "--replace"});
  CHECK(shop.answer({"resolve", "@stable"}) == "1.2.0");
  CHECK(shop.answer({"resolve", "@stable", "--at", then}) == "1.0.0");
  CHECK(shop.answer({"resolve", "@~1.1", "--at", then}) == "1.1.0");
  CHECK(shop.answer({"resolve", "@1.1.0", "--at", then, "--json"}).find(R"("yanked":false)") !=
        std::string::npos);
  CHECK(shop.answer({"resolve", "data://acme/sentiment/m2", "--at", then}) ==
        "sha256:" + sha256_of("2"));
  const std::string until =
      shop.answer({"log", "acme/sentiment", "--channel", "stable", "--until", then});
  CHECK(until.substr(0, until.find('\t')) == then);
  CHECK(split(until, '\n').size() == 1);
  const std::string since = shop.answer({"log", "acme/sentiment", "--since", then});
  CHECK(since.find("\tyank\t1.1.0\t\t\twrong") != std::string::npos);
  CHECK(since.find("\tpublish\t") == std::string::npos);
  check_error(shop, {"resolve", "@stable", "--at", "2020-02-29"}, 3,
              "algorithm 'acme/sentiment' had no channel 'stable' at TIME",
              "`algoctl log acme/sentiment` says what happened when");
  check_error(shop, {"resolve", "@stable", "--at", "2021-02-29"}, 2,
              "option --at: malformed time '2021-02-29'",
              "write 2026-03-03T10:00:00Z, or 2026-03-03 for the end of that day");
  check_error(shop, {"resolve", "@stable", "--at", then, "--locked"}, 2,
              "--locked and --at exclude each other", "give one of them");
}

TEST_CASE("diff: files and metadata, field by field") {
  const HistoryShop shop;
  CHECK(shop.answer({"diff", "@1.0.0", "@1.1.0"}) ==
        "meta.accuracy\t0.90\t0.91\nmodels.model.sha256\t" + sha256_of("0") + "\t" +
            sha256_of("1") +
            "\nmodels.model.uri\tdata://acme/sentiment/m0\tdata://acme/sentiment/m1");
  CHECK(shop.algoctl({"diff", "@1.0.0", "@1.1.0", "--exit-code"}).exit == 1);
  const auto same = shop.algoctl({"diff", "@1.1.0", "@1.1.0", "--exit-code"});
  CHECK(same.exit == 0);
  CHECK(same.out == "");
  CHECK(shop.answer({"diff", "@1.0.0", "@1.0.0", "--json"}) ==
        R"({"schema":"algoctl.diff/v1","left":"acme/sentiment@1.0.0",)"
        R"("right":"acme/sentiment@1.0.0","differences":[]})");
}

}  // namespace algoctl::test
