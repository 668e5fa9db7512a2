// What the program answers when a shell asks it what may stand at the cursor.

#include <doctest/doctest.h>

#include <filesystem>

#include "base/text.h"
#include "registry/migrate.h"
#include "registry/sqlite_db.h"
#include "support/shop.h"

namespace algoctl::test {
namespace {

struct CompletionShop : Started {
  CompletionShop() {
    ship("jan.pkl", "January");
    ship("feb.pkl", "February", {"-m", "retrained \033[2J\n" + std::string(200, 'x')});
    ship("rc.pkl", "March", {"--pre", "rc"});
  }

  void sql(const std::string& text) const {
    REQUIRE(run({"sqlite3", home() + "/registry.db", text}).exit == 0);
  }
};

const char* const kNone = "none\t\n";

/// The whole answer to `algoctl WORDS`, of which the last is at the cursor.
std::string complete(const Shop& shop, Arguments words, const ProcessOptions& options = {}) {
  words.insert(words.begin(), {"__complete", "words"});
  const auto result = shop.algoctl(words, options);
  CHECK(result.exit == 0);
  CHECK(result.err == "");
  return without_dates(result.out);
}

/// The candidates alone, with a space between them.
std::string words(const Shop& shop, const Arguments& typed) {
  std::vector<std::string> found;
  for (const std::string& line : split(complete(shop, typed), '\n')) {
    if (!line.empty()) found.push_back(line.substr(0, line.find('\t')));
  }
  found.erase(found.begin());
  return join(found, " ");
}

}  // namespace

TEST_CASE("completion: values come from the registry, highest versions first") {
  const CompletionShop shop;
  shop.sql("INSERT INTO channel SELECT algorithm, 'stable', 1, 1, NULL FROM version WHERE seq = 1");
  shop.sql("INSERT INTO yank SELECT algorithm, 1, 'biased', NULL, 1 FROM version WHERE seq = 1");
  const std::string notes = "retrained \\x1b[2J\\x0a" + std::string(54, 'x') + "…";
  CHECK(complete(shop, {"resolve", "acme/sentiment@"}) ==
        "none\t\n"
        "acme/sentiment@latest\tthe highest release\n"
        "acme/sentiment@stable\t1.0.0\n"
        "acme/sentiment@1.2.0-rc.1\tDATE\n"
        "acme/sentiment@1.1.0\tDATE " +
            notes +
            "\n"
            "acme/sentiment@1.0.0\tDATE yanked biased\n");
  struct Case {
    Arguments typed;
    std::string want;
  };
  for (const Case& each : std::vector<Case>{
           {{"resolve", ""}, "acme/sentiment acme/sentiment@"},
           {{"resolve", "acme/sentiment@1.1"}, "acme/sentiment@1.1.0"},
           {{"resolve", "acme/sentiment@^1.0"}, "acme/sentiment@^1.0.0"},
           {{"resolve", "acme/sentiment@>=1.2"}, "acme/sentiment@>=1.2.0-rc.1"},
           {{"resolve", "@s"}, "@stable"},
           {{"resolve", "acme/other@"}, ""},
           {{"resolve", "ACME@"}, ""},
           {{"resolve", "d"}, "data://"},
           {{"resolve", "data://acme"}, "data://acme/sentiment/"},
           {{"resolve", "data://acme/sentiment/f"}, "data://acme/sentiment/feb.pkl"},
           {{"list", ""}, "acme/sentiment"},
           {{"pull", "@1.0.0", "--slot", ""}, "model"},
           {{"pull", "--slot", ""}, "model"},
           {{"pull", "acme/sentiment@9", "--slot", ""}, ""},
           {{"publish", "--expect", "1.1"}, "1.1.0"},
           {{"publish", "--line", ""}, "1.2 1.1 1.0"},
           {{"publish", "--bump", "p"}, "patch"},
           {{"publish", "-m", ""}, ""},
           {{"use", ""}, "model="},
           {{"use", "model=j"}, "model=jan.pkl"},
           {{"use", "model=jan.pkl", "other=f"}, "other=feb.pkl"},
           {{"use", "--from", "acme/sentiment@1.0"}, "acme/sentiment@1.0.0"},
           {{"upload", "x", "--algorithm", ""}, "acme/sentiment"},
           {{"upload", "x", "--as", "feb"}, "feb.pkl"},
       }) {
    CAPTURE(join(each.typed, " "));
    CHECK(words(shop, each.typed) == each.want);
  }
}

TEST_CASE("completion: two algorithms are named, not their versions") {
  const CompletionShop shop;
  shop.answer({"init", "acme/spelling", "--dir", "other"});
  shop.answer({"upload", "jan.pkl", "--algorithm", "acme/spelling", "--no-manifest"});
  CHECK(words(shop, {"resolve", "acme/s"}) == "acme/sentiment acme/spelling");
  CHECK(words(shop, {"resolve", "acme/sp"}) == "acme/spelling acme/spelling@");
}

TEST_CASE("completion: commands, options and choices come from the tables") {
  const Shop shop;
  CHECK(complete(shop, {"conf"}) == "none\t\nconfig\tprint each setting and where it came from\n");
  CHECK(words(shop, {"help", "out"}) == "outdated");
  CHECK(words(shop, {"he"}) == "help");
  CHECK(words(shop, {"help", "config", ""}) == "");
  CHECK(words(shop, {"--vers"}) == "--version");
  CHECK(words(shop, {"config", "--vers"}) == "");
  CHECK(words(shop, {"bogus", ""}) == "");
  CHECK(words(shop, {"outdated", "--e"}) == "--exit-code");
  CHECK(words(shop, {"outdated", "--exit-code", "--e"}) == "");
  CHECK(words(shop, {"pull", "--slot", "a", "--sl"}) == "--slot");
  CHECK(words(shop, {"outdated", ""}).find("--exit-code --json --quiet") == 0);
  CHECK(words(shop, {"outdated", "--", ""}) == "");
  CHECK(words(shop, {"completion", ""}) == "bash zsh fish");
  CHECK(words(shop, {"publish", "--bump=m"}) == "--bump=major --bump=minor");
  CHECK(words(shop, {"publish", "--dry-run="}) == "");
  CHECK(words(shop, {"--json", "--timeout", "5", "outd"}) == "outdated");
}

TEST_CASE("completion: paths are left to the shell, with what stands before them") {
  const Shop shop;
  CHECK(complete(shop, {"upload", ""}) == "files\t\n");
  CHECK(complete(shop, {"upload", "model=o"}) == "files\tmodel=\n");
  CHECK(complete(shop, {"upload", "--", "-"}) == "files\t\n");
  CHECK(complete(shop, {"pull", "--to=x"}) == "files\t--to=\n");
  CHECK(complete(shop, {"pull", "-o", ""}) == "folders\t\n");
  CHECK(complete(shop, {"--home", ""}) == "folders\t\n");
  CHECK(complete(shop, {"config", "--manifest", ""}) == "files\t\n");
}

TEST_CASE("completion: a quoted line, and the piece that the shell replaces") {
  const CompletionShop shop;
  const auto line = [&](const Arguments& arguments) {
    Arguments all = {"__complete", "line"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return without_dates(shop.algoctl(all).out);
  };
  const std::string candidate = "acme/sentiment@^1.0.0\tDATE\n";
  CHECK(line({"algoctl resolve 'acme/sentiment@^1.0"}) == kNone + candidate);
  CHECK(line({"algoctl resolve acme/sentiment@^1.0", "acme/sentiment@^1.0"}) == kNone + candidate);
  CHECK(line({"algoctl resolve acme/sentiment@^1.0", "^1.0"}) == kNone + candidate.substr(15));
  CHECK(line({"algoctl resolve acme/sentiment@1.0", ""}) == "none\t\n.0\tDATE\n");
  CHECK(line({"algoctl upload model=o", "o"}) == "files\t\n");
  CHECK(line({"algoctl upload model=o", "model=o"}) == "files\tmodel=\n");
  CHECK(line({"algoctl"}) == "");
  CHECK(line({""}) == "");
}

TEST_CASE("completion: whatever is wrong, nothing is said and nothing is made") {
  const Shop absent;
  CHECK(complete(absent, {"resolve", ""}) == kNone);
  CHECK(complete(absent, {"resolve", "acme/sentiment@"}) == kNone);
  CHECK(complete(absent, {"--registry", "/nowhere/r.db", "resolve", ""}) == kNone);
  CHECK(complete(absent, {"--registry", "postgres://ada:secret@db/models", "resolve", ""}) ==
        kNone);
  CHECK(complete(absent, {"resolve", ""}, {.env = {{"ALGOCTL_TIMEOUT", "x"}}}) == kNone);
  CHECK(complete(absent, {"use", ""}) == kNone);
  absent.write("algorithm.json", "{\"name\": \"acme/sent");
  CHECK(complete(absent, {"use", ""}) == kNone);
  CHECK(complete(absent, {"publish", "--expect", ""}) == kNone);
  absent.write(".algoctl.json", "{");
  CHECK(words(absent, {"outd"}) == "outdated");
  for (const Arguments& odd : {Arguments{"__complete"},
                               {"__complete", "words"},
                               {"__complete", "x"},
                               {"__complete", "line"}}) {
    const auto result = absent.algoctl(odd);
    CHECK(result.exit == 0);
    CHECK(result.out + result.err == "");
  }
  CHECK(!std::filesystem::exists(absent.home()));

  const CompletionShop stocked;
  const std::string before = stocked.state();
  CHECK(words(stocked, {"resolve", "acme/sentiment@1.0"}) == "acme/sentiment@1.0.0");
  CHECK(stocked.state() == before);
  std::filesystem::resize_file(stocked.home() + "/registry.db", 5000);
  CHECK(words(stocked, {"resolve", "acme/sentiment@1.0"}) == "");
}

TEST_CASE("completion: an older registry is not brought up to date by a key") {
  const Shop shop;
  std::filesystem::create_directories(shop.home());
  const std::string path = shop.home() + "/registry.db";
  migrate(*open_sqlite({path, SqliteOptions::Mode::create, std::chrono::seconds(1), nullptr}), path,
          1);
  const auto version = [&] { return run({"sqlite3", path, "PRAGMA user_version"}).out; };
  CHECK(words(shop, {"list", ""}) == "");
  CHECK(version() == "1\n");
  CHECK(shop.answer({"list"}) == "");
  CHECK(version() != "1\n");
}

TEST_CASE("completion: somebody who writes is not waited for") {
  const CompletionShop shop;
  Process writer({"sqlite3", shop.home() + "/registry.db"}, {.hold_input = true});
  writer.type("BEGIN EXCLUSIVE; SELECT 'locked';\n");
  writer.wait_for_out("locked");
  CHECK(words(shop, {"list", ""}) == "acme/sentiment");
}

TEST_CASE("completion: the hidden command is in no help and no suggestion") {
  const Shop shop;
  CHECK(shop.answer({"--help"}).find("__complete") == std::string::npos);
  CHECK(shop.algoctl({"_complete"}).err.find("__complete") == std::string::npos);
  CHECK(words(shop, {"_"}) == "");
}

TEST_CASE("completion: prints the script, alone or in a record") {
  const Shop shop;
  const std::string script = shop.answer({"completion", "bash"});
  CHECK(script.find("complete -F _algoctl algoctl") != std::string::npos);
  const std::string record = shop.answer({"completion", "bash", "--json"});
  CHECK(
      starts_with(record, R"({"schema":"algoctl.completion/v1","shell":"bash","script":"# Compl)"));
  check_error(shop, {"completion"}, 2, "argument bash|zsh|fish is missing",
              "see: algoctl completion --help");
  check_error(shop, {"completion", "fis"}, 2, "no completion for shell 'fis'",
              "did you mean 'fish'?");
  check_error(shop, {"completion", "powershell"}, 2, "no completion for shell 'powershell'",
              "one of: bash, zsh, fish");
}

}  // namespace algoctl::test
