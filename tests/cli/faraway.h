#pragma once

#include <doctest/doctest.h>

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "support/played_s3.h"
#include "support/shop.h"

namespace algoctl::test {

inline const std::map<std::string, std::string> kKeys = {{"AWS_ACCESS_KEY_ID", "key"},
                                                         {"AWS_SECRET_ACCESS_KEY", "n0b0dy-sees"}};

constexpr std::size_t kLarge = (std::size_t{16} << 20) + 1;  ///< bytes of an object in two parts

/// A shop whose registry has its store on a played server.
struct Faraway : Shop {
  Faraway() {
    run({"init", "acme/sentiment", "--store", s3.url()});
    write("model.bin", "the model");
  }

  [[nodiscard]] ProcessResult call(const Arguments& arguments) const {
    return algoctl(arguments, {.env = env});
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
    ProcessOptions options = inside({.env = env});
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
  /// Answers all requests of a method, or of any, for objects with a status and an S3 error.
  void fail(const std::string& method, int status, const std::string& code, int times = 1 << 20) {
    auto left = std::make_shared<std::atomic<int>>(times);
    s3.lie([=](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
      const bool object = request.target.find("objects/") != std::string::npos;
      const bool asked = method.empty() || request.method == method;
      if (!object || !asked || left->fetch_sub(1) <= 0) return std::nullopt;
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

  std::map<std::string, std::string> env = kKeys;
  PlayedS3 s3;
};

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace algoctl::test
