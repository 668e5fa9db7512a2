#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "http/loop.h"
#include "support/scripted_server.h"

namespace algoctl::http {

/// How a job ended.
struct Ended {
  std::optional<Response> response = {};
  std::optional<Failure> failure = {};
};

/// A job that notes how it ended.
class NotingJob : public Job {
 public:
  NotingJob(Request request, Ended& ended, Receiver* receiver = nullptr)
      : request_(std::move(request)), ended_(ended), receiver_(receiver) {}

  Request request() override { return request_; }
  Receiver* receiver() override { return receiver_; }
  void answered(const Response& response) override { ended_.response = response; }
  void failed(const Failure& failure, const Response* response) override {
    ended_.failure = failure;
    if (response != nullptr) ended_.response = *response;
  }

 private:
  Request request_;
  Ended& ended_;
  Receiver* receiver_;
};

/// Collects, and refuses what is beyond `limit`.
struct Collected : Receiver {
  explicit Collected(std::size_t most = std::string::npos) : limit(most) {}
  void begin(const Response& head) override {
    heads.push_back(head);
    bytes.clear();
  }
  bool take(const char* more, std::size_t size) override {
    bytes.append(more, size);
    return bytes.size() <= limit;
  }
  std::size_t limit;
  std::vector<Response> heads;
  std::string bytes;
};

/// A clock that stands still but for the waiting, which costs no time.
struct StillClock {
  std::int64_t at = 0;      ///< milliseconds
  std::int64_t waited = 0;  ///< of it, by the loop
  double drawn = 0.5;

  LoopClock clock() {
    const auto wait = [this](std::chrono::milliseconds time) {
      at += time.count();
      waited += time.count();
    };
    return {[this] { return at; }, [this] { return 1'600'000'000'000 + at; },
            [this] { return drawn; }, wait};
  }
};

inline Request get(const test::ScriptedServer& server, std::string path = "/bucket/key") {
  Request request;
  request.origin = server.origin();
  request.path = std::move(path);
  return request;
}

inline Request put(const test::ScriptedServer& server, std::string bytes) {
  Request request = get(server);
  request.method = "PUT";
  request.body.text = std::move(bytes);
  return request;
}

/// Runs one request in a loop of its own.
inline Ended ask(const Request& request, const LoopOptions& options = {},
                 const RetryOptions& retry = {.tries = 1}, Receiver* receiver = nullptr,
                 std::function<void()> tick = {}) {
  Ended ended;
  Loop loop(options, retry);
  loop.on_tick(std::move(tick));
  loop.add(std::make_unique<NotingJob>(request, ended, receiver));
  loop.run();
  return ended;
}

}  // namespace algoctl::http
