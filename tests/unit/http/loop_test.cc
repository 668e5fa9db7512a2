#include "http/loop.h"

#include <doctest/doctest.h>

#include <atomic>
#include <stdexcept>

#include "algoctl/error.h"
#include "unit/http/loop_fixture.h"

namespace algoctl::http {

using std::chrono::milliseconds;
using test::ScriptedAnswer;
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
  CHECK(!ended.failure);
  CHECK(ended.response->status == 200);
  CHECK(ended.response->body == "bytes");
  const Fields answered = {{"etag", "\"abc\""}, {"x-empty", ""}, {"content-length", "5"}};
  CHECK(ended.response->headers == answered);

  const auto seen = server.requests();
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].method == "GET");
  CHECK(seen[0].target == "/bucket/a%20b/../%25?a=1%2F2&b=");
  const Fields asked = {{"host", request.host()},
                        {"user-agent", "algoctl/1.2.3"},
                        {"accept", "*/*"},
                        {"x-amz-date", "20190228T101112Z"},
                        {"x-empty", ""}};
  CHECK(seen[0].headers == asked);
}

TEST_CASE("loop: which methods carry a body, and how they say that it is empty") {
  ScriptedServer server;
  server.always([](const SeenRequest&) { return ScriptedAnswer{.status = 204}; });
  struct Case {
    const char* method;
    const char* body;
    std::optional<std::string> length;
  };
  for (const Case& c : {
           Case{"GET", "", std::nullopt},
           Case{"HEAD", "", std::nullopt},
           Case{"DELETE", "", std::nullopt},
           Case{"PUT", "", "0"},
           Case{"POST", "", "0"},
           Case{"PUT", "bytes", "5"},
           Case{"POST", "<Delete/>", "9"},
       }) {
    CAPTURE(std::string(c.method));
    Request request = put(server, c.body);
    request.method = c.method;
    CHECK(ask(request).response.value().status == 204);
    const SeenRequest seen = server.requests().back();
    CHECK(seen.method == c.method);
    CHECK(seen.body == c.body);
    CHECK(find_field(seen.headers, "content-length") == c.length);
    for (const char* name : {"expect", "content-type", "transfer-encoding", "accept-encoding"}) {
      CHECK(find_field(seen.headers, name) == std::nullopt);
    }
  }
}

TEST_CASE("loop: a HEAD is answered by headers alone") {
  ScriptedServer server;
  server.then({.content_length = 5'000'000'000});
  Request request = get(server);
  request.method = "HEAD";
  const Ended ended = ask(request);
  CHECK(ended.response.value().header("content-length") == "5000000000");
  CHECK(ended.response->body == "");
}

TEST_CASE("loop: connections are kept, from one run to the next, too") {
  ScriptedServer server;
  server.always([](const SeenRequest& request) { return ScriptedAnswer{.body = request.target}; });
  Loop loop({});
  loop.set_width(1);
  std::vector<Ended> ended(6);
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 3; ++i) {
      const auto at = static_cast<std::size_t>(3 * round + i);
      loop.add(std::make_unique<NotingJob>(get(server, "/" + std::to_string(at)), ended[at]));
    }
    loop.run();
  }
  for (std::size_t i = 0; i < ended.size(); ++i) {
    CHECK(ended[i].response.value().body == "/" + std::to_string(i));
  }
  CHECK(server.requests().size() == 6);
  CHECK(server.connections() == 1);
}

TEST_CASE("loop: as many jobs side by side as its width says, in their order") {
  ScriptedServer server;
  server.always([](const SeenRequest&) { return ScriptedAnswer{}; });
  server.gather(5);
  Loop loop({});
  CHECK(loop.width() == 4);
  loop.set_width(5);
  std::vector<Ended> ended(20);
  for (auto& one : ended) loop.add(std::make_unique<NotingJob>(get(server), one));
  loop.run();
  for (const auto& one : ended) CHECK(one.response.value().status == 200);
  CHECK(server.most_at_once() == 5);
  CHECK(server.connections() == 5);
  loop.set_width(0);
  CHECK(loop.width() == 1);
  loop.set_width(1000);
  CHECK(loop.width() == 64);
}

TEST_CASE("loop: never more at a time than it may have connections") {
  ScriptedServer server;
  server.always([](const SeenRequest&) { return ScriptedAnswer{}; });
  server.gather(2);
  Loop loop({.connections = 2});
  loop.set_width(64);
  std::vector<Ended> ended(10);
  for (auto& one : ended) loop.add(std::make_unique<NotingJob>(get(server), one));
  loop.run();
  CHECK(server.most_at_once() == 2);
  CHECK(server.connections() == 2);
}

TEST_CASE("loop: an answer that adds jobs") {
  struct Pages : Job {
    Pages(Loop& jobs, const ScriptedServer& where, int& pages)
        : loop(jobs), server(where), count(pages) {}
    Request request() override { return get(server, "/page"); }
    void answered(const Response&) override {
      if (++count < 5) loop.add(std::make_unique<Pages>(loop, server, count));
    }
    void failed(const Failure& failure, const Response*) override {
      throw std::runtime_error(failure.message);
    }
    Loop& loop;
    const ScriptedServer& server;
    int& count;
  };
  ScriptedServer server;
  server.always([](const SeenRequest&) { return ScriptedAnswer{}; });
  Loop loop({});
  int count = 0;
  loop.add(std::make_unique<Pages>(loop, server, count));
  loop.run();
  CHECK(count == 5);
}

TEST_CASE("loop: a job that throws ends the run, and the others with it") {
  struct Throws : Job {
    explicit Throws(Request what) : asked(std::move(what)) {}
    Request request() override { return asked; }
    void answered(const Response&) override { throw Error(Code::conflict, "taken"); }
    void failed(const Failure&, const Response*) override {}
    Request asked;
  };
  ScriptedServer server;
  server.always([](const SeenRequest& request) {
    return ScriptedAnswer{.stall_at_once = request.target != "/bad"};
  });
  server.gather(3);
  Loop loop({});
  std::vector<Ended> ended(4);
  loop.set_width(3);
  loop.add(std::make_unique<NotingJob>(get(server), ended[0]));
  loop.add(std::make_unique<Throws>(get(server, "/bad")));
  for (std::size_t i = 1; i < 4; ++i) loop.add(std::make_unique<NotingJob>(get(server), ended[i]));
  CHECK_THROWS_WITH_AS(loop.run(), "taken", Error);
  for (const auto& one : ended) CHECK((!one.response && !one.failure));
  CHECK(server.requests().size() == 3);

  // It can be used again, and nothing is left of the others.
  server.release();
  Ended later;
  loop.add(std::make_unique<NotingJob>(get(server), later));
  loop.run();
  CHECK(later.response.value().status == 200);
  CHECK(server.requests().size() == 4);
}

TEST_CASE("loop: who is cut off hangs up") {
  struct Overfull : Collected {
    bool take(const char* more, std::size_t size) override {
      if (bytes.size() > 1'000'000) throw Error(Code::storage, "disk full");
      return Collected::take(more, size);
    }
  };
  ScriptedServer server;
  server.always([](const SeenRequest&) {
    return ScriptedAnswer{.body = std::string(100'000, 'x'), .until_close = true, .endless = true};
  });
  server.gather(2);
  Loop loop({});
  Collected patient;
  Overfull overfull;
  Ended first, second;
  loop.add(std::make_unique<NotingJob>(get(server), first, &patient));
  loop.add(std::make_unique<NotingJob>(get(server), second, &overfull));
  CHECK_THROWS_WITH_AS(loop.run(), "disk full", Error);
  CHECK(server.wait_for_answers(2));
}

TEST_CASE("loop: a request that cannot be signed ends the run") {
  struct Unsigned : Job {
    Request request() override { throw Error(Code::unauthorized, "no credentials"); }
    void answered(const Response&) override {}
    void failed(const Failure&, const Response*) override {}
  };
  Loop loop({});
  loop.add(std::make_unique<Unsigned>());
  CHECK_THROWS_WITH_AS(loop.run(), "no credentials", Error);
  loop.run();
}

TEST_CASE("loop: a stop is heard while requests are under way") {
  ScriptedServer server;
  server.always([](const SeenRequest&) { return ScriptedAnswer{.stall_at_once = true}; });
  std::atomic<bool> stop{false};
  Loop loop({});
  Ended ended;
  loop.add(std::make_unique<NotingJob>(get(server), ended));
  // Set once the request is there; heard within a tick.
  loop.on_tick([&] {
    if (server.requests().size() == 1) stop = true;
  });
  const auto begin = std::chrono::steady_clock::now();
  try {
    loop.run(&stop);
    FAIL("was not stopped");
  } catch (const Error& error) {
    CHECK(error.code() == Code::interrupted);
    CHECK(error.message() == "interrupted");
  }
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(10));
  CHECK((!ended.response && !ended.failure));
  // What it was busy with is forgotten.
  loop.run();
}

TEST_CASE("loop: a stop is heard while it waits for the next try") {
  ScriptedServer server;
  server.then({.status = 503, .headers = {{"Retry-After", "60"}}});
  std::atomic<bool> stop{false};
  StillClock still;
  LoopClock clock = still.clock();
  clock.wait = [&, wait = clock.wait](milliseconds time) {
    wait(time);
    stop = still.waited >= 1000;
  };
  Loop loop({}, {}, clock);
  Ended ended;
  loop.add(std::make_unique<NotingJob>(get(server), ended));
  CHECK_THROWS_WITH_AS(loop.run(&stop), "interrupted", Error);
  CHECK(still.waited == 1000);
}

TEST_CASE("loop: ticks come ten times a second, moved bytes are counted") {
  ScriptedServer server;
  server.then({.status = 503, .headers = {{"Retry-After", "2"}}, .body = "slow"});
  server.then({.body = "four"});
  StillClock still;
  Loop loop({}, {}, still.clock());
  int ticks = 0;
  loop.on_tick([&] { ++ticks; });
  Ended ended;
  loop.add(std::make_unique<NotingJob>(put(server, "twelve bytes"), ended));
  loop.run();
  CHECK(ended.response.value().body == "four");
  CHECK(still.waited == 2000);
  CHECK(ticks == 21);
  CHECK(loop.moved_bytes() == 12 + 4 + 12 + 4);
}

}  // namespace algoctl::http
