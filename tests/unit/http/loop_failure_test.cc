// Servers that lie, stall or are not there, and what a loop calls it.

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "algoctl/error.h"
#include "http/loop.h"
#include "support/temporary_folder.h"
#include "unit/http/loop_fixture.h"

namespace algoctl::http {

using std::chrono::milliseconds;
using test::ScriptedAnswer;
using test::ScriptedServer;
using test::SeenRequest;
using Kind = Failure::Kind;

namespace {

const LoopOptions kImpatient = {.timeout = milliseconds(300)};

/// What comes of one try: `cut: 127.0.0.1:PORT ended its answer early`, with HOST for the server.
std::string failure_of(const ScriptedServer& server, const Request& request,
                       const LoopOptions& options = {}, Receiver* receiver = nullptr,
                       std::function<void()> tick = {}) {
  static constexpr const char* kNames[] = {"unreachable", "tls",       "stalled", "cut",
                                           "refused",     "malformed", "internal"};
  const Ended ended = ask(request, options, {.tries = 1}, receiver, std::move(tick));
  if (!ended.failure) return "none";
  std::string message = ended.failure->message;
  const std::string host = get(server).host();
  const std::size_t at = message.find(host);
  if (at != std::string::npos) message.replace(at, host.size(), "HOST");
  return std::string(kNames[static_cast<int>(ended.failure->kind)]) + ": " + message;
}

}  // namespace

TEST_CASE("loop: answers that are not whole, or more than whole") {
  const std::string early = "cut: HOST ended its answer early";
  const std::string more = "cut: HOST sent more than it announced";
  const std::string none = "cut: HOST closed the connection without an answer";
  struct Case {
    const char* what;
    ScriptedAnswer answer;
    std::string want;
  };
  for (const Case& c : {
           Case{"cut in the middle", {.body = "0123456789", .cut_after = 5}, early},
           Case{"cut before the body", {.body = "0123456789", .cut_after = 0}, early},
           Case{"announces more",
                {.body = "0123456789", .content_length = 11, .closes = true},
                early},
           Case{"announces less", {.body = "0123456789", .content_length = 9}, more},
           Case{"announces nothing", {.body = "0123456789", .content_length = 0}, more},
           Case{"cut between chunks",
                {.body = "0123456789", .chunked = true, .cut_after = 5},
                early},
           Case{"silent", {.silent = true}, none},
           Case{"cut in the headers", {.raw = "HTTP/1.1 200 OK\r\nContent-Le"}, early},
           Case{"whole", {.body = "0123456789"}, "none"},
           Case{"whole, chunked", {.body = "0123456789", .chunked = true}, "none"},
           Case{"whole, to the end", {.body = "0123456789", .until_close = true}, "none"},
       }) {
    for (const bool with_receiver : {false, true}) {
      CAPTURE(std::string(c.what));
      CAPTURE(with_receiver);
      ScriptedServer server;
      server.then(c.answer);
      Collected collected;
      CHECK(failure_of(server, get(server), {}, with_receiver ? &collected : nullptr) == c.want);
    }
  }
}

TEST_CASE("loop: an answer that is not HTTP") {
  ScriptedServer server;
  server.then({.raw = "SSH-2.0-OpenSSH_9.2p1\r\n"});
  CHECK(failure_of(server, get(server)) == "malformed: what HOST answers is not HTTP");
  server.then({.raw = "HTTP/1.1 200 OK\r\n" + std::string(2'000'000, 'x').replace(0, 3, "x: ") +
                      "\r\n\r\n"});
  CHECK(failure_of(server, get(server)) == "malformed: HOST sends headers without an end");
  std::string many = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 40'000; ++i) many += "x-filler: of thirty bytes or so\r\n";
  server.then({.raw = many + "\r\n"});
  CHECK(failure_of(server, get(server)) == "malformed: HOST sends headers without an end");
}

TEST_CASE("loop: an answer without a receiver has at most 8 MiB") {
  const std::size_t most = 8 << 20;
  ScriptedServer server;
  server.then({.body = std::string(most, 'x')});
  CHECK(ask(get(server)).response.value().body.size() == most);
  server.then({.body = std::string(most + 1, 'x')});
  CHECK(failure_of(server, get(server)) == "refused: HOST answers with more than 8 MiB");
  server.then({.body = std::string(100'000, 'x'), .chunked = true, .endless = true});
  CHECK(failure_of(server, get(server)) == "refused: HOST answers with more than 8 MiB");
  server.then({.status = 403, .body = std::string(most + 1, 'x')});
  Collected collected;
  CHECK(failure_of(server, get(server), {}, &collected) ==
        "refused: HOST answers with more than 8 MiB");
  CHECK(collected.heads.empty());
}

TEST_CASE("loop: a receiver that wants no more ends an endless answer") {
  ScriptedServer server;
  server.then({.body = std::string(100'000, 'x'), .until_close = true, .endless = true});
  Collected collected(1'000'000);
  CHECK(failure_of(server, get(server), {}, &collected) ==
        "refused: the answer of HOST is refused");
  CHECK(collected.bytes.size() > 1'000'000);
}

TEST_CASE("loop: what a receiver throws ends the run") {
  struct Full : Collected {
    bool take(const char*, std::size_t) override { throw Error(Code::storage, "disk full"); }
  };
  struct Picky : Collected {
    void begin(const Response&) override { throw Error(Code::integrity, "another etag"); }
  };
  Full full;
  Picky picky;
  for (const char* body : {"bytes", ""}) {
    ScriptedServer server;
    server.always([&](const SeenRequest&) { return ScriptedAnswer{.body = body}; });
    CHECK_THROWS_WITH_AS(ask(get(server), {}, {}, &picky), "another etag", Error);
    if (*body != '\0') CHECK_THROWS_WITH_AS(ask(get(server), {}, {}, &full), "disk full", Error);
  }
}

TEST_CASE("loop: a receiver sees the head of an answer without bytes") {
  ScriptedServer server;
  server.then({.headers = {{"ETag", "x"}}});
  Collected collected;
  CHECK(failure_of(server, get(server), {}, &collected) == "none");
  REQUIRE(collected.heads.size() == 1);
  CHECK(collected.heads[0].header("etag") == "x");
}

TEST_CASE("loop: servers that stall") {
  const std::string want = "stalled: nothing moved to or from HOST for 300 ms";
  struct Case {
    const char* what;
    ScriptedAnswer answer;
  };
  for (const Case& c : {
           Case{"at once", {.stall_at_once = true}},
           Case{"after the headers", {.body = "0123456789", .stall_after = 0}},
           Case{"in the middle", {.body = "0123456789", .stall_after = 5}},
       }) {
    CAPTURE(std::string(c.what));
    ScriptedServer server;
    server.then(c.answer);
    CHECK(failure_of(server, get(server), kImpatient) == want);
  }
}

TEST_CASE("loop: servers that drip") {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n";
  const std::string hint = "HTTP/1.1 103 Early Hints\r\n\r\n";
  const std::string want = "stalled: too little moved to or from HOST for 300 ms";
  struct Case {
    const char* what;
    const char* method;
    ScriptedAnswer answer;
    std::string want;
  };
  for (const Case& c : {
           Case{"a body", "GET", {.raw = head + "\r\n", .drip = "x"}, want},
           Case{"a head", "GET", {.raw = head, .drip = "x-more: y\r\n"}, want},
           Case{"no head", "GET", {.raw = hint, .drip = hint}, want},
           Case{"what takes long", "POST", {.raw = head + "\r\n", .drip = " "}, "none"},
       }) {
    CAPTURE(std::string(c.what));
    ScriptedServer server;
    server.then(c.answer);
    Request request = get(server);
    request.method = c.method;
    int drops = 10;  // one each 100 ms
    CHECK(failure_of(server, request, kImpatient, nullptr, [&] {
            if (drops-- > 0) server.nudge();
          }) == c.want);
  }
}

TEST_CASE("loop: a redirect is an answer, and nothing is sent to where it points") {
  ScriptedServer other;
  ScriptedServer server;
  for (const int status : {301, 302, 303, 307, 308}) {
    server.then({.status = status, .headers = {{"Location", other.origin() + "/elsewhere"}}});
    Request request = get(server);
    request.headers = {{"authorization", "AWS4-HMAC-SHA256 secret"}, {"x-api-key", "secret"}};
    const Ended ended = ask(request);
    CHECK(ended.response.value().status == status);
    CHECK(ended.response->header("location") == other.origin() + "/elsewhere");
  }
  CHECK(other.connections() == 0);
}

TEST_CASE("loop: what is left of one answer does not become the next one") {
  ScriptedServer server;
  // More than it announced, which looks like an answer of its own, at once or later.
  const std::string body = "goodHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil";
  server.then({.body = body, .content_length = 4});
  server.then({.body = body, .content_length = 4, .stall_after = 4});
  server.then({.body = "fine"});
  Loop loop({}, {.tries = 1});
  Ended first, second, third;
  loop.add(std::make_unique<NotingJob>(get(server), first));
  loop.run();
  CHECK(first.failure.value().kind == Kind::cut);
  loop.add(std::make_unique<NotingJob>(get(server), second));
  loop.run();
  CHECK(second.response.value().body == "good");
  server.release();
  REQUIRE(server.wait_for_answers(2));
  loop.add(std::make_unique<NotingJob>(get(server), third));
  loop.run();
  CHECK(third.response.value().body == "fine");
  CHECK(server.connections() == 3);
}

TEST_CASE("loop: nobody there") {
  std::string origin;
  {
    ScriptedServer server;
    origin = server.origin();
  }
  Request request;
  request.origin = origin;
  request.query = {{"X-Amz-Signature", "secret"}};
  const Ended refused = ask(request);
  CHECK(refused.failure.value().kind == Kind::unreachable);
  CHECK(refused.failure->message == "cannot reach " + request.host() + ": connection refused");

  const Ended nowhere = ask(request, {.proxy = "http://user:secret@" + request.host()});
  CHECK(nowhere.failure.value().kind == Kind::unreachable);
  CHECK(nowhere.failure->message == "cannot reach " + request.host() + " with the proxy " +
                                        request.host() + ": connection refused");

  request.origin = "http://no-such-host.invalid";
  const Ended unknown = ask(request);
  CHECK(unknown.failure.value().kind == Kind::unreachable);
  CHECK(unknown.failure->message == "cannot reach no-such-host.invalid: no such host");
}

TEST_CASE("loop: requests that cannot be made") {
  ScriptedServer server;
  const std::string want = "internal: cannot make a request to HOST";
  Request request = get(server);
  request.headers = {{"x-amz-meta-note", "one\r\nHost: elsewhere"}};
  CHECK(failure_of(server, request) == want);
  request = get(server);
  request.origin = "ftp" + request.origin.substr(4);
  CHECK(failure_of(server, request) == want);
  request.origin = "file:///etc/passwd";
  CHECK(failure_of(server, request).substr(0, 9) == "internal:");
  CHECK(server.connections() == 0);
}

TEST_CASE("loop: a file that became shorter while it was sent") {
  test::TemporaryFolder folder;
  const int fd = open(folder.write("model.bin", "0123456789").c_str(), O_RDONLY | O_CLOEXEC);
  REQUIRE(fd >= 0);
  ScriptedServer server;
  Request request = put(server, "");
  request.body = {.text = {}, .fd = fd, .offset = 5, .size = 6};
  CHECK(failure_of(server, request) == "internal: the file that is sent became shorter");
  close(fd);
  request.body.fd = open((folder / "model.bin").c_str(), O_WRONLY | O_CLOEXEC);
  REQUIRE(request.body.fd >= 0);
  CHECK(failure_of(server, request) == "internal: cannot read what is sent: Bad file descriptor");
  close(request.body.fd);
  CHECK(server.requests().empty());
}

}  // namespace algoctl::http
