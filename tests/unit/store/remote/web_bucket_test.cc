#include "store/remote/web_bucket.h"

#include <doctest/doctest.h>

#include "unit/core/failure.h"
#include "unit/store/remote/bucket_fixture.h"

namespace algoctl::test {
namespace {

WebBucket web_bucket() { return {"https://h.example/a%20b", "https://h.example", "/a b/"}; }

std::string web_said(const http::Response& response) {
  WebBucket b = web_bucket();
  return shown(b.explain(b.get("store.json"), response));
}

}  // namespace

TEST_CASE("web bucket: reads what is below its prefix") {
  WebBucket b = web_bucket();
  CHECK(b.url() == "https://h.example/a%20b");
  CHECK(shown(b.head("k+1")) == "HEAD https://h.example/a%20b/k%2B1");
  CHECK(shown(b.get("k")) == "GET https://h.example/a%20b/k");
  CHECK(shown(b.get("k", 10, 5)) == "GET https://h.example/a%20b/k\nrange: bytes=10-14");
  CHECK(shown(b.link("k", std::chrono::seconds(60))) == "https://h.example/a%20b/k for ever");
}

TEST_CASE("web bucket: can only be read") {
  WebBucket b = web_bucket();
  CHECK(!b.limits().writable);
  CHECK(!b.limits().listable);
  const std::string text =
      "storage: store https://h.example/a%20b can only be read | name a store that takes bytes "
      "with --store";
  CHECK(failure([&] { b.put("k", {}, "", false); }) == text);
  CHECK(failure([&] { b.remove("k"); }) == text);
  CHECK(failure([&] { b.list("", ""); }) == text);
  CHECK(failure([&] { b.read_list(answer(200)); }) == text);
  CHECK(failure([&] { b.begin_parts("k", kSha256); }) == text);
  CHECK(failure([&] { b.read_upload_id(answer(200)); }) == text);
  CHECK(failure([&] { b.put_part("k", "u", 1, {}, ""); }) == text);
  CHECK(failure([&] { b.read_part_tag(1, "", answer(200)); }) == text);
  CHECK(failure([&] { b.list_parts("k", "u", ""); }) == text);
  CHECK(failure([&] { b.read_parts(answer(200)); }) == text);
  CHECK(failure([&] { b.complete("k", "u", {}, kSha256); }) == text);
  CHECK(failure([&] { b.read_complete(answer(200)); }) == text);
  CHECK(failure([&] { b.abort("k", "u"); }) == text);
  CHECK(failure([&] { b.list_uploads("", ""); }) == text);
  CHECK(failure([&] { b.read_uploads(answer(200)); }) == text);
}

TEST_CASE("web bucket: what an answer means") {
  const std::string store = "https://h.example/a%20b: ";
  for (const int status : {401, 403, 407}) {
    CHECK(web_said(answer(status)) ==
          "unauthorized: " + store + "the server does not show /a b/store.json (" +
              std::to_string(status) +
              ") | it is read without a name or a password: whoever runs the server can allow it");
  }
  for (const int status : {404, 410}) {
    CHECK(web_said(answer(status, "<html>404</html>")) ==
          "storage: " + store +
              "there is no /a b/store.json | look at the URL, and whether all of the store is "
              "shown there");
  }
  CHECK(web_said(answer(301, "", {{"location", "https://h.example/c/"}})) ==
        "storage: " + store +
            "the server points elsewhere, which is not followed: 'https://h.example/c/' | name "
            "that place in the store's URL, if you trust it");
  CHECK(web_said(answer(503)) ==
        "storage: " + store + "the server asks for fewer requests (503) | run it again later");
  CHECK(web_said(answer(405)) == "storage: " + store + "GET was answered with 405");
}

}  // namespace algoctl::test
