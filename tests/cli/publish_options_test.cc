#include <doctest/doctest.h>

#include <filesystem>

#include "support/shop.h"

namespace algoctl::test {
namespace {

struct OptionsShop : Started {
  OptionsShop() {
    ship("a.bin", "a");
    write("b.bin", "b");
    answer({"upload", "b.bin"});
  }
};

const std::map<std::string, std::string> kGit = {
    {"GIT_CONFIG_GLOBAL", "/dev/null"}, {"GIT_CONFIG_NOSYSTEM", "1"},
    {"GIT_AUTHOR_NAME", "Ada"},         {"GIT_AUTHOR_EMAIL", "ada@example.org"},
    {"GIT_COMMITTER_NAME", "Ada"},      {"GIT_COMMITTER_EMAIL", "ada@example.org"}};

std::string git(const Shop& shop, Arguments arguments) {
  arguments.insert(arguments.begin(), "git");
  const auto result = run(arguments, shop.inside({.env = kGit}));
  REQUIRE_MESSAGE(result.exit == 0, result.err);
  return result.out.substr(0, result.out.find('\n'));
}

}  // namespace

TEST_CASE("publish: --expect is compare-and-set, and repeats find themselves") {
  const OptionsShop shop;
  check_error(shop, {"publish", "--expect", "none"}, 4,
              "the newest version is not the expected one\n  expected: none\n  newest:   1.0.0",
              "look at what was published, then repeat with that --expect");
  CHECK(shop.answer({"publish", "--expect", "1.0.0"}) == "1.1.0");
  CHECK(shop.answer({"publish", "--expect", "1.0.0"}) == "1.1.0");  // the answer was lost
  CHECK(shop.answer({"publish", "--expect", "1.1.0"}) == "1.1.0");
  shop.write("c.bin", "c");
  shop.answer({"upload", "c.bin"});
  check_error(shop, {"publish", "--expect", "1.0.0"}, 4,
              "the newest version is not the expected one\n  expected: 1.0.0\n  newest:   1.1.0",
              "look at what was published, then repeat with that --expect");
  const Shop fresh;
  fresh.answer({"init", "acme/sentiment"});
  fresh.write("a.bin", "a");
  fresh.answer({"upload", "a.bin"});
  CHECK(fresh.answer({"publish", "--expect", "none"}) == "1.0.0");
  CHECK(fresh.answer({"publish", "--expect", "none"}) == "1.0.0");
}

TEST_CASE("publish: an idempotency key has one answer, for ever, for one request") {
  const OptionsShop shop;
  const Arguments keyed = {"publish", "--idempotency-key", "run-17", "-m", "n", "--json"};
  const std::string manifest = shop.manifest();
  const std::string first = shop.answer(keyed);
  CHECK(first.find("\"version\":\"1.1.0\",\"previous\":\"1.0.0\",\"created\":true") !=
        std::string::npos);
  CHECK(shop.answer(keyed) == first);
  shop.ship("c.bin", "c");
  const auto refused = [&](const Arguments& arguments) {
    check_error(
        shop, arguments, 4,
        "idempotency key 'run-17' was used for another request, which made 1.1.0",
        "use a new --idempotency-key, or repeat the manifest and options of the first time");
  };
  refused({"publish", "--idempotency-key", "run-17", "-m", "n"});  // another manifest
  shop.write("algorithm.json", manifest);
  CHECK(shop.answer(keyed) == first);
  shop.write("algorithm.json", manifest);
  refused({"publish", "--idempotency-key", "run-17"});  // without the notes
  refused({"publish", "--idempotency-key", "run-17", "-m", "n", "--bump", "patch"});
  refused({"publish", "--idempotency-key", "run-17", "-m", "n", "--meta", "a=1"});
  refused({"publish", "--idempotency-key", "run-17", "-m", "n", "--allow-duplicate"});
  CHECK(shop.answer({"list", "acme/sentiment"}) == "1.2.0\n1.1.0\n1.0.0");
  // A key makes --allow-duplicate repeatable, and belongs to its algorithm.
  const Arguments duplicate = {"publish", "--allow-duplicate", "--idempotency-key", "d", "--force"};
  CHECK(shop.answer(duplicate) == "1.3.0");
  CHECK(shop.answer(duplicate) == "1.3.0");
  shop.answer({"init", "acme/other", "--dir", "other"});
  shop.answer({"upload", "c.bin", "--manifest", "other/algorithm.json"});
  CHECK(shop.answer({"publish", "--idempotency-key", "d", "--manifest", "other/algorithm.json"}) ==
        "1.0.0");
}

TEST_CASE("publish: a key's answer names the channels of then, and a dry run gives it too") {
  const OptionsShop shop;
  const auto keyed = [](const char* key, Arguments options) {
    Arguments arguments = {"publish", "--json", "--idempotency-key", key, "--channel", "canary"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return arguments;
  };
  const std::string made = shop.answer(keyed("made", {}));
  CHECK(made.find(R"("channels":["canary"])") != std::string::npos);
  shop.answer({"promote", "@1.1.0", "stable"});
  const std::string found = shop.answer(keyed("found", {}));
  CHECK(found.find(R"("created":false)") != std::string::npos);
  CHECK(found.find(R"("channels":["canary","stable"])") != std::string::npos);
  shop.answer({"promote", "@1.1.0", "later"});
  shop.answer({"promote", "@1.0.0", "stable", "--force"});
  for (const auto& [key, answer] : {std::pair{"made", made}, {"found", found}}) {
    CHECK(shop.answer(keyed(key, {})) == answer);
    const auto dry = shop.algoctl(keyed(key, {"--dry-run"}));
    CHECK(dry.out == answer + "\n");
  }
  const auto said =
      shop.algoctl({"publish", "--idempotency-key", "made", "--channel", "canary", "--dry-run"});
  CHECK(said.err == "algoctl: published acme/sentiment@1.1.0\n");
}

TEST_CASE("publish: a key is answered although an object went away since") {
  const OptionsShop shop;
  const Arguments keyed = {"publish", "--idempotency-key", "run-1"};
  CHECK(shop.answer(keyed) == "1.1.0");
  std::filesystem::remove_all(shop.home() + "/store/objects/sha256");
  CHECK(shop.answer(keyed) == "1.1.0");
}

TEST_CASE("publish: --expect with a number below the highest speaks of that number's line") {
  const OptionsShop shop;
  CHECK(shop.answer({"publish", "--version", "3.0.0"}) == "3.0.0");
  check_error(shop, {"publish", "--version", "2.5.0", "--expect", "2.0.0"}, 4,
              "the newest version on line 2.5 is not the expected one\n  expected: 2.0.0\n  "
              "newest:   none",
              "look at what was published, then repeat with that --expect");
}

TEST_CASE("publish: notes and metadata are shown, and --meta that was not recorded is said") {
  const OptionsShop shop;
  CHECK(shop.answer({"publish", "-m", "retrained\non May", "--meta", "accuracy=0.93", "--meta",
                     "data=a=b"}) == "1.1.0");
  CHECK(shop.answer({"show", "@latest", "notes", "meta.accuracy", "meta.data"}) ==
        "retrained on May\n0.93\na=b");
  const auto again = shop.algoctl({"publish", "--meta", "accuracy=0.94"});
  CHECK(again.exit == 0);
  CHECK(again.err ==
        "algoctl: warning: nothing was published, so --meta was not recorded\n"
        "algoctl: acme/sentiment@1.1.0 says the same: nothing was published\n");
}

TEST_CASE("publish: malformed options change nothing") {
  const OptionsShop shop;
  struct Row {
    Arguments options;
    std::string message;
    std::string hint;
  };
  const std::vector<Row> rows = {
      {{"--meta", "a"}, "option --meta: malformed pair 'a'", "write KEY=VALUE"},
      {{"--meta", "=1"}, "option --meta: malformed pair '=1'", "write KEY=VALUE"},
      {{"--meta", "a=1", "--meta", "a=2"}, "option --meta: 'a' was given twice", ""},
      {{"--line", "1"}, "option --line: malformed line '1'", "write two numbers, such as 1.2"},
      {{"--line", "v1.2"},
       "option --line: malformed line 'v1.2'",
       "write two numbers, such as 1.2"},
      {{"--pre", ""}, "option --pre: the value is empty", "give it one, or leave the option out"},
      {{"--idempotency-key=", "--allow-duplicate"},
       "option --idempotency-key: the value is empty",
       "give it one, or leave the option out"},
      {{"-m", "-h"},
       "option --message needs a value: -m, --message NOTES",
       "see: algoctl publish --help"},
      {{"--pre", "01"},
       "malformed prerelease name '01' in --pre",
       "write one word of letters, digits and '-', such as rc"},
      {{"--pre", "a.b"},
       "malformed prerelease name 'a.b' in --pre",
       "write one word of letters, digits and '-', such as rc"},
      {{"--version", "1"},
       "option --version: malformed version '1'",
       "a version has three numbers, such as 1.2.0"},
      {{"--version", "2.0.0", "--bump", "minor"},
       "--version names the whole number",
       "leave out --bump, --pre and --line"},
      {{"--version", "2.0.0", "--pre", "rc"},
       "--version names the whole number",
       "leave out --bump, --pre and --line"},
      {{"--version", "2.0.0", "--line", "1.0"},
       "--version names the whole number",
       "leave out --bump, --pre and --line"},
  };
  for (const Row& row : rows) {
    Arguments arguments = {"publish"};
    arguments.insert(arguments.end(), row.options.begin(), row.options.end());
    check_error(shop, arguments, 2, row.message, row.hint);
  }
}

TEST_CASE("publish: --dry-run says the number and changes nothing") {
  const OptionsShop shop;
  const std::string before = shop.state();
  const auto result = shop.algoctl({"publish", "--dry-run", "--idempotency-key", "k"});
  CHECK(result.exit == 0);
  CHECK(result.out == "1.1.0\n");
  CHECK(result.err == "algoctl: would publish acme/sentiment@1.1.0\n");
  CHECK(shop.algoctl({"publish", "--dry-run", "--expect", "none"}).exit == 4);
  CHECK(shop.state() == before);
}

TEST_CASE("publish: records commit, remote and whether the work tree was dirty") {
  const OptionsShop shop;
  git(shop, {"init", "-q"});
  CHECK(shop.answer({"publish"}) == "1.1.0");  // no commit yet
  CHECK(shop.answer({"show", "@latest", "git_commit", "git_remote"}) == "\n");
  git(shop, {"remote", "add", "origin", "https://user:secret@example.org/acme/sentiment.git"});
  git(shop, {"add", "."});
  git(shop, {"commit", "-q", "-m", "first"});
  const std::string commit = git(shop, {"rev-parse", "HEAD"});
  const auto ship = [&](const std::string& name) {
    shop.write(name, name);         // untracked files do not count
    shop.answer({"upload", name});  // algorithm.json itself does not count
    shop.answer({"publish"});
    return shop.answer({"show", "@latest", "git_commit", "git_remote", "git_dirty"});
  };
  const std::string source = commit + "\nhttps://example.org/acme/sentiment.git\n";
  CHECK(ship("c.bin") == source + "false");
  shop.write("a.bin", "edited");
  CHECK(ship("d.bin") == source + "true");
  CHECK(shop.answer({"upload", "d.bin", "--as", "{git}.bin"}) ==
        "data://acme/sentiment/" + commit.substr(0, 12) + ".bin");
}

}  // namespace algoctl::test
