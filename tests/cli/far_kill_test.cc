// Killed at each of its requests to a server, a command ends well when it is run again.

#include <doctest/doctest.h>
#include <signal.h>

#include <atomic>
#include <filesystem>

#include "base/text.h"
#include "cli/faraway.h"
#include "support/killing.h"

namespace fs = std::filesystem;

namespace algoctl::test {
namespace {

/// Of an upload in parts only each third request, which are many and take long.
int stride(const std::string& bytes) { return bytes.size() == kLarge ? 3 * kFewer : kFewer; }

std::string large_bytes() {
  std::string large(kLarge, 'x');
  for (std::size_t i = 0; i < large.size(); i += 4096) large[i] = static_cast<char>(i / 4096);
  return large;
}

/// Runs the commands one after another, kills the one that sends the request `at` of all that are
/// not about probing, and runs that one again. False when there are not so many requests.
bool is_killed(Faraway& shop, int at, const std::vector<Arguments>& commands) {
  std::atomic<int> seen{0};
  std::atomic<pid_t> victim{0};
  shop.s3.lie([&](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
    if (!has(request.target, "probe") && ++seen == at) ::kill(victim, SIGKILL);
    return std::nullopt;
  });
  bool killed = false;
  for (const Arguments& words : commands) {
    const int exit = shop.run_as(words, victim);
    if (exit == 0) continue;
    REQUIRE(exit == 128 + SIGKILL);
    killed = true;
    shop.run(words);
  }
  shop.s3.lie({});
  return killed;
}

/// The bytes by their keys below a prefix, markers apart.
std::map<std::string, std::string> objects_below(const PlayedS3& s3, const std::string& prefix) {
  std::map<std::string, std::string> found;
  for (const auto& [key, bytes] : s3.objects()) {
    if (starts_with(key, prefix + "objects/")) found.emplace(key.substr(prefix.size()), bytes);
  }
  return found;
}

}  // namespace

TEST_CASE("far store: killed at any request, the same command ends well when it is run again") {
  for (const std::string& bytes : {std::string("the model"), large_bytes()}) {
    bool reached = true;
    for (int at = 1; reached; at += stride(bytes)) {
      CAPTURE(bytes.size());
      CAPTURE(at);
      Faraway shop;
      shop.write("model.bin", bytes);
      reached =
          is_killed(shop, at, {{"upload", "model.bin"}, {"publish"}, {"pull", "acme/sentiment"}});
      CHECK((read(shop.run({"pull", "acme/sentiment"})) == bytes));
      CHECK(shop.run({"verify"}) == "");
    }
  }
}

TEST_CASE("far store: a mirror that is killed at any request is filled when it is run again") {
  for (const std::string& bytes : {std::string("the model"), large_bytes()}) {
    Faraway shop;
    shop.write("model.bin", bytes);
    shop.ship();
    const std::string mirror = "s3://bucket/mirror?endpoint=" + shop.s3.server().origin();
    bool reached = true;
    for (int at = 1; reached; at += stride(bytes)) {
      CAPTURE(bytes.size());
      CAPTURE(at);
      reached = is_killed(shop, at, {{"mirror", "--to", mirror}});
      CHECK((objects_below(shop.s3, "mirror/") == objects_below(shop.s3, "prefix/")));
      CHECK(shop.run({"mirror"}) == "");
      CHECK(shop.s3.open_uploads() == 0);
      // As if there had never been one.
      shop.run({"mirror", "--forget", mirror});
      for (const auto& [key, there] : shop.s3.objects()) {
        if (starts_with(key, "mirror/")) shop.s3.remove(key);
      }
      fs::remove_all(shop.cache());
    }
  }
}

TEST_CASE("far store: a collection that is killed at any request frees all when it is run again") {
  Faraway shop;
  shop.env["ALGOCTL_TRASH_GRACE"] = "0";
  shop.ship();
  bool reached = true;
  for (int at = 1; reached; at += kFewer) {
    CAPTURE(at);
    for (const std::string name : {"old", "new"}) {
      shop.write("other.bin", name + std::to_string(at));
      shop.run({"upload", "other.bin", "--replace", "--no-manifest"});
    }
    const std::string hex = sha256_of("never completed " + std::to_string(at));
    shop.s3.leave_upload("prefix/objects/sha256/" + hex.substr(0, 2) + "/" + hex);
    // The first one puts into the trash what the second one frees.
    reached = is_killed(shop, at, {{"gc"}, {"gc"}});
    CHECK(shop.run({"gc"}) == "");
    CHECK(shop.s3.open_uploads() == 0);
    CHECK(objects_below(shop.s3, "prefix/").size() == 2);
    CHECK(shop.run({"verify", "--all"}) == "");
  }
}

}  // namespace algoctl::test
