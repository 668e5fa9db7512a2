#include <doctest/doctest.h>

#include "store/remote/explain.h"
#include "unit/store/remote/bucket_fixture.h"

namespace algoctl::test {
namespace {

std::string error_body(const std::string& code, const std::string& rest = {}) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>" + code + "</Code>" + rest +
         "<RequestId>tx1</RequestId></Error>";
}

std::string s3_said(const http::Request& request, const http::Response& response) {
  return shown(explain_s3(request, response, "s3://b", kNow));
}

std::string s3_said(const http::Response& response) { return s3_said({}, response); }

http::Request asking(const std::string& method, http::Fields query = {}) {
  http::Request request;
  request.method = method;
  request.query = std::move(query);
  return request;
}

}  // namespace

TEST_CASE("explain_s3: what each code means") {
  struct Case {
    int status;
    const char* code;
    const char* text;
  };
  for (const Case& c : {
           Case{403, "InvalidAccessKeyId",
                "unauthorized: s3://b: the access key is not known there | look at "
                "AWS_ACCESS_KEY_ID or the profile, and at the endpoint"},
           Case{403, "SignatureDoesNotMatch",
                "unauthorized: s3://b: the secret key does not fit the access key | look at "
                "AWS_SECRET_ACCESS_KEY or the profile, and at the region"},
           Case{400, "ExpiredToken",
                "unauthorized: s3://b: the session token has expired | get new credentials"},
           Case{400, "TokenRefreshRequired",
                "unauthorized: s3://b: the session token has expired | get new credentials"},
           Case{400, "InvalidToken",
                "unauthorized: s3://b: the session token is not known there | get new credentials, "
                "or unset AWS_SESSION_TOKEN"},
           Case{403, "RequestTimeTooSkewed",
                "unauthorized: s3://b: this machine's clock is wrong | set the clock: a signature "
                "holds for 15 minutes"},
           Case{404, "NoSuchBucket",
                "storage: s3://b: there is no such bucket | make it first, or look at the name and "
                "the endpoint"},
           Case{400, "XAmzContentSHA256Mismatch",
                "storage: s3://b: the bytes arrived damaged | run it again"},
           Case{400, "BadDigest", "storage: s3://b: the bytes arrived damaged | run it again"},
           Case{503, "SlowDown",
                "storage: s3://b: the server asks for fewer requests (503 SlowDown) | run it again "
                "later"},
           Case{429, "TooManyRequests",
                "storage: s3://b: the server asks for fewer requests (429 TooManyRequests) | run "
                "it again later"},
           Case{500, "InternalError",
                "storage: s3://b: GET was answered with 500 InternalError | run it again later"},
           Case{400, "EntityTooSmall", "storage: s3://b: GET was answered with 400 EntityTooSmall"},
       }) {
    CAPTURE(std::string(c.code));
    CHECK(s3_said(answer(c.status, error_body(c.code))) == c.text);
  }
}

TEST_CASE("is_known_to_s3: a reason that has a code of its own, or another region") {
  for (const char* code : {"ExpiredToken", "XAmzContentSHA256Mismatch"}) {
    CAPTURE(std::string(code));
    CHECK(is_known_to_s3(answer(400, error_body(code))));
  }
  CHECK(is_known_to_s3(
      answer(400, error_body("AuthorizationHeaderMalformed", "<Region>eu-1</Region>"))));
  CHECK(!is_known_to_s3(answer(400, error_body("NotImplemented"))));
  CHECK(!is_known_to_s3(answer(400, "")));
}

TEST_CASE("explain_s3: no permission, and which one") {
  struct Case {
    http::Request request;
    const char* permission;
  };
  for (const Case& c : {
           Case{asking("GET"), "s3:GetObject"},
           Case{asking("HEAD"), "s3:GetObject"},
           Case{asking("PUT"), "s3:PutObject"},
           Case{asking("POST", {{"uploads", ""}}), "s3:PutObject"},
           Case{asking("DELETE"), "s3:DeleteObject"},
           Case{asking("DELETE", {{"uploadId", "u"}}), "s3:AbortMultipartUpload"},
           Case{asking("GET", {{"list-type", "2"}}), "s3:ListBucket"},
           Case{asking("GET", {{"uploads", ""}}), "s3:ListBucketMultipartUploads"},
           Case{asking("GET", {{"uploadId", "u"}}), "s3:ListMultipartUploadParts"},
       }) {
    const std::string text = std::string("unauthorized: s3://b: no permission for ") + c.permission;
    const std::string hint = " | grant it to the key that is used, or use another key";
    CHECK(s3_said(c.request, answer(403, error_body("AccessDenied"))) == text + hint);
    CHECK(s3_said(c.request, answer(403)) == text + hint);  // of HEAD: no body
    CHECK(s3_said(c.request, answer(401, error_body("AllAccessDisabled\x1b"))) == text + hint);
    CHECK(s3_said(c.request, answer(403, error_body("AllAccessDisabled"))) ==
          text + ": AllAccessDisabled" + hint);
  }
}

TEST_CASE("explain_s3: a bucket of another region, wherever the answer names it") {
  const std::string text =
      "storage: s3://b: the bucket is in region 'eu-central-1' | add region=eu-central-1 to the "
      "store's URL, or set AWS_REGION";
  CHECK(s3_said(answer(400, error_body("AuthorizationHeaderMalformed",
                                       "<Region>eu-central-1</Region>"))) == text);
  CHECK(s3_said(answer(301, "", {{"x-amz-bucket-region", "eu-central-1"}})) == text);
  CHECK(s3_said(answer(
            307, "",
            {{"x-amz-bucket-region", "eu-central-1"}, {"location", "https://elsewhere"}})) == text);
  CHECK(
      s3_said(answer(403, error_body("AccessDenied"), {{"x-amz-bucket-region", "eu-central-1"}})) ==
      "unauthorized: s3://b: no permission for s3:GetObject | grant it to the key that is used, "
      "or use another key");
}

TEST_CASE("explain_s3: the message of an unknown code, without what would steer a terminal") {
  CHECK(s3_said(asking("PUT"),
                answer(400, error_body("KeyTooLongError",
                                       "<Message>Your key\nis too long.</Message>"))) ==
        "storage: s3://b: PUT was answered with 400 KeyTooLongError: Your key is too long.");
}

TEST_CASE("explain_s3: an answer that is no document of S3") {
  CHECK(s3_said(answer(400, "<html><body>Bad Request</body>")) ==
        "storage: s3://b: GET was answered with 400");
  CHECK(s3_said(answer(502, "Bad gateway")) ==
        "storage: s3://b: GET was answered with 502 | run it again later");
}

}  // namespace algoctl::test
