// A release that is refused has changed nothing but the store, where bytes that nothing names wait
// for gc; and a dry run of it says so before.
#include <doctest/doctest.h>

#include <filesystem>

#include "base/text.h"
#include "support/shop.h"

namespace fs = std::filesystem;

namespace algoctl::test {
namespace {

/// What a release could move: the manifest, the labels with what they name, the versions.
std::string pointers(const Shop& shop) {
  std::string text = shop.manifest() + shop.answer({"list", "acme/sentiment"}) + "\n";
  for (const std::string& label :
       split(shop.answer({"list", "acme/sentiment", "--labels"}), '\n')) {
    text += label + " " + shop.answer({"resolve", "data://acme/sentiment/" + label}) + "\n";
  }
  return text;
}

void check_refused(const Shop& shop, const Arguments& arguments, int exit,
                   const std::string& message) {
  CAPTURE(join(arguments, " "));
  const std::string before = pointers(shop);
  Arguments dry = arguments;
  dry.emplace_back("--dry-run");
  for (const Arguments& tried : {dry, arguments}) {
    const auto result = shop.algoctl(tried);
    CHECK(result.exit == exit);
    CHECK(result.out == "");
    CHECK(result.err.substr(0, message.size() + 9) == "algoctl: " + message);
  }
  CHECK(pointers(shop) == before);
  CHECK(names_in(shop.home() + "/store/staging").empty());
}

/// Where an object is, as seen from the work folder.
std::string object_name(std::string_view bytes) {
  const std::string hex = sha256_of(bytes);
  return "../home/store/objects/sha256/" + hex.substr(0, 2) + "/" + hex;
}

struct Fixed : Started {
  Fixed() {
    write("m1", "one");
    write("m2", "two");
    write("tok", "tokens");
    answer({"upload", "m1", "--as", "fixed"});
    answer({"upload", "tok=tok"});
    answer({"publish"});
  }
};

const Arguments kMoving = {"release", "m2", "--as", "fixed", "--replace"};

Arguments moving(const Arguments& options) {
  Arguments arguments = kMoving;
  arguments.insert(arguments.end(), options.begin(), options.end());
  return arguments;
}

}  // namespace

TEST_CASE("release: refused, it has moved no label and left the manifest as it was") {
  const Fixed shop;
  check_refused(shop, moving({"--expect", "9.9.9"}), 4,
                "the newest version is not the expected one");
  check_refused(shop, moving({"--version", "1.0.0"}), 4, "version 1.0.0 of 'acme/sentiment'");
  check_refused(shop, moving({"--line", "7.1"}), 3, "there is no version on line 7.1");
  const std::string own = shop.manifest();
  shop.answer({"upload", "tok=m2"});
  shop.answer({"publish"});
  shop.write("algorithm.json", own);
  check_refused(shop, kMoving, 4, "the working copy is stale: 1.1.0");
  shop.answer({"use", "--from", "latest"});
  const std::string want = "1.2.0";
  for (int round = 0; round < 2; ++round) {  // the answer was lost
    CHECK(shop.answer(moving({"--expect", "1.1.0"})) == want);
  }
}

TEST_CASE("release: another slot's object or label that is not there is found before all") {
  const Fixed shop;
  const std::string object = shop.work() + "/" + object_name("tokens");
  fs::rename(object, object + ".away");
  check_refused(shop, kMoving, 5, "slot 'tok': object sha256:");
  // The very bytes come with it.
  CHECK(shop.answer({"release", "tok=tok", "--dry-run"}) == "1.0.0");
  fs::rename(object + ".away", object);
  std::string text = shop.manifest();
  text.replace(text.find("sentiment/tok\""), 14, "sentiment/tik\"");
  shop.write("algorithm.json", text);
  check_refused(shop, kMoving, 3, "slot 'tok': algorithm 'acme/sentiment' has no label 'tik'");
}

TEST_CASE("release: a damaged object of another slot is found before all") {
  const Fixed shop;
  const std::string object = object_name("tokens");
  fs::permissions(shop.work() + "/" + object, fs::perms::owner_write, fs::perm_options::add);
  shop.write(object, "tokenz");
  check_refused(shop, kMoving, 5, "slot 'tok': '" + shop.home() + object.substr(7));
}

TEST_CASE("release: a name that looks like another one is refused by a dry run too") {
  const Fixed shop;
  shop.answer({"init", "acme/senti-ment", "--dir", "other"});
  shop.write("other/m3", "three");
  shop.answer({"upload", "other/m3", "--manifest", "other/algorithm.json"});
  shop.write("twin.json", R"({"schema":"algoctl.manifest/v1","name":"acme/senti_ment"})");
  check_refused(shop, {"release", "m2", "--manifest", "twin.json"}, 4,
                "algorithm 'acme/senti_ment' looks the same as 'acme/senti-ment'");
}

TEST_CASE("release: what the gate changes in the manifest is published") {
  const Fixed shop;
  const auto result = shop.algoctl(
      {"release", "model=m2", "--test", "algoctl -q use tok=fixed"},
      {.env = {{"PATH", fs::path(ALGOCTL_PROGRAM).parent_path().string() + ":/usr/bin:/bin"}}});
  CHECK(result.exit == 0);
  CHECK(result.out == "1.1.0\n");
  CHECK(shop.answer({"show", "acme/sentiment", "--manifest"}) + "\n" == shop.manifest());
  CHECK(shop.answer({"show", "@1.1.0", "models.tok.label", "models.model.label"}) == "fixed\nm2");
}

TEST_CASE("release: a slot that the gate repointed to something else moves no label") {
  const Fixed shop;
  shop.answer({"upload", "m2", "--as", "other", "--no-manifest"});
  shop.write("m3", "three");
  const std::string labels = shop.answer({"list", "acme/sentiment", "--labels"});
  const auto result = shop.algoctl(
      {"release", "model=m3", "--test", "algoctl -q use model=other"},
      {.env = {{"PATH", fs::path(ALGOCTL_PROGRAM).parent_path().string() + ":/usr/bin:/bin"}}});
  CHECK(result.exit == 4);
  CHECK(result.err.find("was edited by somebody else meanwhile\n  hint: look at it") !=
        std::string::npos);
  CHECK(shop.answer({"list", "acme/sentiment", "--labels"}) == labels);
}

TEST_CASE("release: an older start is a choice, and other versions' bytes do not make it stale") {
  const Started shop;
  shop.write("m1", "1");
  shop.write("m2", "2");
  shop.write("m3", "3");
  shop.answer({"upload", "a=m1", "b=m2"});
  CHECK(shop.answer({"publish"}) == "1.0.0");
  CHECK(shop.answer({"release", "a=m3"}) == "1.1.0");
  const std::vector<std::pair<Arguments, std::string>> rows = {
      {{"--bump", "major"}, "2.0.0"}, {{"--version", "1.5.0"}, "1.5.0"}, {{}, "1.0.1"}};
  int count = 0;
  for (const auto& [options, want] : rows) {
    shop.write("n", std::to_string(++count));
    Arguments arguments = {"release", "b=n", "--from", "1.0.0"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    for (int round = 0; round < 2; ++round) CHECK(shop.answer(arguments) == want);
    CHECK(shop.answer({"show", "@" + want, "models.a.label"}) == "m1");
  }
}

TEST_CASE("release: --from reads of the working manifest its name alone") {
  const Started shop;
  shop.ship("m1", "1");
  shop.write("m2", "2");
  shop.write("algorithm.json", R"({"name":"acme/sentiment","version":"bad"})");
  CHECK(shop.answer({"release", "m2", "--from", "latest"}) == "1.1.0");
  CHECK(shop.answer({"upload", "m2", "--no-manifest"}) == "data://acme/sentiment/m2");
  const auto other = shop.algoctl({"release", "m2", "--algorithm", "acme/other"});
  CHECK(other.exit == 2);  // the working manifest itself would be published
  const Started sound;
  check_error(sound, {"release", sound.write("m2", "2"), "--algorithm", "acme/other"}, 4,
              quoted(sound.work() + "/algorithm.json") +
                  " belongs to another algorithm\n  there: acme/sentiment\n  yours: acme/other",
              "name that algorithm's own with --manifest");
}

}  // namespace algoctl::test
