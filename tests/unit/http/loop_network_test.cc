// Proxies, and how fast a loop may be.

#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>

#include "http/loop.h"
#include "unit/http/loop_fixture.h"

namespace algoctl::http {

using test::ScriptedAnswer;
using test::ScriptedServer;
using test::SeenRequest;

namespace {

/// Has a variable in this process's environment, for as long as it lives.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    REQUIRE(std::getenv(name) == nullptr);
    setenv(name, value.c_str(), 1);
  }
  ~Variable() { unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

Request elsewhere(const std::string& origin) {
  Request request;
  request.origin = origin;
  request.path = "/bucket/key";
  return request;
}

}  // namespace

TEST_CASE("loop: a proxy is asked for the whole URL") {
  ScriptedServer proxy;
  proxy.then({.body = "by the proxy"});
  std::string with_password = proxy.origin();
  with_password.insert(7, "user:pass@");
  const Ended ended = ask(elsewhere("http://storage.invalid:9000"), {.proxy = with_password});
  CHECK(ended.response.value().body == "by the proxy");
  const auto seen = proxy.requests();
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].target == "http://storage.invalid:9000/bucket/key");
  CHECK(find_field(seen[0].headers, "host") == "storage.invalid:9000");
  CHECK(find_field(seen[0].headers, "proxy-authorization") == "Basic dXNlcjpwYXNz");
}

TEST_CASE("loop: hosts that need no proxy") {
  ScriptedServer proxy, server;
  server.then({.body = "directly"});
  const Ended ended =
      ask(get(server), {.proxy = proxy.origin(), .no_proxy = "storage.invalid,127.0.0.1"});
  CHECK(ended.response.value().body == "directly");
  CHECK(proxy.connections() == 0);
}

TEST_CASE("loop: a proxy that refuses learns nothing") {
  ScriptedServer proxy;
  proxy.then({.status = 407});
  Request request = elsewhere("https://storage.invalid");
  request.query = {{"X-Amz-Signature", "secret"}};
  request.headers = {{"authorization", "secret"}};
  const Ended ended = ask(request, {.proxy = proxy.origin()});
  CHECK(ended.failure.value().kind == Failure::Kind::unreachable);
  CHECK(ended.failure->message == "cannot reach storage.invalid with the proxy 127.0.0.1:" +
                                      std::to_string(proxy.port()) + ": the proxy answers 407");
  const auto seen = proxy.requests();
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].method == "CONNECT");
  CHECK(seen[0].target == "storage.invalid:443");
  CHECK(find_field(seen[0].headers, "authorization") == std::nullopt);
}

TEST_CASE("loop: proxies of the environment are not asked") {
  ScriptedServer proxy, server;
  server.always([](const SeenRequest&) { return ScriptedAnswer{.body = "directly"}; });
  {
    const Variable http("http_proxy", proxy.origin()), all("ALL_PROXY", proxy.origin());
    CHECK(ask(get(server)).response.value().body == "directly");
  }
  CHECK(proxy.connections() == 0);
  // Nor is it asked for exceptions from the one that was given.
  proxy.then({.body = "by the proxy"});
  const Variable no("no_proxy", "*");
  CHECK(ask(get(server), {.proxy = proxy.origin()}).response.value().body == "by the proxy");
}

TEST_CASE("loop: all transfers together keep to a rate, in both directions") {
  ScriptedServer server;
  server.always(
      [](const SeenRequest&) { return ScriptedAnswer{.body = std::string(50'000, 'x')}; });
  Loop loop({.bytes_per_second = 1'000'000, .timeout = std::chrono::milliseconds(2000)});
  std::vector<Ended> ended(4);
  for (auto& one : ended) {
    loop.add(std::make_unique<NotingJob>(put(server, std::string(50'000, 'y')), one));
  }
  const auto begin = std::chrono::steady_clock::now();
  loop.run();
  const auto took = std::chrono::steady_clock::now() - begin;
  for (const auto& one : ended) CHECK(one.response.value().body.size() == 50'000);
  CHECK(loop.moved_bytes() == 400'000);
  // The last piece of each direction, at most 50 000 bytes, has not to be waited for.
  CHECK(took >= std::chrono::milliseconds(300));
  for (const SeenRequest& request : server.requests()) CHECK(request.body.size() == 50'000);
}

TEST_CASE("loop: who waits for the pace does not stall") {
  ScriptedServer server;
  server.then({.body = std::string(40'000, 'x')});
  const Ended ended =
      ask(get(server), {.bytes_per_second = 50'000, .timeout = std::chrono::milliseconds(150)});
  CHECK(ended.response.value().body.size() == 40'000);
}

}  // namespace algoctl::http
