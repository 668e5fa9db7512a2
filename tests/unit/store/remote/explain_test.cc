#include "store/remote/explain.h"

#include <doctest/doctest.h>

#include "unit/store/remote/bucket_fixture.h"

namespace algoctl::test {
namespace {

std::string status_said(int status, const std::string& what = {}, http::Fields headers = {}) {
  return shown(explain_status({}, answer(status, "", std::move(headers)), "x://y", what));
}

}  // namespace

TEST_CASE("explain_status: redirects, too many requests, the rest") {
  CHECK(status_said(302, "", {{"location", "https://evil.example/\x1b[2J"}}) ==
        "storage: x://y: the server points elsewhere, which is not followed: "
        "'https://evil.example/\\x1b[2J' | name that place in the store's URL, if you trust it");
  // A server that only wants TLS repeats what it was asked, the signature included.
  CHECK(status_said(301, "", {{"location", "https://h/k?sv=1&sig=secret"}}).find("secret") ==
        std::string::npos);
  CHECK(status_said(301) ==
        "storage: x://y: the server points elsewhere, which is not followed: 'it does not say "
        "where' | name that place in the store's URL, if you trust it");
  CHECK(status_said(429) ==
        "storage: x://y: the server asks for fewer requests (429) | run it again later");
  CHECK(status_said(503, "Busy: no") ==
        "storage: x://y: the server asks for fewer requests (503 Busy: no) | run it again later");
  CHECK(status_said(500) == "storage: x://y: GET was answered with 500 | run it again later");
  http::Request plain;
  plain.origin = "http://h";
  const auto wants_tls =
      answer(400, "<html><title>400 The plain HTTP request was sent to HTTPS port</title></html>");
  CHECK(shown(explain_status(plain, wants_tls, "x://y", "")) ==
        "storage: x://y: GET was answered with 400 | does it speak https? then write https:// "
        "instead of http://");
  CHECK(status_said(418, "Teapot") == "storage: x://y: GET was answered with 418 Teapot");
}

TEST_CASE("clock_skew: by how much, and which clock says what") {
  CHECK(clock_skew(answer(403, "", {{"date", "Fri, 06 Sep 2024 15:59:00 GMT"}}), kNow) ==
        " by 60 s: it is 2024-09-06T16:00:00.000Z here and 2024-09-06T15:59:00.000Z there");
  CHECK(clock_skew(answer(403, "", {{"date", "yesterday"}}), kNow).empty());
  CHECK(clock_skew(answer(403), kNow).empty());
}

TEST_CASE("code_and_message: either, both or none") {
  CHECK(code_and_message("A", "b\nc") == "A: b c");
  CHECK(code_and_message("A", "") == "A");
  CHECK(code_and_message("", "b") == "b");
  CHECK(code_and_message("", "").empty());
}

}  // namespace algoctl::test
