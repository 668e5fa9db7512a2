#include "http/loop.h"

#include <doctest/doctest.h>

#include "unit/http/loop_fixture.h"

namespace algoctl::http {

using test::ScriptedServer;
using test::SeenRequest;

TEST_CASE("loop: a request and its answer as they are on the wire") {
  ScriptedServer server;
  server.then({.status = 200, .headers = {{"ETag", "\"abc\""}, {"X-Empty", ""}}, .body = "bytes"});
  Request request = get(server, "/bucket/a b/../%");
  request.query = {{"b", ""}, {"a", "1/2"}};
  request.headers = {{"x-amz-date", "20190228T101112Z"}, {"x-empty", ""}};
  const Ended ended = ask(request, {.user_agent = "algoctl/1.2.3"});
  REQUIRE(ended.response);
  CHECK(ended.response->status == 200);
  CHECK(ended.response->body == "bytes");
  CHECK(ended.response->header("etag") == "\"abc\"");
  CHECK(ended.response->header("x-empty") == "");

  const auto seen = server.requests();
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].method == "GET");
  CHECK(seen[0].target == "/bucket/a%20b/../%25?a=1%2F2&b=");
  const Fields want = {{"host", request.host()},
                       {"user-agent", "algoctl/1.2.3"},
                       {"accept", "*/*"},
                       {"x-amz-date", "20190228T101112Z"},
                       {"x-empty", ""}};
  CHECK(seen[0].headers == want);
}
}  // namespace algoctl::http
