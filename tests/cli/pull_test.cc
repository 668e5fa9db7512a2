#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>

#include "base/text.h"
#include "support/damage.h"
#include "support/shop.h"

namespace fs = std::filesystem;

namespace algoctl::test {
namespace {

/// acme/sentiment@1.0.0 with the slots model (w.pkl) and tokenizer (tok/vocab.json).
struct PullShop : Started {
  PullShop() {
    write("w.pkl", "weights");
    write("vocab.json", "tokens");
    answer({"upload", "model=w.pkl"});
    answer({"upload", "tokenizer=vocab.json", "--as", "tok/vocab.json"});
    answer({"publish"});
  }
};

}  // namespace

TEST_CASE("pull: one absolute path per slot, in the manifest's order, under the labels' names") {
  const PullShop shop;
  const std::string folder = shop.answer({"pull", "acme/sentiment", "--dir"});
  CHECK(folder[0] == '/');
  const std::string paths = folder + "/w.pkl\n" + folder + "/tok/vocab.json";
  CHECK(shop.answer({"pull", "acme/sentiment"}) == paths);
  CHECK(shop.answer({"pull", "acme/sentiment"}) == paths);
  CHECK(test::read(folder + "/w.pkl") == "weights");
  CHECK(test::read(folder + "/tok/vocab.json") == "tokens");
  CHECK(shop.answer({"pull", "@1", "--slot", "tokenizer"}) == folder + "/tok/vocab.json");
  CHECK(shop.answer({"pull", "@1", "--slot", "tokenizer", "--slot", "model"}) == paths);
  check_error(shop, {"pull", "@1", "--slot", "modle"}, 3, "there is no slot 'modle'",
              "did you mean 'model'?");
  check_error(shop, {"pull", "@1", "--slot", "zzzzzz"}, 3, "there is no slot 'zzzzzz'",
              "there are: model, tokenizer");
}

TEST_CASE("pull: the record") {
  const PullShop shop;
  const std::string folder = shop.answer({"pull", "acme/sentiment", "--dir"});
  CHECK(shop.answer({"pull", "acme/sentiment", "--json"}) ==
        filled(
            R"({"schema":"algoctl.pull/v1","files":[)"
            R"({"algorithm":"acme/sentiment","version":"1.0.0","slot":"model","label":"w.pkl",)"
            R"("path":"DIR/w.pkl","sha256":"WEIGHTS","size":7},)"
            R"({"algorithm":"acme/sentiment","version":"1.0.0","slot":"tokenizer",)"
            R"("label":"tok/vocab.json","path":"DIR/tok/vocab.json","sha256":"TOKENS",)"
            R"("size":6}],"folders":["DIR"]})",
            {{"DIR", folder}, {"WEIGHTS", sha256_of("weights")}, {"TOKENS", sha256_of("tokens")}}));
  CHECK(shop.answer({"pull", "data://acme/sentiment/w.pkl", "--json"})
            .find(R"("version":null,"slot":null,"label":"w.pkl")") != std::string::npos);
}

TEST_CASE("pull: removing or overwriting what it printed harms nothing") {
  const PullShop shop;
  const std::string path = shop.answer({"pull", "@1", "--slot", "model"});
  fs::remove_all(fs::path(path).parent_path());
  CHECK(shop.answer({"pull", "@1", "--slot", "model"}) == path);
  fs::remove(path);
  test::read(object_path(shop, "weights"));
  {
    TemporaryFolder other;
    fs::copy_file(other.write("x", "mine"), path);
  }
  CHECK(shop.answer({"pull", "@1", "--slot", "model"}) == path);
  CHECK(test::read(path) == "weights");
  CHECK(test::read(object_path(shop, "weights")) == "weights");
}

TEST_CASE("pull: -o copies to DIR/LABEL, paths as given, again and again") {
  const PullShop shop;
  for (const std::string& into : {std::string("out"), std::string("./a/b"), shop / "abs"}) {
    for (int round = 0; round < 2; ++round) {
      CHECK(shop.answer({"pull", "@1", "-o", into}) ==
            into + "/w.pkl\n" + into + "/tok/vocab.json");
    }
    const fs::path folder = fs::path(shop.work()) / into;
    CHECK(test::read(folder / "w.pkl") == "weights");
    CHECK(!fs::is_symlink(folder / "w.pkl"));
    CHECK(fs::hard_link_count(folder / "w.pkl") == 1);
    CHECK(names_in(folder) == "tok w.pkl");
  }
  shop.write("out/w.pkl", "spoilt");
  CHECK(shop.answer({"pull", "@1", "-o", "out", "--slot", "model"}) == "out/w.pkl");
  CHECK(shop.read("out/w.pkl") == "weights");
  CHECK(test::read(object_path(shop, "weights")) == "weights");
  CHECK(shop.answer({"pull", "@1", "-o", "out", "--dir"}) == "out");
}

TEST_CASE("pull: --to writes the one slot to a file") {
  const PullShop shop;
  CHECK(shop.answer({"pull", "@1", "--slot", "model", "--to", "deep/model.bin"}) ==
        "deep/model.bin");
  CHECK(shop.read("deep/model.bin") == "weights");
  CHECK(shop.answer({"pull", "data://acme/sentiment/tok/vocab.json", "--to", "v.json"}) ==
        "v.json");
  CHECK(shop.read("v.json") == "tokens");
  check_error(shop, {"pull", "@1", "--to", "x"}, 2, "--to takes one file, but there are 2 slots",
              "choose one with --slot");
  check_error(shop, {"pull", "@1", "--to", "x", "-o", "y"}, 2, "-o and --to exclude each other",
              "give one of them");
  check_error(shop, {"pull", "@1", "--slot", "model", "--to", "deep"}, 2,
              "'deep' is a folder, and no place for a file", "choose another place");
}

TEST_CASE("pull: what is there and no file is not replaced by one") {
  const PullShop shop;
  const std::string pipe = shop.work() + "/pipe";
  fs::create_directory(shop.work() + "/out");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  REQUIRE(::mkfifo((shop.work() + "/out/w.pkl").c_str(), 0600) == 0);
  fs::create_symlink(pipe, shop.work() + "/link");
  const std::string why = " is no regular file, and no place for a file";
  for (const Arguments& dry : {Arguments{}, {"--dry-run"}}) {
    const auto refused = [&](Arguments pull, const std::string& place) {
      pull.insert(pull.end(), dry.begin(), dry.end());
      check_error(shop, pull, 2, "'" + place + "'" + why, "choose another place");
    };
    refused({"pull", "@1", "--slot", "model", "--to", pipe}, pipe);
    refused({"pull", "@1", "--slot", "model", "--to", "link"}, "link");
    refused({"pull", "@1", "-o", "out"}, "out/w.pkl");
  }
  CHECK(fs::is_fifo(pipe));
  shop.write("file", "old");
  fs::remove(shop.work() + "/link");
  fs::create_symlink("file", shop.work() + "/link");
  shop.answer({"pull", "@1", "--slot", "model", "--to", "link"});
  CHECK(shop.read("link") == "weights");
}

TEST_CASE("pull: without a reference, by the lock file, else by the manifest's digests") {
  const PullShop shop;
  shop.answer({"pin", "acme/sentiment@^1"});
  shop.write("w2.pkl", "heavier");
  shop.answer({"upload", "model=w2.pkl"});
  CHECK(test::read(split(shop.answer({"pull"}), '\n').at(0)) == "weights");
  fs::remove(shop.work() + "/algoctl.lock");
  const std::string unpublished = split(shop.answer({"pull"}), '\n').at(0);
  CHECK(test::read(unpublished) == "heavier");
  CHECK(unpublished.substr(unpublished.rfind('/')) == "/w2.pkl");
  check_error(shop, {"pull", "--locked"}, 9,
              "there is no lock file '" + shop.work() + "/algoctl.lock'",
              "make one with `algoctl pin OWNER/NAME@SELECTOR`");
  fs::create_directory(shop / "outside");
  const auto outside = shop.algoctl({"pull"}, {.cwd = shop / "outside"});
  CHECK(outside.exit == 2);
  CHECK(outside.err == error_text("there is no algorithm.json here or in a parent folder",
                                  "make one with `algoctl init OWNER/NAME`, or name one with "
                                  "--manifest"));
}

TEST_CASE("pull: wrong or missing bytes are never handed out") {
  const PullShop shop;
  const std::string object = object_path(shop, "weights");
  fs::permissions(object, fs::perms::owner_all);
  const std::string spoilt = "wEights";
  for (const bool there : {true, false}) {
    CAPTURE(there);
    fs::remove(object);
    if (there) {
      TemporaryFolder other;
      fs::copy_file(other.write("x", spoilt), object);
    }
    for (const Arguments& way : {Arguments{}, {"-o", "out"}, {"--slot", "model", "--to", "f"}}) {
      Arguments arguments = {"pull", "@1"};
      arguments.insert(arguments.end(), way.begin(), way.end());
      const auto result = shop.algoctl(arguments);
      CAPTURE(result.err);
      CHECK(result.exit == 5);
      CHECK(result.out == "");
      CHECK(!fs::exists(shop.work() + "/out/w.pkl"));
      CHECK(!fs::exists(shop.work() + "/f"));
    }
  }
  CHECK(shop.answer({"upload", "model=w.pkl"}) == "data://acme/sentiment/w.pkl");
  CHECK(test::read(shop.answer({"pull", "@1", "--slot", "model"})) == "weights");
}

TEST_CASE("pull: a home that was moved works at its new place") {
  const PullShop shop;
  const std::string before = shop.answer({"pull", "@1"});
  fs::rename(shop.home(), shop / "moved");
  const std::string paths = shop.answer({"pull", "@1", "--home", shop / "moved"});
  CHECK(paths == before);
  CHECK(test::read(split(paths, '\n').at(0)) == "weights");
}

TEST_CASE("pull: --dry-run names the paths and makes nothing") {
  const PullShop shop;
  const std::string cache = listing(shop.cache());
  const std::string work = listing(shop.work());
  const std::string paths = shop.answer({"pull", "@1", "--dry-run"});
  CHECK(shop.answer({"pull", "@1", "-o", "out", "--dry-run"}) == "out/w.pkl\nout/tok/vocab.json");
  CHECK(listing(shop.cache()) == cache);
  CHECK(listing(shop.work()) == work);
  CHECK(shop.answer({"pull", "@1"}) == paths);
}

TEST_CASE("pull: a folder where a link of its view belongs is said to be damage of the cache") {
  const PullShop shop;
  const std::string path = shop.answer({"pull", "@1", "--slot", "model"});
  fs::remove(path);
  fs::create_directory(path);
  check_error(shop, {"pull", "@1"}, 6, "cannot make the link '" + path + "': it is a folder",
              "the cache is damaged: remove it, or this folder; it fills again");
  fs::remove_all(shop.cache());
  CHECK(shop.answer({"pull", "@1", "--slot", "model"}) == path);
}

}  // namespace algoctl::test
