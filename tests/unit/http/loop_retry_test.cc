// What a loop does about answers and failures that may be better the next time.

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include "http/loop.h"
#include "support/temporary_folder.h"
#include "unit/http/loop_fixture.h"

namespace algoctl::http {

using std::chrono::milliseconds;
using test::ScriptedAnswer;
using test::ScriptedServer;
using test::SeenRequest;

namespace {

/// Runs one request under a clock that stands still but for waiting.
Ended ask(StillClock& still, const Request& request, const RetryOptions& retry = {},
          Receiver* receiver = nullptr) {
  Ended ended;
  Loop loop({}, retry, still.clock());
  loop.add(std::make_unique<NotingJob>(request, ended, receiver));
  loop.run();
  return ended;
}

}  // namespace

TEST_CASE("loop: 503, 500, then 200") {
  ScriptedServer server;
  server.then({.status = 503});
  server.then({.status = 500});
  server.then({.body = "at last"});
  StillClock still;
  const Ended ended = ask(still, put(server, "bytes"));
  CHECK(ended.response.value().body == "at last");
  CHECK(!ended.failure);
  CHECK(still.waited == 100 + 200);  // half of 200, half of 400
  CHECK(server.connections() == 1);
  const auto seen = server.requests();
  REQUIRE(seen.size() == 3);
  for (const SeenRequest& request : seen) CHECK(request.body == "bytes");
}

TEST_CASE("loop: 500 for ever") {
  ScriptedServer server;
  server.always([](const SeenRequest&) { return ScriptedAnswer{.status = 500, .body = "why"}; });
  StillClock still;
  const Ended ended = ask(still, get(server), {.tries = 3});
  CHECK(server.requests().size() == 3);
  CHECK(ended.failure.value().message == get(server).host() + " answers 500 (3 tries)");
  CHECK(ended.response.value().status == 500);
  CHECK(ended.response->body == "why");
}

TEST_CASE("loop: what is no matter of luck is not tried again") {
  for (const int status : {301, 400, 403, 404, 409, 412, 501}) {
    CAPTURE(status);
    ScriptedServer server;
    server.then({.status = status, .body = "<Error/>"});
    StillClock still;
    const Ended ended = ask(still, get(server));
    CHECK(ended.response.value().status == status);
    CHECK(ended.response->body == "<Error/>");
    CHECK(!ended.failure);
    CHECK(server.requests().size() == 1);
  }
}

TEST_CASE("loop: Retry-After is honoured, in seconds and as a date") {
  ScriptedServer server;
  server.then({.status = 429, .headers = {{"Retry-After", "7"}}});
  server.then({.status = 503,
               .headers = {{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"},
                           {"Retry-After", "Sun, 06 Nov 1994 08:49:40 GMT"}}});
  // The loop's clock began at Sun, 13 Sep 2020 12:26:40 GMT, ten seconds ago.
  server.then({.status = 503, .headers = {{"Retry-After", "Sun, 13 Sep 2020 12:26:55 GMT"}}});
  server.then({});
  StillClock still;
  still.drawn = 0;
  const Ended ended = ask(still, get(server));
  CHECK(ended.response.value().status == 200);
  CHECK(still.waited == 7000 + 3000 + 5000);
}

TEST_CASE("loop: a server that wants more than the budget is not waited for") {
  ScriptedServer server;
  server.then({.status = 503, .headers = {{"Retry-After", "3600"}}});
  StillClock still;
  const Ended ended = ask(still, get(server));
  CHECK(ended.failure.value().message == get(server).host() + " answers 503");
  CHECK(still.waited == 0);
}

TEST_CASE("loop: a success fills the budget again") {
  const RetryOptions retry = {.tries = 100,
                              .first_delay = milliseconds(1000),
                              .longest_delay = milliseconds(1000),
                              .budget = milliseconds(3500)};
  for (const bool with_success : {true, false}) {
    CAPTURE(with_success);
    ScriptedServer server;
    int asked = 0;
    server.always([&](const SeenRequest& request) {
      if (request.target == "/good") return ScriptedAnswer{};
      return ScriptedAnswer{.status = ++asked == 6 ? 200 : 503};
    });
    StillClock still;
    still.drawn = 1;
    Loop loop({}, retry, still.clock());
    loop.set_width(1);
    Ended ended, good;
    loop.add(std::make_unique<NotingJob>(get(server), ended));
    // At 2 s, between the second and the third retry.
    bool added = !with_success;
    loop.on_tick([&] {
      if (added || still.at < 2000) return;
      added = true;
      loop.add(std::make_unique<NotingJob>(get(server, "/good"), good));
    });
    loop.run();
    CHECK(asked == (with_success ? 6 : 4));
    CHECK(ended.failure.has_value() == !with_success);
    CHECK(good.response.has_value() == with_success);
  }
}

TEST_CASE("loop: time in which bytes move is not fruitless") {
  struct Slow : Collected {
    explicit Slow(StillClock& clock) : still(clock) {}
    bool take(const char* more, std::size_t size) override {
      still.at += 60'000;
      return Collected::take(more, size);
    }
    StillClock& still;
  };
  const RetryOptions retry = {.tries = 3,
                              .first_delay = milliseconds(1000),
                              .longest_delay = milliseconds(1000),
                              .budget = milliseconds(1500)};
  ScriptedServer server;
  server.then({.body = "half of it", .cut_after = 4});
  server.then({.body = "half of it"});
  StillClock still;
  still.drawn = 1;
  Slow slow(still);
  const Ended ended = ask(still, get(server), retry, &slow);
  CHECK(!ended.failure);
  CHECK(slow.bytes == "half of it");
  // Waiting is: it uses up what there is.
  server.always([](const SeenRequest&) { return ScriptedAnswer{.body = "half", .cut_after = 2}; });
  CHECK(ask(still, get(server), retry, &slow).failure.value().message.find("(2 tries)") !=
        std::string::npos);
}

TEST_CASE("loop: a try that brought something with which the next goes on does not count") {
  struct Advancing : NotingJob {
    Advancing(Request asked, Ended& how, int steps)
        : NotingJob(std::move(asked), how), left(steps) {}
    bool has_advanced() const override { return left-- > 0; }
    mutable int left;
  };
  for (const int steps : {0, 5}) {
    CAPTURE(steps);
    ScriptedServer server;
    server.always([](const SeenRequest&) { return ScriptedAnswer{.silent = true}; });
    StillClock still;
    Loop loop({}, {.tries = 2}, still.clock());
    Ended ended;
    loop.add(std::make_unique<Advancing>(get(server), ended, steps));
    loop.run();
    CHECK(ended.failure.has_value());
    CHECK(server.requests().size() == static_cast<std::size_t>(steps + 2));
  }
}

TEST_CASE("loop: a 200 with an error inside is tried again when its job says so") {
  struct Completes : NotingJob {
    using NotingJob::NotingJob;
    bool is_transient(const Response& response) const override {
      return response.body.find("<Error>") != std::string::npos;
    }
  };
  ScriptedServer server;
  server.then({.body = "<Error>InternalError</Error>"});
  server.then({.body = "<Complete/>"});
  server.always([](const SeenRequest&) { return ScriptedAnswer{.body = "<Error>"}; });
  StillClock still;
  Loop loop({}, {.tries = 2}, still.clock());
  Ended good, bad;
  loop.set_width(1);
  loop.add(std::make_unique<Completes>(get(server), good));
  loop.run();
  CHECK(good.response.value().body == "<Complete/>");
  CHECK(!good.failure);
  loop.add(std::make_unique<Completes>(get(server), bad));
  loop.run();
  CHECK(bad.response.value().body == "<Error>");
  CHECK(bad.failure.value().message == get(server).host() + " answers 200 (2 tries)");
}

TEST_CASE("loop: each try asks for the request anew") {
  struct Stamped : NotingJob {
    using NotingJob::NotingJob;
    Request request() override {
      Request stamped = NotingJob::request();
      stamped.headers = {{"x-amz-date", std::to_string(++count)}};
      return stamped;
    }
    int count = 0;
  };
  ScriptedServer server;
  server.then({.silent = true});
  server.then({});
  StillClock still;
  Loop loop({}, {}, still.clock());
  Ended ended;
  loop.add(std::make_unique<Stamped>(get(server), ended));
  loop.run();
  CHECK(ended.response.value().status == 200);
  const auto seen = server.requests();
  REQUIRE(seen.size() == 2);
  CHECK(find_field(seen[0].headers, "x-amz-date") == "1");
  CHECK(find_field(seen[1].headers, "x-amz-date") == "2");
}

TEST_CASE("loop: a receiver begins anew with each try") {
  ScriptedServer server;
  server.then({.body = "the whole answer", .cut_after = 5});
  server.then({.status = 503, .body = "not for the receiver"});
  server.then({.body = "the whole answer"});
  StillClock still;
  Collected collected;
  const Ended ended = ask(still, get(server), {}, &collected);
  CHECK(ended.response.value().body == "");
  CHECK(collected.bytes == "the whole answer");
  CHECK(collected.heads.size() == 2);
}

TEST_CASE("loop: part of a file is sent, and all of it again on a retry") {
  test::TemporaryFolder folder;
  std::string bytes;
  for (int i = 0; i < 3'000'000; ++i) bytes += static_cast<char>(i % 251);
  const int fd = open(folder.write("model.bin", bytes).c_str(), O_RDONLY | O_CLOEXEC);
  REQUIRE(fd >= 0);
  ScriptedServer server;
  server.then({.status = 503});
  server.then({.silent = true});
  server.then({});
  Request request = put(server, "");
  request.body = {.text = {}, .fd = fd, .offset = 12'345, .size = 2'000'000};
  StillClock still;
  const Ended ended = ask(still, request);
  CHECK(ended.response.value().status == 200);
  const auto seen = server.requests();
  REQUIRE(seen.size() == 3);
  for (const SeenRequest& one : seen) CHECK((one.body == bytes.substr(12'345, 2'000'000)));
  CHECK(lseek(fd, 0, SEEK_CUR) == 0);
  close(fd);
}

TEST_CASE("loop: a kept connection that the server has closed costs no try") {
  ScriptedServer server;
  server.then({});
  server.then({.silent = true});  // as a server does that closed it while the request came
  server.then({.body = "again"});
  StillClock still;
  Loop loop({}, {.tries = 1}, still.clock());
  Ended first, second;
  loop.add(std::make_unique<NotingJob>(put(server, "one"), first));
  loop.run();
  loop.add(std::make_unique<NotingJob>(put(server, "two"), second));
  loop.run();
  CHECK(second.response.value().body == "again");
  CHECK(server.requests().back().body == "two");
  CHECK(still.waited == 0);
}

}  // namespace algoctl::http
