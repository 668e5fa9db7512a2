#include "http/aws_signer.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "algoctl/error.h"
#include "http/anonymous_signer.h"
#include "unit/http/signing.h"

namespace algoctl::http {
namespace {

constexpr std::int64_t kMinute = 60 * 1000;

AwsCredentials credentials(std::string key_id, std::optional<std::int64_t> expires_at = {}) {
  return {std::move(key_id), Secret("secret"), {}, expires_at};
}

Request object_request() {
  Request request;
  request.origin = "https://s3.example";
  request.path = "/bucket/key";
  return request;
}

/// The key by which a request signed at `now` was signed.
std::string key_of(AwsSigner& signer, std::int64_t now) {
  Request request = object_request();
  signer.sign(request, kPayload, now);
  const std::string all = find_field(request.headers, "Authorization").value_or("");
  const std::size_t begin = all.find('=') + 1;
  return all.substr(begin, all.find('/') - begin);
}

/// Hands out keys `1`, `2`, … that live for a time; fails while it is told to.
struct Desk {
  std::int64_t now = kNow;
  std::int64_t lifetime = 60 * kMinute;
  int asked = 0;
  bool closed = false;

  AwsCredentials operator()() {
    ++asked;
    if (closed) throw Error(Code::unauthorized, "the desk is closed");
    return credentials(std::to_string(asked), now + lifetime);
  }
};

}  // namespace

TEST_CASE("AwsSigner: signs the body's digest, the time and the key's scope") {
  AwsSigner signer([] { return credentials("AKID"); }, "eu-central-1");
  Request request = object_request();
  signer.sign(request, kPayload, kNow);
  CHECK(find_field(request.headers, "x-amz-content-sha256") == kPayload);
  CHECK(find_field(request.headers, "x-amz-date") == "20190228T101112Z");
  const std::string all = find_field(request.headers, "Authorization").value_or("");
  CHECK(all.substr(0, all.rfind('=')) ==
        "AWS4-HMAC-SHA256 Credential=AKID/20190228/eu-central-1/s3/aws4_request, "
        "SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature");

  // Signed again for the next try: one header of each name.
  signer.sign(request, kPayload, kNow + kMinute);
  CHECK(request.headers.size() == 3);
  CHECK(find_field(request.headers, "x-amz-date") == "20190228T101212Z");
}

TEST_CASE("AwsSigner: presigns with the same credentials") {
  AwsSigner signer([] { return credentials("AKID"); }, "auto");
  // An instant is signed in whole seconds, and so ends what it begins.
  const Link link = signer.presign(object_request(), kNow + 999, std::chrono::seconds(60));
  CHECK(link.expires_at == kNow + kMinute);
  const std::string& url = link.url;
  CHECK(url.substr(0, url.rfind('=')) ==
        "https://s3.example/bucket/key?X-Amz-Algorithm=AWS4-HMAC-SHA256"
        "&X-Amz-Credential=AKID%2F20190228%2Fauto%2Fs3%2Faws4_request&X-Amz-Date=20190228T101112Z"
        "&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature");
}

TEST_CASE("AwsSigner: what temporary credentials sign ends with them, or when it is asked to") {
  AwsSigner signer([] { return credentials("AKID", kNow + 10 * kMinute); }, "auto");
  const auto end = [&](int minutes) {
    return signer.presign(object_request(), kNow, std::chrono::minutes(minutes)).expires_at;
  };
  CHECK(end(9) == kNow + 9 * kMinute);
  CHECK(end(10) == kNow + 10 * kMinute);
  CHECK(end(11) == kNow + 10 * kMinute);
}

TEST_CASE(
    "AwsSigner: credentials that never expire are asked for once, and not before they are "
    "needed") {
  int asked = 0;
  AwsSigner signer(
      [&] {
        ++asked;
        return credentials("AKID");
      },
      "eu-central-1");
  CHECK(asked == 0);
  key_of(signer, kNow);
  key_of(signer, kNow + 1000000 * kMinute);
  CHECK(asked == 1);
}

TEST_CASE("AwsSigner: credentials that expire are renewed five minutes before") {
  Desk desk;
  AwsSigner signer([&] { return desk(); }, "eu-central-1");
  CHECK(key_of(signer, kNow) == "1");
  CHECK(key_of(signer, kNow + 55 * kMinute - 1) == "1");
  desk.now = kNow + 55 * kMinute;
  CHECK(key_of(signer, desk.now) == "2");
  CHECK(key_of(signer, desk.now + 54 * kMinute) == "2");
  CHECK(desk.asked == 2);
}

TEST_CASE(
    "AwsSigner: while credentials are valid, a failure to renew them is tried again each "
    "minute, then thrown") {
  Desk desk;
  AwsSigner signer([&] { return desk(); }, "eu-central-1");
  key_of(signer, kNow);
  desk.closed = true;
  CHECK(key_of(signer, kNow + 55 * kMinute) == "1");
  CHECK(key_of(signer, kNow + 56 * kMinute - 1) == "1");
  CHECK(desk.asked == 2);
  CHECK(key_of(signer, kNow + 56 * kMinute) == "1");
  CHECK(desk.asked == 3);
  CHECK_THROWS_WITH_AS(key_of(signer, kNow + 60 * kMinute), "the desk is closed", Error);
  desk.closed = false;
  desk.now = kNow + 60 * kMinute;
  CHECK(key_of(signer, desk.now) == "5");
}

TEST_CASE("AwsSigner: credentials of a shorter life than five minutes are asked for each minute") {
  Desk desk;
  desk.lifetime = 2 * kMinute;
  AwsSigner signer([&] { return desk(); }, "eu-central-1");
  CHECK(key_of(signer, kNow) == "1");
  CHECK(key_of(signer, kNow + kMinute - 1) == "1");
  desk.now = kNow + kMinute;
  CHECK(key_of(signer, desk.now) == "2");
}

TEST_CASE("AwsSigner: credentials that had expired when they came are not used") {
  AwsSigner signer([] { return credentials("AKID", kNow - 1000); }, "eu-central-1");
  try {
    key_of(signer, kNow);
    FAIL("signed");
  } catch (const Error& error) {
    CHECK(error.code() == Code::unauthorized);
    CHECK(error.message() ==
          "the credentials of key 'AKID' have expired\n"
          "expired: 2019-02-28T10:11:11.000Z\n"
          "now:     2019-02-28T10:11:12.000Z");
    CHECK(error.hint() == "get new ones from where these came from, or set this machine's clock");
  }
}

TEST_CASE("AwsSigner: many threads ask once") {
  std::atomic<int> asked = 0;
  AwsSigner signer(
      [&] {
        ++asked;
        return credentials("AKID", kNow + 60 * kMinute);
      },
      "eu-central-1");
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 50; ++j) key_of(signer, kNow);
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(asked == 1);
}

TEST_CASE("AnonymousSigner: leaves a request as it is") {
  AnonymousSigner signer;
  Request request = object_request();
  signer.sign(request, kPayload, kNow);
  CHECK(request.headers.empty());
  const Link link = signer.presign(request, kNow, std::chrono::seconds(5));
  CHECK(link.url == "https://s3.example/bucket/key");
  CHECK(!link.expires_at);
}

}  // namespace algoctl::http
