#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>

#include "base/text.h"
#include "cli/faraway.h"
#include "support/small_disk.h"

namespace fs = std::filesystem;

namespace algoctl::test {

TEST_CASE("far store: a server that fails once, or is too busy for a moment, is asked again") {
  Faraway shop;
  shop.fail("PUT", 500, "InternalError", 1);
  CHECK(shop.run({"upload", "model.bin"}) == "data://acme/sentiment/model.bin");
  shop.fail("GET", 503, "SlowDown", 2);
  shop.run({"publish"});
  CHECK(read(shop.run({"pull", "acme/sentiment"})) == "the model");
}

TEST_CASE("far store: a server that fails for ever is given up within the timeout") {
  Faraway shop;
  shop.fail("PUT", 503, "SlowDown");
  const std::string refusal = shop.refusal({"--timeout", "1", "upload", "model.bin"});
  CHECK(starts_with(refusal, "6: algoctl: s3://bucket/prefix"));
  CHECK(has(refusal, "SlowDown"));
  CHECK(has(refusal, "\n  hint: "));
  CHECK(shop.s3.count("PUT", "objects/") > 1);
  shop.s3.lie({});
  CHECK(shop.run({"upload", "model.bin"}) == "data://acme/sentiment/model.bin");
}

TEST_CASE("far store: what a refusal means is said, with its exit code, and nothing is lost") {
  struct Case {
    int status;
    const char* code;
    int exit;
    const char* word;
  };
  Faraway shop;
  for (const Case& c : {
           Case{403, "AccessDenied", 8, "permission"},
           Case{403, "InvalidAccessKeyId", 8, "key"},
           Case{403, "SignatureDoesNotMatch", 8, "key"},
           Case{400, "ExpiredToken", 8, "token"},
           Case{403, "RequestTimeTooSkewed", 8, "clock"},
           Case{404, "NoSuchBucket", 6, "bucket"},
           Case{301, "PermanentRedirect", 6, "elsewhere"},
       }) {
    CAPTURE(c.code);
    shop.fail("PUT", c.status, c.code);
    const std::string refusal = shop.refusal({"--timeout", "1", "upload", "model.bin"});
    CAPTURE(refusal);
    CHECK(starts_with(refusal, std::to_string(c.exit) + ": algoctl: s3://bucket/prefix"));
    CHECK(has(refusal, c.word));
    CHECK(has(refusal, "\n  hint: "));
    CHECK(!has(refusal, "n0b0dy-sees"));
  }
  shop.s3.lie({});
  CHECK(shop.run({"upload", "model.bin"}) == "data://acme/sentiment/model.bin");
  CHECK(shop.run({"verify"}) == "");
}

TEST_CASE("far store: a refusal of everything but the marker is said in full, HEAD or not") {
  struct Case {
    int status;
    const char* code;
    int exit;
    const char* said;
  };
  Faraway shop;
  shop.ship();
  shop.write("other.bin", std::string(kLarge, 'y'));
  for (const Case& c : {
           Case{400, "ExpiredToken", 8, "the session token has expired\n  hint: "},
           Case{403, "RequestTimeTooSkewed", 8, "this machine's clock is wrong"},
           Case{403, "InvalidAccessKeyId", 8, "the access key is not known there\n  hint: "},
           Case{403, "AccessDenied", 8, "no permission for s3:"},
       }) {
    CAPTURE(c.code);
    shop.fail("", c.status, c.code);
    for (const Arguments& words :
         {Arguments{"upload", "model.bin", "--as", "again.bin"}, Arguments{"upload", "other.bin"},
          Arguments{"publish", "--allow-duplicate"}, Arguments{"link", "acme/sentiment"}}) {
      CAPTURE(join(words, " "));
      Arguments all{"--timeout", "1"};
      all.insert(all.end(), words.begin(), words.end());
      const std::string refusal = shop.refusal(all);
      CAPTURE(refusal);
      CHECK(starts_with(refusal, std::to_string(c.exit) + ": algoctl: s3://bucket/prefix"));
      CHECK(has(refusal, c.said));
    }
  }
}

TEST_CASE("far store: bytes that come back wrong, short or for ever are never handed out") {
  Faraway shop;
  shop.ship();
  ScriptedAnswer answer;
  std::string word;
  int code = 5;
  SUBCASE("other bytes of the same size") {
    answer.body = "teh model";
    word = "is damaged";
  }
  SUBCASE("fewer") {
    answer.body = "the mod";
    word = "is damaged";
  }
  SUBCASE("more") {
    answer.body = "the model and more";
    word = "is damaged";
  }
  SUBCASE("cut off, for ever") {
    answer.body = "the";
    answer.content_length = 9;
    word = "s3://bucket/prefix";
    code = 6;
  }
  shop.s3.lie([&](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
    const bool object = request.method == "GET" && has(request.target, "objects/");
    return object ? std::optional(answer) : std::nullopt;
  });
  const std::string refusal = shop.refusal({"--timeout", "1", "pull", "acme/sentiment"});
  CAPTURE(refusal);
  CHECK(starts_with(refusal, std::to_string(code) + ": algoctl: "));
  CHECK(has(refusal, word));
  CHECK(shop.refusal({"--timeout", "1", "pull", "acme/sentiment", "-o", "out"}) != "");
  CHECK(!fs::exists(shop.work() + "/out/model"));
  shop.s3.lie({});
  CHECK(read(shop.run({"pull", "acme/sentiment"})) == "the model");
}

TEST_CASE("far store: a full disk is named by the pull that fills it, and the next one goes on") {
  std::string bytes = "the model";
  SUBCASE("in one piece") { bytes = std::string(std::size_t{1} << 20, 'm'); }
  SUBCASE("in parts") { bytes = std::string((std::size_t{16} << 20) + 1, 'm'); }
  const SmallDisk disk("size=20m");
  if (!disk) {
    MESSAGE("skipped: no file system may be mounted here");
    return;
  }
  Faraway shop;
  shop.write("model.bin", bytes);
  shop.ship();
  const std::string filler = disk / "filler";
  const std::size_t room = bytes.size() / 2;
  std::ofstream(filler) << std::string((std::size_t{20} << 20) - room, 'f');
  shop.env["XDG_CACHE_HOME"] = disk.path();
  const std::string hex = sha256_of(bytes);
  CHECK(shop.refusal({"pull", "acme/sentiment"}) ==
        "6: " + error_text("label 'model.bin': cannot write '" +
                               (disk / ("algoctl/transfers/" + hex + ".part")) +
                               "': No space left on device",
                           "free some space on the disk, or choose another place"));
  CHECK(!fs::exists(disk / "algoctl/objects"));
  fs::remove(filler);
  CHECK((read(shop.run({"pull", "acme/sentiment"})) == bytes));
  CHECK(names_in(disk / "algoctl/transfers").empty());
}

TEST_CASE("far store: two that upload the same bytes at once both succeed, and store them once") {
  std::string bytes = "the model";
  SUBCASE("in one piece") {}
  SUBCASE("in parts") { bytes = std::string((std::size_t{16} << 20) + 1, 'm'); }
  Faraway shop;
  shop.write("model.bin", bytes);
  const auto begin = [&](const std::string& label) {
    return std::make_unique<Process>(
        Arguments{ALGOCTL_PROGRAM, "upload", "model.bin", "--no-manifest", "--as", label},
        shop.inside({.env = kKeys}));
  };
  // Neither is done with its first request for an object before the other one is there too.
  std::mutex mutex;
  std::condition_variable another;
  int came = 0;
  shop.s3.lie([&](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
    if (!has(request.target, "objects/")) return std::nullopt;
    std::unique_lock lock(mutex);
    ++came;
    another.notify_all();
    another.wait_for(lock, std::chrono::seconds(20), [&] { return came >= 2; });
    return std::nullopt;
  });
  const auto first = begin("first.bin");
  const auto second = begin("second.bin");
  for (const auto& process : {first.get(), second.get()}) {
    const ProcessResult result = process->wait();
    CAPTURE(result.err);
    CHECK(result.exit == 0);
  }
  const auto objects = shop.s3.objects();
  CHECK(objects.size() == 2);  // with the marker
  const std::string hex = sha256_of(bytes);
  CHECK((objects.at("prefix/objects/sha256/" + hex.substr(0, 2) + "/" + hex) == bytes));
  CHECK(shop.run({"verify"}) == "");
  CHECK(shop.run({"list", "acme/sentiment", "--labels"}) != "");
}

TEST_CASE("far store: a folder where the cache's copy belongs is damage of the cache") {
  Faraway shop;
  shop.run({"upload", "model.bin"});
  shop.run({"publish"});
  const std::string hex = sha256_of("the model");
  const std::string copy = shop.cache() + "/algoctl/objects/" + hex.substr(0, 2) + "/" + hex;
  fs::remove_all(copy);
  fs::create_directories(copy);
  const std::string refusal = shop.refusal({"pull", "acme/sentiment"});
  CAPTURE(refusal);
  CHECK(has(refusal, copy + "': it is a folder"));
  CHECK(has(refusal, "hint: the cache is damaged: remove '" + shop.cache() + "/algoctl'"));
  fs::remove_all(shop.cache());
  CHECK(read(shop.run({"pull", "acme/sentiment"})) == "the model");
}

}  // namespace algoctl::test
