#include <doctest/doctest.h>

#include "base/text.h"
#include "support/shop.h"

namespace algoctl::test {
namespace {

struct PublishShop : Started {
  /// Puts other bytes into the manifest's slot, under a label of their own.
  void change(const std::string& slot = "model") const {
    const std::string name = slot + "-" + std::to_string(++changes_) + ".bin";
    write(name, name);
    answer({"upload", slot + "=" + name});
  }

 private:
  mutable int changes_ = 0;
};

/// Which number each publish gets, after `numbers` were published one after the other.
struct Numbering {
  std::vector<std::string> before;
  Arguments options;
  std::string want;
};

}  // namespace

TEST_CASE("publish: what the next number is") {
  const std::vector<Numbering> rows = {
      {{}, {}, "1.0.0"},
      {{}, {"--bump", "major"}, "1.0.0"},
      {{}, {"--bump", "minor"}, "0.1.0"},
      {{}, {"--bump", "patch"}, "0.0.1"},
      {{}, {"--bump", "revision"}, "0.0.1"},
      {{}, {"--pre", "rc"}, "1.0.0-rc.1"},
      {{}, {"--version", "2019.2.0"}, "2019.2.0"},
      {{"1.4.2"}, {}, "1.5.0"},
      {{"1.4.2"}, {"--bump", "major"}, "2.0.0"},
      {{"1.4.2"}, {"--bump", "patch"}, "1.4.3"},
      {{"1.4.2"}, {"--bump", "revision"}, "1.4.3"},
      {{"1.4.2"}, {"--pre", "rc"}, "1.5.0-rc.1"},
      {{"1.4.2"}, {"--bump", "major", "--pre", "rc"}, "2.0.0-rc.1"},
      {{"1.4.2", "1.5.0-rc.1"}, {"--pre", "rc"}, "1.5.0-rc.2"},
      {{"1.4.2", "1.5.0-rc.1"}, {"--pre", "beta"}, "1.5.0-beta.1"},
      {{"1.4.2", "1.5.0-rc.1"}, {}, "1.5.0"},
      {{"1.2.0", "1.3.0", "2.0.0"}, {"--line", "1.2"}, "1.2.1"},
      {{"1.2.0", "1.3.0", "2.0.0"}, {"--line", "1.2", "--bump", "patch"}, "1.2.1"},
      {{"1.2.0", "1.3.0"}, {"--version", "1.2.5"}, "1.2.5"},
  };
  for (const Numbering& row : rows) {
    CAPTURE(join(row.before, " "));
    CAPTURE(join(row.options, " "));
    const PublishShop shop;
    for (const std::string& number : row.before) {
      shop.change();
      REQUIRE(shop.answer({"publish", "--version", number}) == number);
    }
    shop.change();
    Arguments arguments = {"publish"};
    arguments.insert(arguments.end(), row.options.begin(), row.options.end());
    const auto result = shop.algoctl(arguments);
    CHECK(result.exit == 0);
    CHECK(result.out == row.want + "\n");
    CHECK(result.err == "algoctl: published acme/sentiment@" + row.want + "\n");
    CHECK(shop.answer(arguments) == row.want);  // the same again is that version
  }
}

TEST_CASE("publish: a hotfix on an old line leaves latest where it was") {
  const PublishShop shop;
  for (const char* number : {"1.2.0", "2.0.0"}) {
    shop.change();
    shop.answer({"publish", "--version", number});
  }
  shop.change();
  CHECK(shop.answer({"publish", "--line", "1.2"}) == "1.2.1");
  CHECK(shop.answer({"resolve", "acme/sentiment"}) == "2.0.0");
  CHECK(shop.answer({"list", "acme/sentiment"}) == "2.0.0\n1.2.1\n1.2.0");
  check_error(shop, {"publish", "--line", "1.7"}, 3, "there is no version on line 1.7",
              "publish the first one without --line, or with --version");
  for (const char* bump : {"minor", "major"}) {
    check_error(shop, {"publish", "--line", "1.2", "--bump", bump}, 2,
                "--line takes the next patch of its line", "leave out --bump, or use --bump patch");
  }
}

TEST_CASE("publish: the record") {
  const PublishShop shop;
  shop.change();
  const std::string json =
      R"({"schema":"algoctl.publish/v1","algorithm":"acme/sentiment","version":"VERSION",)"
      R"("previous":PREVIOUS,"created":CREATED,"manifest_sha256":"SHA","channels":[]})";
  const std::string first = shop.answer({"publish", "--json"});
  const std::string sha = sha256_of(shop.manifest());
  CHECK(first ==
        filled(json,
               {{"VERSION", "1.0.0"}, {"PREVIOUS", "null"}, {"CREATED", "true"}, {"SHA", sha}}));
  CHECK(shop.answer({"publish", "--json"}) ==
        filled(json,
               {{"VERSION", "1.0.0"}, {"PREVIOUS", "null"}, {"CREATED", "false"}, {"SHA", sha}}));
  shop.change();
  const std::string second = shop.answer({"publish", "--json"});
  CHECK(second == filled(json, {{"VERSION", "1.1.0"},
                                {"PREVIOUS", "\"1.0.0\""},
                                {"CREATED", "true"},
                                {"SHA", sha256_of(shop.manifest())}}));
}

TEST_CASE("publish: the same again says so and inserts nothing") {
  const PublishShop shop;
  shop.change();
  shop.answer({"publish"});
  const std::string before = shop.state();
  const auto again = shop.algoctl({"publish", "-m", "other notes", "--bump", "major"});
  CHECK(again.exit == 0);
  CHECK(again.out == "1.0.0\n");
  CHECK(again.err == "algoctl: acme/sentiment@1.0.0 says the same: nothing was published\n");
  CHECK(shop.state() == before);
  CHECK(shop.algoctl({"publish", "-q"}).err == "");
  CHECK(shop.answer({"publish", "--allow-duplicate"}) == "1.1.0");
  CHECK(shop.answer({"publish", "--allow-duplicate"}) == "1.2.0");
  CHECK(shop.answer({"publish", "--version", "1.2.0"}) == "1.2.0");
  for (const bool changed : {false, true}) {
    if (changed) shop.change();
    check_error(shop, {"publish", "--version", "1.2.0", "--allow-duplicate"}, 4,
                std::string("version 1.2.0 of 'acme/sentiment' is taken") +
                    (changed ? " by another manifest" : ""),
                "a published version never changes; choose another number");
  }
  check_error(shop, {"publish", "--version", "1.2.0"}, 4,
              "version 1.2.0 of 'acme/sentiment' is taken by another manifest",
              "a published version never changes; choose another number");
}

TEST_CASE("publish: a repeat whose answer was lost finds itself, also behind others") {
  const PublishShop shop;
  shop.change();
  shop.answer({"publish"});
  shop.change();
  const std::string unanswered = shop.manifest();
  CHECK(shop.answer({"publish"}) == "1.1.0");
  shop.write("algorithm.json", unanswered);  // as if killed before the working copy was settled
  CHECK(shop.answer({"publish"}) == "1.1.0");
  CHECK(shop.manifest().find("\"version\": \"1.1.0\"") != std::string::npos);
  shop.change("other");
  CHECK(shop.answer({"publish"}) == "1.2.0");
  shop.write("algorithm.json", unanswered);
  CHECK(shop.answer({"publish"}) == "1.1.0");
  CHECK(shop.answer({"list", "acme/sentiment"}) == "1.2.0\n1.1.0\n1.0.0");
}

TEST_CASE("publish: a working copy without a version, whose first publish lost its answer") {
  const PublishShop shop;
  shop.change();
  const std::string unanswered = shop.manifest();
  CHECK(shop.answer({"publish"}) == "1.0.0");
  shop.change();
  CHECK(shop.answer({"publish"}) == "1.1.0");
  shop.write("algorithm.json", unanswered);
  CHECK(shop.answer({"publish"}) == "1.0.0");
  CHECK(shop.answer({"list", "acme/sentiment"}) == "1.1.0\n1.0.0");
}

TEST_CASE("publish: an older model is published again on purpose") {
  const PublishShop shop;
  shop.change();
  shop.answer({"publish"});
  shop.change();
  shop.answer({"publish"});
  shop.answer({"use", "model=model-1.bin"});
  CHECK(shop.answer({"publish"}) == "1.2.0");
  CHECK(test::read(shop.answer({"pull", "acme/sentiment"})) == "model-1.bin");
}

TEST_CASE("publish: a stale working copy does not bring back old bytes") {
  const PublishShop shop;
  shop.change("model");
  shop.change("tokenizer");
  shop.answer({"publish"});
  shop.answer({"init", "acme/sentiment", "--dir", "mine"});
  shop.change("tokenizer");
  shop.answer({"publish"});
  const std::string mine = "mine/algorithm.json";
  shop.write("m2.bin", "m2");
  shop.answer({"upload", "model=m2.bin", "--manifest", mine});
  check_error(shop, {"publish", "--manifest", mine}, 4,
              "the working copy is stale: 1.1.0 has other bytes in slot 'tokenizer', which did not "
              "change here",
              "refresh it with `algoctl use --from 1.1.0`, or override with --force");
  SUBCASE("refreshed") {
    CHECK(shop.answer({"use", "--from", "latest", "--manifest", mine}) ==
          "data://acme/sentiment/m2.bin\ndata://acme/sentiment/tokenizer-3.bin");
    CHECK(shop.answer({"publish", "--manifest", mine}) == "1.2.0");
    CHECK(test::read(shop.answer({"pull", "acme/sentiment", "--slot", "tokenizer"})) ==
          "tokenizer-3.bin");
  }
  SUBCASE("forced") {
    CHECK(shop.answer({"publish", "--manifest", mine, "--force"}) == "1.2.0");
    CHECK(test::read(shop.answer({"pull", "acme/sentiment", "--slot", "tokenizer"})) ==
          "tokenizer-2.bin");
  }
  SUBCASE("changed on both sides") {
    shop.write("t9.bin", "t9");
    shop.answer({"upload", "tokenizer=t9.bin", "--manifest", mine});
    check_error(shop, {"use", "--from", "1.1.0", "--manifest", mine}, 4,
                "changed here and in 1.1.0: slot 'tokenizer'",
                "choose one with `algoctl use SLOT=LABEL`, or publish yours with --force");
  }
}

TEST_CASE("use --from: a slot that was removed upstream goes, one that is new comes") {
  const PublishShop shop;
  shop.change("model");
  shop.change("old");
  shop.answer({"publish"});
  shop.answer({"init", "acme/sentiment", "--dir", "mine"});
  std::string text = shop.manifest();
  const std::size_t begin = text.find(",\n    \"old\"");
  text.erase(begin, text.find('}', begin) + 1 - begin);
  shop.write("algorithm.json", text);
  shop.change("new");
  CHECK(shop.answer({"publish"}) == "1.1.0");
  CHECK(shop.answer({"use", "--from", "latest", "--manifest", "mine/algorithm.json"}) ==
        "data://acme/sentiment/model-1.bin\ndata://acme/sentiment/new-3.bin");
  CHECK(shop.read("mine/algorithm.json") == shop.manifest());
}

TEST_CASE("publish: the same bytes under another label warn and publish nothing") {
  const PublishShop shop;
  shop.change();
  shop.answer({"publish"});
  shop.write("copy.bin", "model-1.bin");
  shop.answer({"upload", "copy.bin"});
  const auto result = shop.algoctl({"publish"});
  CHECK(result.exit == 0);
  CHECK(result.out == "1.0.0\n");
  CHECK(result.err ==
        "algoctl: warning: slot 'model' names data://acme/sentiment/copy.bin, but its bytes are "
        "published already as data://acme/sentiment/model-1.bin\n"
        "algoctl: acme/sentiment@1.0.0 says the same: nothing was published\n");
}

}  // namespace algoctl::test
