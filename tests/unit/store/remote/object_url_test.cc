#include "store/remote/object_url.h"

#include <doctest/doctest.h>

#include "unit/core/failure.h"

namespace algoctl::test {

TEST_CASE("object URL: what is one, and what is the path of a file") {
  for (const char* url : {"s3://b/k", "S3://b/k", "https://host/k", "nonsense://x", "file:///k"}) {
    CAPTURE(url);
    CHECK(ObjectUrl::matches(url));
  }
  for (const char* path : {"model.pkl", "./s3://b/k", "s3:/b/k", "s3:b", "-", "", "://b", "c:/k"}) {
    CAPTURE(path);
    CHECK_FALSE(ObjectUrl::matches(path));
  }
}

TEST_CASE("object URL: the key is what follows the last slash, the settings stay with the bucket") {
  const auto plain = ObjectUrl::parse("s3://models/model.pkl");
  CHECK(plain.folder == "s3://models");
  CHECK(plain.key == "model.pkl");
  CHECK(plain.str() == "s3://models/model.pkl");
  const auto deep = ObjectUrl::parse("s3://models/a/b%20c/m%2B1.pkl?endpoint=http://h:1/x");
  CHECK(deep.folder == "s3://models/a/b%20c?endpoint=http://h:1/x");
  CHECK(deep.key == "m+1.pkl");
  CHECK(deep.str() == "s3://models/a/b%20c/m%2B1.pkl?endpoint=http://h:1/x");
  CHECK(ObjectUrl::parse("azure://acme/models/m.pkl").folder == "azure://acme/models");
  CHECK(ObjectUrl::parse("https://host:8443/m.pkl").folder == "https://host:8443");
}

TEST_CASE("object URL: what names no object is refused, and never shown") {
  for (const char* url : {"s3://models", "s3://models/", "s3://", "https://host",
                          "s3://m/a/?region=x", "s3://models?endpoint=http://h/k"}) {
    CAPTURE(url);
    const std::string scheme = url[0] == 's' ? "s3" : "https";
    CHECK(failure([&] { ObjectUrl::parse(url); }) ==
          "usage: the object's URL '" + scheme + "://…' names no object | write " + scheme +
              "://NAME/KEY; what is in a folder is uploaded object by object");
  }
  for (const char* key : {".", "..", "a%0ab", "%7f", "%2Fa", "a%2F%2Fb"}) {
    CAPTURE(key);
    CHECK(failure([&] { ObjectUrl::parse("s3://models/" + std::string(key)); }) ==
          "usage: the object's URL 's3://…' has a key with an empty part, '.', '..' or a control "
          "character | give the object a plain name");
  }
  for (const char* url : {"s3://models//m.pkl", "s3://models/a//m.pkl"}) {
    CAPTURE(url);
    CHECK(
        failure([&] { ObjectUrl::parse(url); }) ==
        "usage: the object's URL 's3://…' has a prefix with an empty part, '.', '..' or a control "
        "character | choose a plain prefix");
  }
  CHECK(failure([] { ObjectUrl::parse("file:///m.pkl"); }) ==
        "usage: the object's URL 'file://…' names a file | write its path");
}

TEST_CASE("object URL: a query of a web server may be a signature") {
  for (const char* url : {"https://b.s3.amazonaws.com/k?X-Amz-Signature=hidden", "http://h/k?"}) {
    CAPTURE(url);
    const std::string said = failure([&] { ObjectUrl::parse(url); });
    CHECK(said.find("hidden") == std::string::npos);
    CHECK(
        said.find("://…' holds a query, which may be a signature | leave it out: what is recorded "
                  "opens the object for everybody, and is no secret") != std::string::npos);
  }
}

}  // namespace algoctl::test
