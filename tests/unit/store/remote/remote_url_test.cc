#include "store/remote/remote_url.h"

#include <doctest/doctest.h>

#include "unit/core/failure.h"

namespace algoctl::test {
namespace {

const std::vector<std::string> kKnown = {"endpoint", "region"};

std::string again(const std::string& url) { return RemoteUrl::parse(url, kKnown).str(); }

std::string fault(const std::string& url) {
  return failure([&] { RemoteUrl::parse(url, kKnown); });
}

}  // namespace

TEST_CASE("remote url: taken apart") {
  const RemoteUrl url = RemoteUrl::parse(
      "S3://Bucket/a%20b/c/?region=eu-1&endpoint=http%3A%2F%2F127.0.0.1:7480", kKnown);
  CHECK(url.scheme == "s3");
  CHECK(url.host == "bucket");
  CHECK(url.path == "a b/c");
  CHECK(url.setting("region") == "eu-1");
  CHECK(url.setting("endpoint") == "http://127.0.0.1:7480");
  CHECK(url.setting("style").empty());
}

TEST_CASE("remote url: however it is written, it is called the same") {
  struct Case {
    const char* url;
    const char* text;
  };
  for (const Case& c : {
           Case{"s3://bucket", "s3://bucket"},
           Case{"s3://bucket/", "s3://bucket"},
           Case{"S3://BUCKET/A/", "s3://bucket/A"},
           Case{"s3://bucket/a%2fb", "s3://bucket/a/b"},
           Case{"s3://bucket/%c3%b6+", "s3://bucket/%C3%B6%2B"},
           Case{"http://[::1]:8080/x", "http://[::1]:8080/x"},
           Case{"s3://b?region=x&endpoint=http://h:1/a%26b",
                "s3://b?endpoint=http://h:1/a%26b"
                "&region=x"},
           Case{"s3://b?region", "s3://b?region="},
       }) {
    CAPTURE(std::string(c.url));
    CHECK(again(c.url) == c.text);
    CHECK(again(c.text) == c.text);
  }
}

TEST_CASE("remote url: what is refused, and never shown, since it may be a secret") {
  struct Case {
    const char* url;
    const char* text;
  };
  for (const Case& c : {
           Case{"s3:bucket", "does not begin with two slashes | write s3://NAME/PREFIX"},
           Case{"s3://b#x", "holds a '#' | write it as %23"},
           Case{"s3:///x", "names no bucket, account or host | write s3://NAME/PREFIX"},
           Case{"s3://a,b/x", "names no bucket, account or host | write s3://NAME/PREFIX"},
           Case{"s3://AKIA:secret@bucket/x",
                "holds a user name or a password | take it out: credentials come from the "
                "environment or from files"},
           Case{"s3://b?regoin=x", "holds the unknown setting 'regoin' | did you mean 'region'?"},
           Case{"s3://b?X-Amz-Signature=secret",
                "holds the unknown setting 'X-Amz-Signature' | there are: endpoint, region"},
           Case{"s3://b/a/../c",
                "has a prefix with an empty part, '.', '..' or a control character | choose a "
                "plain prefix"},
           Case{"s3://b/a//c",
                "has a prefix with an empty part, '.', '..' or a control character | choose a "
                "plain prefix"},
           Case{"s3://b/a%0ac",
                "has a prefix with an empty part, '.', '..' or a control character | choose a "
                "plain prefix"},
       }) {
    CAPTURE(std::string(c.url));
    CHECK(fault(c.url) == std::string("usage: the store's URL 's3://…' ") + c.text);
  }
  // Another key than the one that stands there would be read.
  for (const char* url : {"s3://b//a", "s3://b//", "s3://b/a//", "s3://b/%2Fa"}) {
    CAPTURE(std::string(url));
    CHECK(fault(url) ==
          "usage: the store's URL 's3://…' has a prefix with an empty part, '.', '..' or a control "
          "character | choose a plain prefix");
  }
  CHECK(failure([] { RemoteUrl::parse("https://h:99999/x", {}, "object"); }) ==
        "usage: the object's URL 'https://…' has no valid port | a port is a number from 1 to "
        "65535");
  CHECK(failure([] { RemoteUrl::parse("https://h/x?sig=secret", {}); }) ==
        "usage: the store's URL 'https://…' holds the unknown setting 'sig' | leave out what "
        "follows the question mark; secrets never belong in a URL");
}

TEST_CASE("remote url: a percent sign that means nothing does not show the secret beside it") {
  for (const char* url : {"s3://u:secret@b?region=%zz", "s3://b/secret%zz", "s3://b?secret%zz=1"}) {
    CAPTURE(std::string(url));
    CHECK(fault(url) == "usage: malformed URL 's3://…' | write % as %25");
  }
}

}  // namespace algoctl::test
