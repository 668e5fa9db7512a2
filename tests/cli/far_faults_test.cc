#include <doctest/doctest.h>
#include <signal.h>

#include <atomic>
#include <filesystem>

#include "base/text.h"
#include "support/played_s3.h"
#include "support/shop.h"

namespace fs = std::filesystem;

namespace algoctl::test {
namespace {

constexpr std::size_t kLarge = (std::size_t{16} << 20) + 1;  // two parts

const std::map<std::string, std::string> kKeys = {{"AWS_ACCESS_KEY_ID", "key"},
                                                  {"AWS_SECRET_ACCESS_KEY", "n0b0dy-sees"}};

/// A shop whose registry has its store on a played server.
struct Faraway : Shop {
  Faraway() {
    run({"init", "acme/sentiment", "--store", s3.url()});
    write("model.bin", "the model");
  }

  [[nodiscard]] ProcessResult call(Arguments arguments) const {
    return algoctl(arguments, {.env = kKeys});
  }
  std::string run(const Arguments& arguments) const {
    const ProcessResult result = call(arguments);
    CAPTURE(result.err);
    REQUIRE(result.exit == 0);
    return result.out.substr(0, result.out.find('\n'));
  }
  /// The exit code of a command whose process others know as `victim`, before it does anything.
  [[nodiscard]] int run_as(const Arguments& arguments, std::atomic<pid_t>& victim) const {
    // A shell that waits for a line, then becomes the program.
    Arguments words{"sh", "-c", "read go; exec \"$0\" \"$@\"", ALGOCTL_PROGRAM};
    words.insert(words.end(), arguments.begin(), arguments.end());
    ProcessOptions options = inside({.env = kKeys});
    options.hold_input = true;
    Process process(words, options);
    victim = process.pid();
    process.type("go\n");
    process.end_input();
    return process.wait().exit;
  }
  /// What a command says that ends otherwise than with 0, and how it ends: `6: algoctl: …`.
  [[nodiscard]] std::string refusal(const Arguments& arguments) const {
    const ProcessResult result = call(arguments);
    CHECK(result.out == "");
    return std::to_string(result.exit) + ": " + result.err;
  }
  /// Answers all requests of a method for objects with a status and an S3 error.
  void fail(const std::string& method, int status, const std::string& code, int times = 1 << 20) {
    auto left = std::make_shared<std::atomic<int>>(times);
    s3.lie([=](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
      const bool object = request.target.find("objects/") != std::string::npos;
      if (!object || request.method != method || left->fetch_sub(1) <= 0) return std::nullopt;
      ScriptedAnswer answer;
      answer.status = status;
      if (!code.empty())
        answer.body = "<Error><Code>" + code + "</Code><Message>m</Message></Error>";
      return answer;
    });
  }
  void ship() const {
    run({"upload", "model.bin"});
    run({"publish"});
  }
  [[nodiscard]] std::string key() const {
    const std::string hex = sha256_of("the model");
    return "prefix/objects/sha256/" + hex.substr(0, 2) + "/" + hex;
  }

  PlayedS3 s3;
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

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

TEST_CASE("far store: killed at any request, the same command ends well when it is run again") {
  std::string large(kLarge, 'x');
  for (std::size_t i = 0; i < large.size(); i += 4096) large[i] = static_cast<char>(i / 4096);
  for (const std::string& bytes : {std::string("the model"), large}) {
    bool reached = true;
    for (int at = 1; reached; at += bytes.size() == kLarge ? 3 : 1) {
      CAPTURE(bytes.size());
      CAPTURE(at);
      Faraway shop;
      shop.write("model.bin", bytes);
      std::atomic<int> seen{0};
      std::atomic<pid_t> victim{0};
      shop.s3.lie([&](const SeenRequest&) -> std::optional<ScriptedAnswer> {
        if (++seen == at) ::kill(victim, SIGKILL);
        return std::nullopt;
      });
      reached = false;
      for (const Arguments& words : {Arguments{"upload", "model.bin"}, Arguments{"publish"},
                                     Arguments{"pull", "acme/sentiment"}}) {
        const int exit = shop.run_as(words, victim);
        if (exit == 0) continue;
        REQUIRE(exit == 128 + SIGKILL);
        reached = true;
        shop.run(words);
      }
      CHECK((read(shop.run({"pull", "acme/sentiment"})) == bytes));
      CHECK(shop.run({"verify"}) == "");
    }
  }
}

}  // namespace algoctl::test
