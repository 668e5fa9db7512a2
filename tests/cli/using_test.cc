#include <doctest/doctest.h>

#include <filesystem>

#include "base/text.h"
#include "support/shop.h"

namespace fs = std::filesystem;

namespace algoctl::test {
namespace {

/// acme/sentiment with 1.0.0, 1.2.0, 1.2.5, 2.0.0 and 2.1.0-rc.1, each with a model of its own
/// name.
struct UsingShop : Started {
  UsingShop() {
    for (const std::string version : {"1.0.0", "1.2.0", "1.2.5", "2.0.0", "2.1.0-rc.1"}) {
      ship("m-" + version, version, {"--version", version, "-m", "notes of " + version});
    }
  }
};

/// A version's members that its manifest decides, as records show them.
std::string models_of(const std::string& version) {
  return filled(R"({"model":{"uri":"data://acme/sentiment/m-V","label":"m-V","sha256":"SHA",)"
                R"("size":SIZE}})",
                {{"SIZE", std::to_string(version.size())},
                 {"SHA", sha256_of(version)},
                 {"m-V", "m-" + version}});
}

}  // namespace

TEST_CASE("resolve: what a reference means") {
  const UsingShop shop;
  const std::string digest = "sha256:" + shop.answer({"show", "@1.2.0", "manifest_sha256"});
  struct Row {
    std::string reference;
    std::string want;
  };
  for (const auto& [reference, want] :
       {Row{"acme/sentiment", "2.0.0"},
        Row{"acme/sentiment@latest", "2.0.0"},
        Row{"acme/sentiment@1.2.0", "1.2.0"},
        Row{"acme/sentiment@v1.2.0", "1.2.0"},
        Row{"acme/sentiment@1", "1.2.5"},
        Row{"acme/sentiment@1.2", "1.2.5"},
        Row{"acme/sentiment@1.2.*", "1.2.5"},
        Row{"acme/sentiment@1.x", "1.2.5"},
        Row{"acme/sentiment@*", "2.0.0"},
        Row{"acme/sentiment@^1.0.0", "1.2.5"},
        Row{"acme/sentiment@~1.2.0", "1.2.5"},
        Row{"acme/sentiment@~1.0", "1.0.0"},
        Row{"acme/sentiment@>=1 <2", "1.2.5"},
        Row{"acme/sentiment@>=1,<2", "1.2.5"},
        Row{"acme/sentiment@<1.2.5", "1.2.0"},
        Row{"acme/sentiment@1 || 3", "1.2.5"},
        Row{"acme/sentiment@1.0.0 - 1.2.0", "1.2.0"},
        Row{"acme/sentiment@2.1.0-rc.1", "2.1.0-rc.1"},
        Row{"acme/sentiment@>=2.1.0-rc.0", "2.1.0-rc.1"},
        Row{"acme/sentiment@" + digest, "1.2.0"},
        Row{"@^1", "1.2.5"},
        Row{"@latest", "2.0.0"},
        Row{"algo://acme/sentiment/1.2.0", "1.2.0"},
        Row{"algo://acme/sentiment/1.2.*", "1.2.5"},
        Row{"acme/sentiment/1.2.*", "1.2.5"},
        Row{"algo://acme/sentiment", "2.0.0"},
        Row{"data://acme/sentiment/m-1.0.0", "sha256:" + sha256_of("1.0.0")}}) {
    CAPTURE(reference);
    const auto result = shop.algoctl({"resolve", reference});
    CHECK(result.exit == 0);
    CHECK(result.out == want + "\n");
    CHECK(result.err == "");
  }
  CHECK(shop.answer({"resolve", "acme/sentiment", "--pre"}) == "2.1.0-rc.1");
  CHECK(shop.answer({"resolve", "@2.1", "--pre"}) == "2.1.0-rc.1");
}

TEST_CASE("resolve: what is not there, and what is near") {
  const UsingShop shop;
  struct Row {
    const char* reference;
    const char* message;
    const char* hint;
  };
  for (const Row& row :
       {Row{"@2.1", "no version of 'acme/sentiment' matches '2.1'",
            "only a prerelease does; ask for those with --pre"},
        Row{"@3", "no version of 'acme/sentiment' matches '3'", "the newest is 2.0.0"},
        Row{"@1.2.6", "no version of 'acme/sentiment' matches '1.2.6'", "the newest is 2.0.0"},
        Row{"@stable", "algorithm 'acme/sentiment' has no channel 'stable'",
            "`algoctl promote` makes one"},
        Row{"@latset", "algorithm 'acme/sentiment' has no channel 'latset'",
            "did you mean 'latest'?"},
        Row{"acme/sentimental", "there is no algorithm 'acme/sentimental'",
            "did you mean 'acme/sentiment'?"},
        Row{"acme/zebra", "there is no algorithm 'acme/zebra'",
            "`algoctl list` shows what is there"},
        Row{"data://acme/sentiment/m-1.0.1", "algorithm 'acme/sentiment' has no label 'm-1.0.1'",
            "did you mean 'm-1.0.0'?"}}) {
    for (const char* command : {"resolve", "pull"}) {
      check_error(shop, {command, row.reference}, 3, row.message, row.hint);
    }
  }
  shop.answer({"init", "acme/empty", "--dir", "empty"});
  check_error(shop, {"resolve", "acme/empty"}, 3, "algorithm 'acme/empty' has no version yet",
              "`algoctl publish` makes the first");
  fs::create_directory(shop / "outside");
  const auto outside = shop.algoctl({"resolve", "@^1"}, {.cwd = shop / "outside"});
  CHECK(outside.exit == 2);
  CHECK(outside.err ==
        error_text("'@^1' means this folder's algorithm, and there is no algorithm.json here or in "
                   "a parent folder",
                   "write OWNER/NAME@^1"));
}

TEST_CASE("resolve: the record, with every field") {
  const UsingShop shop;
  const std::string user = shop.answer({"show", "@1.2.0", "published_by"});
  CHECK(
      without_times(shop.answer({"resolve", "@~1.2.0", "--json"})) ==
      R"({"schema":"algoctl.resolve/v1","algorithm":"acme/sentiment","version":"1.2.5",)"
      R"("selector":"~1.2.0","manifest_sha256":")" +
          shop.answer({"show", "@1.2.5", "manifest_sha256"}) +
          R"(","published_at":"TIME","published_by":")" + user +
          R"(","previous":"1.2.0","notes":"notes of 1.2.5","yanked":false,"yank_reason":null,)"
          R"("yank_replacement":null,"git":{"commit":null,"remote":null,"dirty":null},"models":)" +
          models_of("1.2.5") + R"(,"label":null,"sha256":null,"size":null})");
  CHECK(shop.answer({"resolve", "data://acme/sentiment/m-1.0.0", "--json"}) ==
        R"({"schema":"algoctl.resolve/v1","algorithm":"acme/sentiment","version":null,)"
        R"("selector":null,"manifest_sha256":null,"published_at":null,"published_by":null,)"
        R"("previous":null,"notes":null,"yanked":false,"yank_reason":null,)"
        R"("yank_replacement":null,"git":null,"models":null,"label":"m-1.0.0","sha256":")" +
            sha256_of("1.0.0") + R"(","size":5})");
}

TEST_CASE("list: algorithms, versions highest first, labels") {
  const UsingShop shop;
  shop.answer({"init", "acme/another", "--dir", "another"});
  CHECK(shop.answer({"list"}) == "acme/another\nacme/sentiment");
  CHECK(shop.answer({"list", "--json"}) ==
        R"({"schema":"algoctl.list/v1","algorithm":null,"key":null,"versions":null,)"
        R"("labels":null,"channels":null,"algorithms":[{"algorithm":"acme/another"},)"
        R"({"algorithm":"acme/sentiment"}]})");
  CHECK(shop.answer({"list", "acme/sentiment"}) == "2.1.0-rc.1\n2.0.0\n1.2.5\n1.2.0\n1.0.0");
  CHECK(shop.answer({"list", "acme/another"}) == "");
  CHECK(shop.answer({"list", "acme/another", "--json"}) ==
        R"({"schema":"algoctl.list/v1","algorithm":"acme/another",)"
        R"("key":null,"algorithms":null,"labels":null,"channels":null,"versions":[]})");
  CHECK(shop.answer({"list", "acme/sentiment", "--labels"}) ==
        "m-1.0.0\nm-1.2.0\nm-1.2.5\nm-2.0.0\nm-2.1.0-rc.1");
  const std::string versions = without_times(shop.answer({"list", "acme/sentiment", "--json"}));
  CHECK(starts_with(
      versions,
      R"({"schema":"algoctl.list/v1","algorithm":"acme/sentiment",)"
      R"("key":null,"algorithms":null,"labels":null,"channels":null,"versions":[)"
      R"({"version":"2.1.0-rc.1","published_at":"TIME",)"
      R"("notes":"notes of 2.1.0-rc.1","yanked":false,"channels":[],"size":10,"value":null},)"
      R"({"version":"2.0.0","published_at":"TIME","notes":"notes of 2.0.0",)"
      R"("yanked":false,"channels":[],"size":5,"value":null},)"));
  CHECK(starts_with(without_times(shop.answer({"list", "acme/sentiment", "--labels", "--json"})),
                    R"({"schema":"algoctl.list/v1","algorithm":"acme/sentiment",)"
                    R"("key":null,"algorithms":null,"versions":null,"channels":null,"labels":[)"
                    R"({"label":"m-1.0.0","sha256":")" +
                        sha256_of("1.0.0") + R"(","size":5,"moved_at":"TIME"},)"));
  check_error(shop, {"list", "acme/sentimental"}, 3, "there is no algorithm 'acme/sentimental'",
              "did you mean 'acme/sentiment'?");
  check_error(shop, {"list", "--labels"}, 2, "--labels needs an algorithm",
              "write list OWNER/NAME --labels");
}

TEST_CASE("show: for people, single fields, the record and the manifest") {
  const UsingShop shop;
  const std::string sha = shop.answer({"show", "@1.2.0", "manifest_sha256"});
  const std::string user = shop.answer({"show", "@1.2.0", "published_by"});
  CHECK(without_times(shop.answer({"show", "acme/sentiment@1.2.0"})) ==
        "algorithm            acme/sentiment\n"
        "version              1.2.0\n"
        "sequence             2\n"
        "previous             1.0.0\n"
        "published_at         TIME\n"
        "published_by         " +
            user +
            "\n"
            "notes                notes of 1.2.0\n"
            "yanked               false\n"
            "manifest_sha256      " +
            sha +
            "\n"
            "models.model.uri     data://acme/sentiment/m-1.2.0\n"
            "models.model.label   m-1.2.0\n"
            "models.model.sha256  " +
            sha256_of("1.2.0") +
            "\n"
            "models.model.size    5");
  CHECK(shop.answer({"show", "@1.2.0", "version", "previous", "channels", "models.model.size"}) ==
        "1.2.0\n1.0.0\n\n5");
  CHECK(
      without_times(shop.answer({"show", "@1.2.0", "--json"})) ==
      R"({"schema":"algoctl.show/v1","algorithm":"acme/sentiment","version":"1.2.0",)"
      R"("sequence":2,"manifest_sha256":")" +
          sha + R"(","published_at":"TIME","published_by":")" + user +
          R"(","previous":"1.0.0","notes":"notes of 1.2.0","yanked":false,"yank_reason":null,)"
          R"("yank_replacement":null,"git":{"commit":null,"remote":null,"dirty":null},"models":)" +
          models_of("1.2.0") + R"(,"channels":[],"meta":{}})");
  for (const Arguments& arguments :
       {Arguments{"show", "@1.2.0", "--manifest"}, {"show", "--manifest", "@1.2.0"}}) {
    const auto manifest = shop.algoctl(arguments);
    CHECK(manifest.exit == 0);
    CHECK(sha256_of(manifest.out) == sha);
    CHECK(manifest.out.find("\"version\": \"1.2.0\"") != std::string::npos);
  }
  check_error(shop, {"show", "@1.2.0", "versio"}, 2, "unknown field 'versio'",
              "did you mean 'version'?");
  check_error(shop, {"show", "@1.2.0", "version", "--manifest"}, 2,
              "--manifest prints all of it, and fields were named too",
              "leave out --manifest or version");
}

}  // namespace algoctl::test
