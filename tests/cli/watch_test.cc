#include <doctest/doctest.h>
#include <signal.h>

#include <filesystem>

#include "support/damage.h"
#include "support/shop.h"

namespace fs = std::filesystem;

namespace algoctl::test {
namespace {

struct WatchShop : Started {
  WatchShop() {
    ship("m0", "0");
    ship("m1", "1");
    answer({"promote", "@1.0.0", "stable"});
  }

  [[nodiscard]] Arguments watch(Arguments arguments) const {
    arguments.insert(arguments.begin(), {ALGOCTL_PROGRAM, "watch"});
    return arguments;
  }
};

}  // namespace

TEST_CASE("watch: prints what a channel means now, then each change, until it is stopped") {
  const WatchShop shop;
  Process watch(shop.watch({"acme/sentiment@stable"}), shop.inside());
  watch.wait_for_out("1.0.0\n");
  shop.answer({"promote", "@1.1.0", "stable"});
  watch.wait_for_out("1.0.0\n1.1.0\n");
  shop.ship("m2", "2");  // a commit, but no change of what is watched
  shop.answer({"rollback", "acme/sentiment", "stable", "--expect", "1.1.0"});
  watch.wait_for_out("1.0.0\n1.1.0\n1.0.0\n");
  watch.send(SIGINT);
  const auto result = watch.wait();
  CHECK(result.exit == 130);
  CHECK(result.out == "1.0.0\n1.1.0\n1.0.0\n");
  CHECK(result.err == "algoctl: interrupted\n");
}

TEST_CASE("watch --once: ends at the first change; of a label too") {
  const WatchShop shop;
  Process version(shop.watch({"acme/sentiment@^1", "--once"}), shop.inside());
  version.wait_for_out("1.1.0\n");
  Process label(shop.watch({"data://acme/sentiment/m0", "--once", "--json"}), shop.inside());
  label.wait_for_out(sha256_of("0"));
  shop.ship("m2", "2");
  const auto ended = version.wait();
  CHECK(ended.exit == 0);
  CHECK(ended.out == "1.1.0\n1.2.0\n");
  CHECK(ended.err == "");
  shop.write("m0", "moved");
  shop.answer({"upload", "m0", "--replace"});
  const auto moved = label.wait();
  CHECK(moved.exit == 0);
  const std::string head = R"({"schema":"algoctl.watch/v1","algorithm":"acme/sentiment",)"
                           R"("reference":"data://acme/sentiment/m0","version":null,"sha256":")";
  CHECK(moved.out == head + sha256_of("0") + "\"}\n" + head + sha256_of("moved") + "\"}\n");
}

TEST_CASE("watch --exec: runs the command with verified files, and outlives its failure") {
  const WatchShop shop;
  const std::string command =
      "echo \"$ALGOCTL_VERSION $(cat \"$ALGOCTL_MODEL_MODEL\")\" >>seen; test $ALGOCTL_VERSION != "
      "1.1.0";
  Process watch(shop.watch({"acme/sentiment@latest", "--exec", command}), shop.inside());
  watch.wait_for_err("exited with 1\n");
  CHECK(shop.read("seen") == "1.1.0 1\n");
  shop.ship("m2", "two");
  watch.wait_for_out("1.1.0\n1.2.0\n");
  while (shop.read("seen") != "1.1.0 1\n1.2.0 two\n") {
  }
  watch.send(SIGTERM);
  const auto result = watch.wait();
  CHECK(result.exit == 143);
  CHECK(result.out == "1.1.0\n1.2.0\n");
  CHECK(result.err ==
        "algoctl: warning: the command 'echo \"$ALGOCTL_VERSION $(cat \"$ALGOCTL_MODEL_MODEL\")\" "
        ">>seen; test $ALGOCTL_VERS…' exited with 1\nalgoctl: interrupted\n");
}

TEST_CASE("watch: what is not there at first is an error; what goes away later is only said") {
  const WatchShop shop;
  shop.answer({"promote", "@1.1.0", "stable", "--force"});
  check_error(shop, {"watch", "acme/sentiment@^7"}, 3,
              "no version of 'acme/sentiment' matches '^7'", "the newest is 1.1.0");
  Process watch(shop.watch({"acme/sentiment@^1"}), shop.inside());
  watch.wait_for_out("1.1.0\n");
  shop.answer({"yank", "@1.0.0"});
  shop.answer({"publish", "--version", "0.1.0", "--force", "--allow-duplicate"});
  shop.answer({"yank", "@1.1.0", "--use", "0.1.0"});
  watch.wait_for_err(
      "algoctl: warning: every version of 'acme/sentiment' that matches '^1' is yanked, such as "
      "1.1.0; still watching\n");
  shop.answer({"yank", "@1.0.0", "--undo"});
  watch.wait_for_out("1.1.0\n1.0.0\n");
  fs::rename(shop.home(), shop.home() + "-gone");
  fs::rename(shop.home() + "-gone", shop.home());
  shop.answer({"yank", "@1.1.0", "--undo"});
  watch.wait_for_out("1.1.0\n1.0.0\n1.1.0\n");
  watch.send(SIGTERM);
  CHECK(watch.wait().exit == 143);
}

TEST_CASE("watch --exec: a version that cannot be pulled is handed over when it can") {
  const WatchShop shop;
  const std::string object = object_path(shop, "1");
  fs::rename(object, object + "-away");
  Arguments arguments{"acme/sentiment@latest", "--exec", "echo $ALGOCTL_VERSION >>seen"};
  SUBCASE("of the first") {}
  SUBCASE("of the change that ends it") {
    shop.ship("m2", "2");
    shop.answer({"yank", "@1.1.0"});
    arguments.emplace_back("--once");
  }
  const bool once = arguments.back() == "--once";
  Process watch(shop.watch(arguments), shop.inside());
  if (once) {
    watch.wait_for_out("1.2.0\n");
    shop.answer({"yank", "@1.1.0", "--undo"});
    shop.answer({"yank", "@1.2.0"});
  }
  watch.wait_for_err("warning: 1.1.0 was not handed to the command: ");
  watch.wait_for_err("; trying again\n");
  fs::rename(object + "-away", object);
  while (!fs::exists(shop.work() + "/seen") ||
         shop.read("seen").find("1.1.0\n") == std::string::npos) {
  }
  if (!once) watch.send(SIGTERM);
  const auto result = watch.wait();
  CHECK(result.exit == (once ? 0 : 143));
  CHECK(result.err.find("not handed", result.err.find("not handed") + 1) == std::string::npos);
}

}  // namespace algoctl::test
