#include "store/remote/probe.h"

#include <doctest/doctest.h>

#include <atomic>

#include "store/remote/s3_bucket.h"
#include "support/played_s3.h"

namespace algoctl::test {
namespace {

std::string probed(PlayedS3& s3) {
  S3Place place;
  place.url = "s3://bucket";
  place.endpoint = s3.server().origin();
  place.bucket = "bucket";
  http::RetryOptions retry;
  retry.first_delay = std::chrono::milliseconds(1);
  const Conversation talk(
      std::make_unique<S3Bucket>(place, nullptr, [] { return std::int64_t{1'000'000'000'000}; }),
      http::LoopOptions{}, retry);
  std::string text;
  for (const ProbeFinding& finding : probe(talk)) {
    // Nothing is signed here, so that a digest is no part of it.
    text += finding.what + ": " + (finding.holds ? "yes" : finding.detail) +
            (finding.needed ? "\n" : " (help)\n");
  }
  return text;
}

constexpr const char* kAllWell =
    "put: yes\nread back: yes\nread a range: yes\nlist: yes\n"
    "create only what is new: yes (help)\none of 20 creators wins: yes (help)\n"
    "refuse a body that is not what was signed: taken: what arrives damaged is found when it is "
    "read (help)\nput in parts: yes\ndelete: yes\n";

}  // namespace

TEST_CASE("probe: an honest server, and nothing left on it") {
  PlayedS3 s3;
  CHECK(probed(s3) == kAllWell);
  CHECK(s3.objects().empty());
  CHECK(s3.open_uploads() == 0);
}

TEST_CASE("probe: a server that ignores conditions is found out") {
  PlayedS3 s3;
  s3.honours_conditions = false;
  const std::string text = probed(s3);
  CHECK(text.find("create only what is new: the condition is ignored, and the key overwritten") !=
        std::string::npos);
  CAPTURE(text);
  CHECK(text.find("one of 20 creators wins: 20 won") != std::string::npos);
  CHECK(s3.objects().empty());
}

TEST_CASE("probe: where nothing can be put nothing else is tried") {
  PlayedS3 s3;
  s3.lie([](const SeenRequest& request) {
    return request.method == "PUT" ? std::optional(denied()) : std::nullopt;
  });
  CHECK(probed(s3) == "put: s3://bucket: no permission for s3:PutObject\n");
  CHECK(s3.count("GET", "") == 0);
}

TEST_CASE("probe: what a server may not do is a finding, not an end") {
  PlayedS3 s3;
  s3.lie([](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
    if (request.method != "DELETE") return std::nullopt;
    ScriptedAnswer denied;
    denied.status = 403;
    return denied;
  });
  CHECK(probed(s3).find("delete: s3://bucket: no permission for s3:DeleteObject\n") !=
        std::string::npos);
}

TEST_CASE("probe: nothing is left where parts are refused, or do not become an object") {
  for (const char* method : {"PUT", "POST"}) {
    CAPTURE(std::string(method));
    PlayedS3 s3;
    s3.lie([&](const SeenRequest& request) {
      const bool is_part =
          request.method == method && request.target.find("uploadId=") != std::string::npos;
      return is_part ? std::optional(denied()) : std::nullopt;
    });
    const std::string text = probed(s3);
    CHECK(text.find("put in parts: s3://bucket: no permission") != std::string::npos);
    CHECK(s3.open_uploads() == 0);
    CHECK(s3.objects().empty());
  }
}

TEST_CASE("probe: nothing is left of a race in which the server fails") {
  PlayedS3 s3;
  std::atomic<int> raced{0};
  s3.lie([&](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
    const bool races = request.method == "PUT" && request.target.find("-race") != std::string::npos;
    if (!races || ++raced == 1) return std::nullopt;
    return ScriptedAnswer{.status = 503};
  });
  CHECK(probed(s3).find("one of 20 creators wins: ") != std::string::npos);
  CHECK(raced > 1);
  CHECK(s3.objects().empty());
}

TEST_CASE("probe: keys of probes, and others") {
  const std::string name = "probe/0123456789abcdef0123456789abcdef";
  for (const char* suffix : {"", "-race", "-damaged", "-parts"}) CHECK(is_probe_key(name + suffix));
  for (const std::string& other :
       {std::string("probe/"), name + "0", name + "-mine", name.substr(0, name.size() - 1),
        "probe/" + name, std::string("probe/0123456789ABCDEF0123456789abcdef"),
        std::string("objects/0123456789abcdef0123456789abcdef")}) {
    CAPTURE(other);
    CHECK_FALSE(is_probe_key(other));
  }
}

}  // namespace algoctl::test
