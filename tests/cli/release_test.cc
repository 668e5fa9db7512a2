#include <doctest/doctest.h>

#include <filesystem>

#include "base/text.h"
#include "support/shop.h"

namespace fs = std::filesystem;

namespace algoctl::test {
namespace {

std::string short_sha(std::string_view bytes) { return sha256_of(bytes).substr(0, 12); }

}  // namespace

TEST_CASE("release: upload, repoint and publish in one step that may be repeated") {
  const Started shop;
  shop.write("m.pkl", "one");
  const auto first = shop.algoctl({"release", "m.pkl", "-m", "nightly", "--json"});
  CHECK(first.exit == 0);
  CHECK(first.err == "");
  const std::string json =
      R"({"schema":"algoctl.release/v1","algorithm":"acme/sentiment","version":"1.0.0",)"
      R"("previous":null,"created":CREATED,"manifest_sha256":"SHA","channels":[]})"
      "\n";
  const std::string sha = sha256_of(shop.manifest());
  CHECK(first.out == filled(json, {{"CREATED", "true"}, {"SHA", sha}}));
  const std::string before = shop.state();
  CHECK(shop.algoctl({"release", "m.pkl", "--json"}).out ==
        filled(json, {{"CREATED", "false"}, {"SHA", sha}}));
  CHECK(shop.state() == before);
  CHECK(shop.answer({"show", "@1.0.0", "notes", "models.model.label"}) == "nightly\nm.pkl");
}

TEST_CASE("release: a label that is taken by other bytes gets another name") {
  const Started shop;
  shop.write("sub/m.tar.gz", "one");
  CHECK(shop.answer({"release", "sub/m.tar.gz"}) == "1.0.0");
  shop.write("sub/m.tar.gz", "two");
  for (int round = 0; round < 2; ++round) {
    CHECK(shop.answer({"release", "sub/m.tar.gz"}) == "1.1.0");
  }
  CHECK(shop.answer({"list", "acme/sentiment", "--labels"}) ==
        "m.tar-" + short_sha("two") + ".gz\nm.tar.gz");
  shop.write("sub/m.tar.gz", "three");
  CHECK(shop.answer({"release", "sub/m.tar.gz", "--replace"}) == "1.2.0");
  CHECK(shop.answer({"show", "@1.2.0", "models.model.label"}) == "m.tar.gz");
  CHECK(shop.answer({"release", "sub/m.tar.gz", "--as", "f/x.gz", "--bump", "major",
                     "--allow-duplicate"}) == "2.0.0");
  shop.write("sub/m.tar.gz", "four");
  CHECK(shop.answer({"release", "sub/m.tar.gz", "--as", "f/x.gz"}) == "2.1.0");
  CHECK(shop.answer({"show", "@2.1.0", "models.model.label"}) ==
        "f/x-" + short_sha("four") + ".gz");
}

TEST_CASE("release: the gate sees verified files of every slot, and its output goes to stderr") {
  const Started shop;
  shop.write("tok.json", "tokens");
  shop.answer({"upload", "my-tok/en.v1=tok.json"});
  shop.write("m.pkl", "weights");
  const auto result = shop.algoctl(
      {"release", "model=m.pkl", "-q", "--test",
       R"sh(cat "$ALGOCTL_MODEL_MODEL" "$ALGOCTL_MODEL_MY_TOK_EN_V1"
            echo " at ${ALGOCTL_MODEL_MODEL##*/}"
            test -z "$(algoctl list acme/sentiment 2>/dev/null)")sh"},
      {.env = {{"PATH", fs::path(ALGOCTL_PROGRAM).parent_path().string() + ":/usr/bin:/bin"}}});
  CHECK(result.exit == 0);
  CHECK(result.out == "1.0.0\n");
  CHECK(result.err == "weightstokens at m.pkl\n");
}

TEST_CASE("release: an empty value of an option is not the option left out") {
  const Started shop;
  shop.write("m", "m");
  for (const std::string option : {"--test", "--from", "--as", "--home", "--channel"}) {
    check_error(shop, {"release", "m", option, ""}, 2, "option " + option + ": the value is empty",
                "give it one, or leave the option out");
  }
  CHECK(shop.answer({"release", "m", "--test=true", "-m", "", "--meta", "a="}) == "1.0.0");
}

TEST_CASE("release: a gate that fails publishes nothing and moves no label") {
  const Started shop;
  shop.ship("old.pkl", "old");
  const std::string manifest = shop.manifest();
  shop.write("m.pkl", "new");
  for (const auto& [command, status] : {std::pair{"exit 1", "1"},
                                        {"no-such-program-here 2>/dev/null", "127"},
                                        {"kill -9 $$", "137"}}) {
    const auto result = shop.algoctl({"release", "m.pkl", "--test", command});
    CHECK(result.exit == 1);
    CHECK(result.out == "");
    CHECK(result.err ==
          error_text("the test " + quoted(command) + " exited with " + status,
                     "nothing was published; mend the model or the test and run it again"));
  }
  CHECK(shop.answer({"list", "acme/sentiment"}) == "1.0.0");
  CHECK(shop.answer({"list", "acme/sentiment", "--labels"}) == "old.pkl");
  CHECK(shop.manifest() == manifest);
  CHECK(names_in(shop.home() + "/store/staging").empty());
  CHECK(shop.answer({"release", "m.pkl", "--test", "true"}) == "1.1.0");
}

TEST_CASE("release: --from starts from a published manifest and writes nothing here") {
  const Started shop;
  shop.write("tok.json", "tokens");
  shop.answer({"upload", "tokenizer=tok.json"});
  shop.write("m1.pkl", "1");
  shop.answer({"release", "model=m1.pkl", "--version", "1.2.0"});
  shop.write("m2.pkl", "2");
  shop.answer({"release", "model=m2.pkl", "--version", "2.0.0"});
  struct Row {
    Arguments options;
    const char* want;
  };
  int count = 0;
  for (const Row& row : {Row{{"--from", "latest"}, "2.1.0"},
                         {{"--from", "@latest", "--bump", "patch"}, "2.1.1"},
                         {{"--from", "acme/sentiment@^2"}, "2.2.0"},
                         {{"--from", "1.2.0"}, "1.2.1"},
                         {{"--from", "@1.2"}, "1.2.2"},
                         {{"--from", "1.2.0", "--bump", "major"}, "3.0.0"},
                         {{"--from", "1.2.0", "--version", "1.9.0"}, "1.9.0"},
                         {{"--from", "2.0.0", "--line", "1.9"}, "1.9.1"}}) {
    CAPTURE(join(row.options, " "));
    const std::string name = "n" + std::to_string(++count) + ".pkl";
    shop.write(name, name);
    Arguments arguments = {"release", "model=" + name};
    arguments.insert(arguments.end(), row.options.begin(), row.options.end());
    const std::string before = listing(shop.work());
    CHECK(shop.answer(arguments) == row.want);
    CHECK(listing(shop.work()) == before);
    CHECK(shop.answer({"show", std::string("@") + row.want, "models.tokenizer.label",
                       "models.model.label"}) == "tok.json\n" + name);
  }
  CHECK(shop.answer({"resolve", "@latest"}) == "3.0.0");
}

TEST_CASE("release: --from needs no working manifest, only the algorithm's name") {
  const Started shop;
  shop.ship("m1.pkl", "1");
  fs::create_directory(shop / "elsewhere");
  test::read(shop.work() + "/m1.pkl");
  const Arguments arguments = {"release", "-",      "--as",        "m2.pkl",
                               "--from",  "latest", "--algorithm", "acme/sentiment"};
  const ProcessOptions elsewhere{.input = "2", .cwd = shop / "elsewhere"};
  CHECK(shop.answer(arguments, elsewhere) == "1.1.0");
  CHECK(shop.answer(arguments, elsewhere) == "1.1.0");
  CHECK(names_in(shop / "elsewhere").empty());
  const auto nameless =
      shop.algoctl({"release", "-", "--as", "x", "--from", "latest"}, {.cwd = shop / "elsewhere"});
  CHECK(nameless.exit == 2);
  CHECK(nameless.err ==
        error_text("there is no algorithm.json here or in a parent folder",
                   "make one with `algoctl init OWNER/NAME`, or name it with --manifest"));
}

TEST_CASE("release: --from something else is refused") {
  const Started shop;
  shop.ship("m1.pkl", "1");
  const std::string before = shop.state();
  struct Row {
    const char* from;
    int exit;
    const char* message;
    const char* hint;
  };
  for (const Row& row :
       {Row{"9.9.9", 3, "no version of 'acme/sentiment' matches '9.9.9'", "the newest is 1.0.0"},
        Row{"acme/other", 2, "--from 'acme/other' is no version of 'acme/sentiment'",
            "name a version of the same algorithm, such as `latest` or `@^1`"},
        Row{"data://acme/sentiment/m1.pkl", 2,
            "--from 'data://acme/sentiment/m1.pkl' is no version of 'acme/sentiment'",
            "name a version of the same algorithm, such as `latest` or `@^1`"}}) {
    for (const Arguments& arguments :
         {Arguments{"release", "m1.pkl", "--from", row.from}, {"use", "--from", row.from}}) {
      CAPTURE(join(arguments, " "));
      const auto result = shop.algoctl(arguments);
      CHECK(result.exit == row.exit);
      CHECK(result.err == error_text(row.message, row.hint));
    }
  }
  CHECK(shop.state() == before);
}

TEST_CASE("release: an idempotency key with --from answers alike whatever came between") {
  const Started shop;
  shop.ship("m1.pkl", "1");
  shop.write("m2.pkl", "2");
  const Arguments keyed = {"release", "m2.pkl", "--from", "latest", "--idempotency-key", "run-1"};
  CHECK(shop.answer(keyed) == "1.1.0");
  CHECK(shop.answer(keyed) == "1.1.0");
  shop.write("m3.pkl", "3");
  CHECK(shop.answer({"release", "m3.pkl", "--from", "latest"}) == "1.2.0");
  CHECK(shop.answer(keyed) == "1.1.0");
  const auto other =
      shop.algoctl({"release", "m3.pkl", "--from", "latest", "--idempotency-key", "run-1"});
  CHECK(other.exit == 4);
  CHECK(other.err ==
        error_text("idempotency key 'run-1' was used for another request, which made "
                   "1.1.0",
                   "use a new --idempotency-key, or repeat the manifest and options of "
                   "the first time"));
  CHECK(shop.answer({"list", "acme/sentiment"}) == "1.2.0\n1.1.0\n1.0.0");
}

TEST_CASE(
    "release: a key answers alike although the version it started from is the newest no more") {
  const Started shop;
  shop.ship("m1.pkl", "1");
  shop.write("m2.pkl", "2");
  const Arguments keyed = {"release", "m2.pkl", "--from", "1.0.0", "--idempotency-key", "run-1"};
  CHECK(shop.answer(keyed) == "1.1.0");
  CHECK(shop.answer(keyed) == "1.1.0");
  CHECK(shop.answer({"list", "acme/sentiment"}) == "1.1.0\n1.0.0");
}

TEST_CASE("release: --dry-run says the number and changes nothing, also before the first") {
  const Started shop;
  shop.write("m.pkl", "m");
  for (const char* want : {"1.0.0", "1.1.0"}) {
    const std::string before = shop.state();
    const auto result =
        shop.algoctl({"release", "m.pkl", "--dry-run", "--test", "echo never run; exit 1"});
    CHECK(result.exit == 0);
    CHECK(result.out == std::string(want) + "\n");
    CHECK(result.err == "algoctl: would publish acme/sentiment@" + std::string(want) + "\n");
    CHECK(shop.state() == before);
    shop.answer({"release", "m.pkl"});
    shop.write("m.pkl", "other");
  }
}

}  // namespace algoctl::test
