#include <doctest/doctest.h>
#include <signal.h>

#include <filesystem>

#include "base/json.h"
#include "base/text.h"
#include "registry/sqlite_db.h"
#include "support/damage.h"
#include "support/shop.h"

namespace fs = std::filesystem;

namespace algoctl::test {
namespace {

/// One algorithm, one version 1.0.0 of it, and a second file that is not uploaded.
struct ExitShop : Started {
  ExitShop() {
    ship("first.pkl", "first");
    write("second.pkl", "second");
  }
};

struct Failure {
  int exit;
  std::string code;
  Arguments arguments;
  std::string message;
  std::string hint;
};

std::string record_of(const Failure& failure) {
  return Json::object()
             .set("schema", "algoctl.error/v1")
             .set("code", failure.code)
             .set("exit", failure.exit)
             .set("message", failure.message)
             .set("hint", failure.hint.empty() ? Json(nullptr) : Json(failure.hint))
             .dump() +
         "\n";
}

/// Fails alike for people and for programs, twice, and changes nothing.
void check_failure(const Shop& shop, const Failure& failure) {
  CAPTURE(join(failure.arguments, " "));
  const std::string before = shop.state();
  const auto plain = shop.algoctl(failure.arguments);
  CHECK(plain.exit == failure.exit);
  CHECK(plain.out == "");
  CHECK(plain.err == error_text(failure.message, failure.hint));
  Arguments with_json = failure.arguments;
  with_json.push_back("--json");
  const auto json = shop.algoctl(with_json);
  CHECK(json.exit == failure.exit);
  CHECK(json.out == "");
  CHECK(json.err == record_of(failure));
  CHECK(shop.state() == before);
}

}  // namespace

TEST_CASE("exit codes: each failure has its own, in words and as a record") {
  const ExitShop shop;
  const std::string lock = shop.work() + "/algoctl.lock";
  const std::string nowhere = shop / "nowhere.db";
  const std::vector<Failure> failures = {
      {2,
       "usage",
       {"resolve", "acme/sentiment@"},
       "reference 'acme/sentiment@' has an empty selector",
       "leave out what follows the name for the latest release, or write @latest"},
      {2,
       "usage",
       {"publish", "--bump", "mayor"},
       "option --bump: unknown part 'mayor'",
       "did you mean 'major'?"},
      {3,
       "not_found",
       {"resolve", "acme/sentimant"},
       "there is no algorithm 'acme/sentimant'",
       "did you mean 'acme/sentiment'?"},
      {3,
       "not_found",
       {"upload", "third.pkl"},
       "there is no file 'third.pkl'",
       "check the path and the current folder"},
      {4,
       "conflict",
       {"publish", "--expect", "0.9.0"},
       "the newest version is not the expected one\n  expected: 0.9.0\n  newest:   1.0.0",
       "look at what was published, then repeat with that --expect"},
      {6,
       "storage",
       {"resolve", "acme/sentiment", "--registry", nowhere},
       "there is no registry at '" + nowhere + "'",
       "check --registry and ALGOCTL_REGISTRY; `algoctl init` makes the default one"},
      {9,
       "lock_mismatch",
       {"pin", "--locked"},
       "there is no lock file '" + lock + "'",
       "make one with `algoctl pin OWNER/NAME@SELECTOR`"},
  };
  for (const Failure& failure : failures) check_failure(shop, failure);
  // 8 needs a store that asks for credentials, and 70 is a defect: neither can be provoked yet.
}

TEST_CASE("exit codes: 1 when the gate of --test says no, and nothing was published") {
  const ExitShop shop;
  const std::string manifest = shop.manifest();
  const Failure failure{1,
                        "check_failed",
                        {"release", "second.pkl", "--test", "exit 3"},
                        "the test 'exit 3' exited with 3",
                        "nothing was published; mend the model or the test and run it again"};
  const auto plain = shop.algoctl(failure.arguments);
  CHECK(plain.exit == 1);
  CHECK(plain.out == "");
  CHECK(plain.err == error_text(failure.message, failure.hint));
  CHECK(shop.answer({"list", "acme/sentiment"}) == "1.0.0");
  CHECK(shop.answer({"list", "acme/sentiment", "--labels"}) == "first.pkl");
  CHECK(shop.manifest() == manifest);
  check_failure(shop, failure);  // the bytes are stored by now: the rest changes nothing
}

TEST_CASE("exit codes: 1 when outdated is asked and something is behind, with the answer") {
  const ExitShop shop;
  shop.answer({"pin", "acme/sentiment@^1"});
  CHECK(shop.algoctl({"outdated", "--exit-code"}).exit == 0);
  shop.ship("third.pkl", "third");
  const auto behind = shop.algoctl({"outdated", "--exit-code"});
  CHECK(behind.exit == 1);
  CHECK(behind.out == "acme/sentiment 1.0.0 1.1.0\n");
  CHECK(behind.err == "");
  CHECK(shop.algoctl({"outdated"}).exit == 0);
}

TEST_CASE("exit codes: 5 when bytes are gone or are not what they were") {
  const ExitShop shop;
  const std::string object = object_path(shop, "first");
  const std::string hex = sha256_of("first");
  fs::permissions(object, fs::perms::owner_all);
  SUBCASE("gone") {
    fs::remove(object);
    check_failure(shop, {5,
                         "integrity",
                         {"pull", "acme/sentiment"},
                         "the object of label 'first.pkl' is not in the store: sha256:" + hex,
                         "upload the file again, or restore the store from a backup"});
    check_failure(shop, {5,
                         "integrity",
                         {"publish", "--allow-duplicate"},
                         "slot 'model': object sha256:" + hex + " is not in the store",
                         "upload the file again"});
  }
}

TEST_CASE("exit codes: 7 when the registry stays locked for longer than --timeout") {
  const ExitShop shop;
  const auto holder = open_sqlite({shop.home() + "/registry.db", SqliteOptions::Mode::read_write,
                                   std::chrono::milliseconds(0), nullptr});
  Transaction transaction(*holder, Db::Access::write);
  check_failure(shop,
                {7,
                 "busy",
                 {"publish", "--allow-duplicate", "--timeout", "0.1"},
                 "registry '" + shop.home() + "/registry.db' is still locked by another process",
                 "try again, or wait longer with --timeout"});
  CHECK(shop.answer({"resolve", "acme/sentiment"}) == "1.0.0");  // readers do not wait
}

TEST_CASE("exit codes: 130 and 143 when it is told to stop while it waits") {
  const ExitShop shop;
  const std::string before = shop.state();
  for (const auto& [signal, exit] : {std::pair{SIGINT, 130}, std::pair{SIGTERM, 143}}) {
    for (const bool json : {false, true}) {
      Arguments arguments = {ALGOCTL_PROGRAM, "upload", "-", "--as", "endless.bin"};
      if (json) arguments.push_back("--json");
      Process process(arguments,
                      shop.inside({.input = std::string(1 << 20, 'x'), .hold_input = true}));
      process.feed();
      process.send(signal);
      const auto result = process.wait();
      CHECK(result.exit == exit);
      CHECK(result.out == "");
      CHECK(result.err ==
            (json ? R"({"schema":"algoctl.error/v1","code":"interrupted","exit":)" +
                        std::to_string(exit) + R"(,"message":"interrupted","hint":null})" + "\n"
                  : "algoctl: interrupted\n"));
    }
  }
  CHECK(names_in(shop.home() + "/store/staging").empty());
  CHECK(shop.answer({"list", "acme/sentiment", "--labels"}) == "first.pkl");
}

}  // namespace algoctl::test
