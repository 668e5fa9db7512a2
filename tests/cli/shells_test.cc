// Completion as people meet it: real shells, on a terminal, with the Tab key.

#include <doctest/doctest.h>

#include <filesystem>

#include "support/typist.h"

namespace algoctl::test {
namespace {

/// Two versions of one algorithm, a channel, another algorithm, and files to upload.
struct ShellShop : Shop {
  ShellShop() {
    answer({"init", "acme/zoning"});
    std::filesystem::remove(work() + "/algorithm.json");
    answer({"init", "acme/sentiment"});
    ship("mymodel-201901.pkl", "January");
    ship("mymodel-201902.pkl", "February", {"-m", "retrained"});
    write("out/second model.pkl", "two");
    write("sub/x", "");
    const auto set = run({"sqlite3", home() + "/registry.db",
                          "INSERT INTO channel SELECT algorithm, 'stable', 1, 1, NULL FROM version "
                          "WHERE seq = 1"});
    REQUIRE(set.exit == 0);
  }
};

struct Typed {
  std::string typed;
  std::string line;
};

// What both do alike.
const std::vector<Typed> kAlike = {
    {"algoctl pub\t", "algoctl publish "},
    {"algoctl re\t", "algoctl re"},
    {"algoctl publish --dr\t", "algoctl publish --dry-run "},
    {"algoctl publish --bump maj\t", "algoctl publish --bump major "},
    {"algoctl publish --bump=maj\t", "algoctl publish --bump=major "},
    {"algoctl resolve acme/s\t", "algoctl resolve acme/sentiment"},
    {"algoctl resolve acme/sentiment@s\t", "algoctl resolve acme/sentiment@stable "},
    {"algoctl resolve @1.1\t", "algoctl resolve @1.1.0 "},
    {"algoctl resolve 'acme/sentiment@^1.1\t", "algoctl resolve 'acme/sentiment@^1.1.0' "},
    {"algoctl resolve \"acme/sentiment@>=1.1\t", "algoctl resolve \"acme/sentiment@>=1.1.0\" "},
    {"algoctl resolve data:\t", "algoctl resolve data://"},
    {"algoctl resolve data://acme/s\t", "algoctl resolve data://acme/sentiment/"},
    {"algoctl resolve data://acme/sentiment/mymodel-201902\t",
     "algoctl resolve data://acme/sentiment/mymodel-201902.pkl "},
    {"algoctl pull acme/sentiment --slot m\t", "algoctl pull acme/sentiment --slot model "},
    {"algoctl pull 'acme/sentiment@^1' --slot m\t",
     "algoctl pull 'acme/sentiment@^1' --slot model "},
    {"algoctl resolve acme/sentiment@\\>=1.1\t", "algoctl resolve acme/sentiment@\\>=1.1.0 "},
    {"algoctl use mod\t", "algoctl use model="},
    {"algoctl use model=mymodel-201901\t", "algoctl use model=mymodel-201901.pkl "},
    {"algoctl upload out/s\t", "algoctl upload out/second\\ model.pkl "},
    {"algoctl upload model=out/s\t", "algoctl upload model=out/second\\ model.pkl "},
    {"algoctl upload mod\t", "algoctl upload model="},
    {"algoctl upload my\t", "algoctl upload mymodel-20190"},
    {"algoctl init --dir su\t", "algoctl init --dir sub/"},
    {"algoctl completion f\t", "algoctl completion fish "},
    {"algoctl help co\t", "algoctl help co"},
    {"algoctl help conf\t", "algoctl help config "},
    {"algoctl bogus mym\t", "algoctl bogus mym"},
    {"algoctl publish -m mym\t", "algoctl publish -m mym"},
    {"true; X=1 algoctl pub\t", "true; X=1 algoctl publish "},
    {"true | algoctl --home /nowhere pub\t", "true | algoctl --home /nowhere publish "},
    {"algoctl --home /nowhere resolve ac\t", "algoctl --home /nowhere resolve ac"},
};

std::string quoted_for_shell(const std::string& text) {
  return "'" + filled(text, {{"'", "'\\''"}}) + "'";
}

void check(Typist& typist, const std::vector<Typed>& cases) {
  for (const Typed& each : cases) {
    CAPTURE(each.typed);
    CHECK(typist.line_after(each.typed) == each.line);
  }
}

}  // namespace

TEST_CASE("bash: Tab completes commands, options, values, references, labels and paths") {
  const ShellShop shop;
  Typist typist(shop, "bash");
  check(typist, kAlike);
  check(typist,
        {{"algoctl resolve acme/sentiment@^1.1\t", "algoctl resolve acme/sentiment@^1.1.0 "},
         // All candidates at once, in their order: the highest first.
         {"algoctl publish --line \x1b*", "algoctl publish --line 1.1 1.0 "}});
}

TEST_CASE("bash: whatever breaks words") {
  const ShellShop shop;
  for (const std::string breaks : {" ", " \t\n", " \t\n\"'><;|&(", " \t\n\"'@><=;|&(:"}) {
    CAPTURE(breaks);
    Typist typist(shop, "bash", "COMP_WORDBREAKS=" + quoted_for_shell(breaks));
    check(typist, {{"algoctl publish --bump=maj\t", "algoctl publish --bump=major "},
                   {"algoctl resolve acme/sentiment@s\t", "algoctl resolve acme/sentiment@stable "},
                   {"algoctl resolve data://acme/s\t", "algoctl resolve data://acme/sentiment/"},
                   {"algoctl use model=mymodel-201901\t", "algoctl use model=mymodel-201901.pkl "},
                   {"algoctl upload mod\t", "algoctl upload model="}});
    for (const Typed& each : std::vector<Typed>{
             {"algoctl upload model=out/s\t", "algoctl upload model=out/second\\ model.pkl"},
             {"algoctl init --dir=su\t", "algoctl init --dir=sub"}}) {
      CHECK(typist.line_after(each.typed).find(each.line) == 0);
    }
  }
}

TEST_CASE("zsh: Tab completes commands, options, values, references, labels and paths") {
  const ShellShop shop;
  Typist typist(shop, "zsh");
  check(typist, kAlike);
  check(typist, {{"echo $(algoctl pub\t", "echo $(algoctl publish "}});
  // What a candidate is stands beside it.
  CHECK(typist.shown().find("print which version a reference means") != std::string::npos);
}

TEST_CASE("zsh: autoloaded from a folder of functions") {
  const ShellShop shop;
  shop.write("functions/_algoctl", shop.answer({"completion", "zsh"}));
  Typist typist(shop, "zsh",
                "unset '_comps[algoctl]'; unfunction _algoctl; "
                "fpath=($PWD/functions $fpath); compinit -D");
  check(typist, {{"algoctl pub\t", "algoctl publish "},
                 {"algoctl resolve acme/sentiment@s\t", "algoctl resolve acme/sentiment@stable "}});
}

TEST_CASE("fish: commands, options, values, references, labels and paths") {
  const ShellShop shop;
  const auto complete = [&](const std::string& line) {
    const auto result = run({"fish", "--no-config", "-c",
                             "algoctl completion fish | source; complete -C $argv[1]", line},
                            shop.inside({.env = {{"PATH", path_with_program()}}}));
    CHECK(result.exit == 0);
    CHECK(result.err == "");
    return without_dates(result.out);
  };
  for (const Typed& each : std::vector<Typed>{
           {"algoctl pub", "publish\tmake the manifest the next version, which never changes\n"},
           {"algoctl publish --bump=maj", "--bump=major\n"},
           {"algoctl publish --dr", "--dry-run\tsay what would change, and change nothing\n"},
           {"algoctl resolve acme/s", "acme/sentiment\nacme/sentiment@\tone of its versions\n"},
           {"algoctl resolve acme/sentiment@",
            "acme/sentiment@latest\tthe highest release\nacme/sentiment@stable\t1.0.0\n"
            "acme/sentiment@1.1.0\tDATE retrained\nacme/sentiment@1.0.0\tDATE\n"},
           {"algoctl resolve 'acme/sentiment@^1.1", "acme/sentiment@^1.1.0\tDATE retrained\n"},
           {"algoctl resolve data:", "data://\ta label\n"},
           {"algoctl resolve data://acme/s", "data://acme/sentiment/\n"},
           {"algoctl use model=",
            "model=mymodel-201901.pkl\tDATE\nmodel=mymodel-201902.pkl\tDATE\n"},
           {"algoctl pull acme/sentiment --slot ", "model\tmymodel-201902.pkl\n"},
           {"algoctl bogus my", ""},
           {"X=1 algoctl completion f", "fish\n"},
       }) {
    CAPTURE(each.typed);
    CHECK(complete(each.typed) == each.line);
  }
  CHECK(complete("algoctl upload out/s") == "out/second model.pkl\n");
  CHECK(complete("algoctl upload model=out/s") == "model=out/second model.pkl\n");
  CHECK(complete("algoctl init --dir su").find("sub/") == 0);
  CHECK(complete("algoctl init --dir my") == "");
}

}  // namespace algoctl::test
