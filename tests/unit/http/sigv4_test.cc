#include "http/sigv4.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "algoctl/error.h"
#include "base/clock.h"
#include "base/hash.h"

namespace algoctl::http {
namespace {

const std::string kEmpty = sha256_hex("");

std::string signature_of(const Request& request) {
  const std::string all = find_field(request.headers, "authorization").value_or("");
  return all.substr(all.find("Signature=") + 10);
}

// The examples of the S3 reference, "Authenticating Requests (AWS Signature Version 4)".
const AwsCredentials kS3Example = {
    "AKIAIOSFODNN7EXAMPLE", Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), {}, {}};
const SigV4 kS3 = {kS3Example, "us-east-1", "s3", *parse_time("2013-05-24T00:00:00Z")};

Request s3_request(std::string path, Fields query = {}) {
  Request request;
  request.origin = "https://examplebucket.s3.amazonaws.com";
  request.path = std::move(path);
  request.query = std::move(query);
  request.headers = {{"x-amz-content-sha256", kEmpty}};
  return request;
}

// The signature test suite that AWS publishes.
const AwsCredentials kSuiteExample = {
    "AKIDEXAMPLE", Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), {}, {}};
const SigV4 kSuite = {kSuiteExample, "us-east-1", "service", *parse_time("2015-08-30T12:36:00Z")};

Request suite_request(std::string method, std::string path, Fields query = {},
                      Fields headers = {}) {
  Request request;
  request.method = std::move(method);
  request.origin = "https://example.amazonaws.com";
  request.path = std::move(path);
  request.query = std::move(query);
  request.headers = std::move(headers);
  return request;
}

}  // namespace

TEST_CASE("sigv4: the S3 reference's GET of a range, step by step") {
  Request request = s3_request("/test.txt");
  request.headers.push_back({"Range", "bytes=0-9"});
  sign(request, kEmpty, kS3);
  const std::string canonical = canonical_request(request, kEmpty);
  CHECK(canonical ==
        "GET\n/test.txt\n\nhost:examplebucket.s3.amazonaws.com\nrange:bytes=0-9\n"
        "x-amz-content-sha256:" +
            kEmpty +
            "\nx-amz-date:20130524T000000Z\n\n"
            "host;range;x-amz-content-sha256;x-amz-date\n" +
            kEmpty);
  CHECK(string_to_sign(canonical, kS3) ==
        "AWS4-HMAC-SHA256\n20130524T000000Z\n20130524/us-east-1/s3/aws4_request\n"
        "7344ae5b7ee6c3e7e6b0fe0640412a37625d1fbfff95c48bbb2dc43964946972");
  CHECK(find_field(request.headers, "Authorization") ==
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
        "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

TEST_CASE("sigv4: the S3 reference's PUT, whose key is encoded") {
  const std::string payload = sha256_hex("Welcome to Amazon S3.");
  Request request = s3_request("/test$file.text");
  request.method = "PUT";
  request.headers = {{"x-amz-content-sha256", payload},
                     {"x-amz-storage-class", "REDUCED_REDUNDANCY"},
                     {"Date", "Fri, 24 May 2013 00:00:00 GMT"}};
  sign(request, payload, kS3);
  CHECK(signature_of(request) ==
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}

TEST_CASE("sigv4: the S3 reference's parameter without a value, and a list") {
  Request lifecycle = s3_request("/", {{"lifecycle", ""}});
  sign(lifecycle, kEmpty, kS3);
  CHECK(signature_of(lifecycle) ==
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  Request list = s3_request("", {{"prefix", "J"}, {"max-keys", "2"}});
  sign(list, kEmpty, kS3);
  CHECK(signature_of(list) == "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

TEST_CASE("presign: the S3 reference's URL, whatever headers the request has") {
  Request request = s3_request("/test.txt");
  request.headers.push_back({"Range", "bytes=0-9"});
  CHECK(presign(request, std::chrono::hours(24), kS3) ==
        "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
        "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
        "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
        "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
}

TEST_CASE("sigv4: the published suite") {
  const std::string unreserved =
      "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  struct Case {
    const char* name;
    Request request;
    const char* body;
    const char* signature;
  };
  for (Case& c : std::vector<Case>{
           {"get-vanilla", suite_request("GET", "/"), "",
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
           {"get-vanilla-empty-query-key", suite_request("GET", "/", {{"Param1", "value1"}}), "",
            "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"},
           {"get-vanilla-query-order-key-case",
            suite_request("GET", "/", {{"Param2", "value2"}, {"Param1", "value1"}}), "",
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
           {"get-vanilla-query-unreserved", suite_request("GET", "/", {{unreserved, unreserved}}),
            "", "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"},
           {"get-vanilla-utf8-query", suite_request("GET", "/", {{"\u1234", "bar"}}), "",
            "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
           {"get-unreserved", suite_request("GET", "/" + unreserved), "",
            "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
           {"get-utf8", suite_request("GET", "/\u1234"), "",
            "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
           {"get-header-key-duplicate",
            suite_request(
                "GET", "/", {},
                {{"My-Header1", "value2"}, {"My-Header1", "value2"}, {"My-Header1", "value1"}}),
            "", "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
           {"get-header-value-order",
            suite_request("GET", "/", {},
                          {{"My-Header1", "value4"},
                           {"My-Header1", "value1"},
                           {"My-Header1", "value3"},
                           {"My-Header1", "value2"}}),
            "", "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"},
           {"get-header-value-trim",
            suite_request("GET", "/", {},
                          {{"My-Header1", " value1 "}, {"My-Header2", " \"a   b   c\""}}),
            "", "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
           {"post-vanilla", suite_request("POST", "/"), "",
            "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
           {"post-vanilla-query", suite_request("POST", "/", {{"Param1", "value1"}}), "",
            "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"},
           {"post-vanilla-query-nonunreserved",
            suite_request("POST", "/", {{"@#$%^", ""}, {"+", "/,?><`\";:\\|][{}"}}), "",
            "66c82657c86e26fb25238d0e69f011edc4c6df5ae71119d7cb98ed9b87393c1e"},
           {"post-vanilla-query-space", suite_request("POST", "/", {{"p", ""}}), "",
            "e71688addb58a26418614085fb730ba3faa623b461c17f48f2fbdb9361b94a9b"},
           {"post-header-key-sort", suite_request("POST", "/", {}, {{"My-Header1", "value1"}}), "",
            "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"},
           {"post-header-value-case", suite_request("POST", "/", {}, {{"My-Header1", "VALUE1"}}),
            "", "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"},
           {"post-x-www-form-urlencoded",
            suite_request("POST", "/", {}, {{"Content-Type", "application/x-www-form-urlencoded"}}),
            "Param1=value1", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
       }) {
    CAPTURE(c.name);
    sign(c.request, sha256_hex(c.body), kSuite);
    CHECK(signature_of(c.request) == c.signature);
  }
}

TEST_CASE("sigv4: the published suite's session token, in place of an older one") {
  AwsCredentials credentials = kSuiteExample;
  credentials.session_token = Secret(
      "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfp"
      "SPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQ"
      "DYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+s"
      "cqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==");
  SigV4 with = {credentials, kSuite.region, kSuite.service, kSuite.now_ms};
  Request request = suite_request("POST", "/", {}, {{"x-amz-security-token", "older"}});
  sign(request, kEmpty, with);
  CHECK(find_field(request.headers, "Authorization") ==
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        "SignedHeaders=host;x-amz-date;x-amz-security-token, "
        "Signature=85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead");

  // Signed again, without a token: nothing of the first signature is left.
  sign(request, kEmpty, kSuite);
  CHECK(signature_of(request) ==
        "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
  CHECK(request.headers.size() == 2);
}

// Signatures that botocore 1.43 makes of the same requests.
namespace {

const AwsCredentials kTemporary = {
    "AKIDEXAMPLE", Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), Secret("to/k+en=="), {}};

Request awkward_request() {
  Request request;
  request.origin = "http://localhost:8000";
  request.path = "/models/acme/a b+c@d/\u00e4~.bin";
  return request;
}

}  // namespace

TEST_CASE("sigv4: a port, a key of awkward characters, names that begin alike, as botocore signs") {
  Request request = awkward_request();
  request.query = {{"prefix", "a/b"}, {"list-type", "2"}};
  request.headers = {{"x-amz-meta-a-b", "2"},
                     {"x-amz-meta-a", "1"},
                     {"X-Amz-Content-Sha256", kEmpty},
                     {"User-Agent", "algoctl"},
                     {"Expect", ""}};
  sign(request, kEmpty, {kTemporary, "eu-central-1", "s3", *parse_time("2019-02-28T10:11:12Z")});
  CHECK(find_field(request.headers, "Authorization") ==
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20190228/eu-central-1/s3/aws4_request, "
        "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-meta-a;x-amz-meta-a-b;"
        "x-amz-security-token, "
        "Signature=751b9ecd9d67c0a2e090a52748ac0a714324e2349f8dbc807db2a4515dedc9dc");
  CHECK(request.url() ==
        "http://localhost:8000/models/acme/a%20b%2Bc%40d/%C3%A4~.bin?list-type=2&prefix=a%2Fb");
}

TEST_CASE("presign: with a session token and a parameter of the request, as botocore signs") {
  Request request = awkward_request();
  request.query = {{"response-content-type", "a/b"}};
  const std::string url = presign(request, std::chrono::hours(1),
                                  {kTemporary, "auto", "s3", *parse_time("2019-02-28T10:11:12Z")});
  CHECK(url ==
        "http://localhost:8000/models/acme/a%20b%2Bc%40d/%C3%A4~.bin?"
        "X-Amz-Algorithm=AWS4-HMAC-SHA256"
        "&X-Amz-Credential=AKIDEXAMPLE%2F20190228%2Fauto%2Fs3%2Faws4_request"
        "&X-Amz-Date=20190228T101112Z&X-Amz-Expires=3600"
        "&X-Amz-Security-Token=to%2Fk%2Ben%3D%3D&X-Amz-SignedHeaders=host"
        "&response-content-type=a%2Fb"
        "&X-Amz-Signature=be32f56967bd687d86b900846bbd2992c0bc8232746a5e208b7b8e006e5ade92");
}

TEST_CASE("sigv4: the port that a scheme has anyway is not signed") {
  for (const char* origin : {"https://example.amazonaws.com:443", "http://example.amazonaws.com:80",
                             "http://example.amazonaws.com"}) {
    Request request = suite_request("GET", "/");
    request.origin = origin;
    sign(request, kEmpty, kSuite);
    CHECK(signature_of(request) ==
          "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
  }
  for (const char* origin : {"https://example.amazonaws.com:80", "http://example.amazonaws.com:443",
                             "http://example.amazonaws.com:8080"}) {
    Request request = suite_request("GET", "/");
    request.origin = origin;
    CHECK(request.host() == std::string(origin).substr(std::string(origin).find("://") + 3));
  }
}

TEST_CASE("presign: a lifetime that S3 does not grant is refused") {
  for (const std::int64_t seconds : {std::int64_t{0}, std::int64_t{-5}, std::int64_t{604801}}) {
    CAPTURE(seconds);
    try {
      presign(s3_request("/test.txt"), std::chrono::seconds(seconds), kS3);
      FAIL("was signed");
    } catch (const Error& error) {
      CHECK(error.code() == Code::usage);
      CHECK(error.message() == "a signed URL lives from one second to seven days, not " +
                                   std::to_string(seconds) + " seconds");
      CHECK(error.hint() == (seconds > 0 ? "give at most 7d" : "give at least 1s"));
    }
  }
  CHECK_NOTHROW(presign(s3_request("/test.txt"), std::chrono::seconds(1), kS3));
  CHECK_NOTHROW(presign(s3_request("/test.txt"), std::chrono::seconds(604800), kS3));
}

}  // namespace algoctl::http
