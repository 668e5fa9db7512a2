#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "http/message.h"
#include "http/retry.h"

namespace algoctl::http {

/// How all requests of a loop are sent.
struct LoopOptions {
  std::string ca_file = {};           ///< PEM; empty: the system's authorities
  std::string proxy = {};             ///< URL; empty: none. Its password is not shown
  std::string no_proxy = {};          ///< hosts, separated by commas
  std::string user_agent = {};        ///< `algoctl/1.2.3`
  std::int64_t bytes_per_second = 0;  ///< of all transfers together; 0: unlimited
  /// Held by all loops that keep to this rate together, in whatever threads. nullptr: this one
  /// alone does. Nobody but the loops touches what it points to, which is 0 at first.
  std::shared_ptr<std::int64_t> pace = {};
  std::chrono::milliseconds timeout{30000};  ///< longest wait for a connection, or for any progress
  int connections = 16;                      ///< at most, kept alive between requests
  /// Ends `run` as the one that it is given does; for whoever runs it without one.
  const std::atomic<bool>* stop = nullptr;
};

/// Where a loop has time and chance from. Empty: from the system. Tests give their own.
struct LoopClock {
  std::function<std::int64_t()> clock = {};  ///< milliseconds that never go back
  std::function<std::int64_t()> now = {};    ///< milliseconds since 1970, UTC
  std::function<double()> chance = {};       ///< from 0 up to 1
  /// Takes the place of waiting for the next try while no request is under way.
  std::function<void(std::chrono::milliseconds)> wait = {};
};

/// One thing that is asked of a server, as often as it takes to get an answer.
class Job {
 public:
  virtual ~Job() = default;

  /// The request, signed, for each try anew: signatures bear the time.
  virtual Request request() = 0;
  /// Who takes the body of a 2xx; nullptr: it comes with the Response.
  virtual Receiver* receiver() { return nullptr; }
  /// Called once, with an answer that is not worth a retry, 4xx included. What it throws ends
  /// Loop::run. It may add jobs.
  virtual void answered(const Response& response) = 0;
  /// Called when there is no answer, although all tries were made that were worth it, or only one
  /// that asks for another try (then `response` is it, and `failure` has only a message). Throws,
  /// or returns to go on with the other jobs.
  virtual void failed(const Failure& failure, const Response* response) = 0;
  /// An answer that looks good but is not: a 200 with an error inside. True: try again.
  virtual bool is_transient(const Response& response) const;
  /// True when the try that ended brought something with which the next goes on: it does not count
  /// among those that are made.
  virtual bool has_advanced() const;
};

/// Sends requests side by side from one thread, that of `run`, over one libcurl multi handle.
/// Retries what is worth it (http/retry.h), and waits as long as Retry-After wants it.
class Loop {
 public:
  /// Loads the module that speaks HTTP. Throws Error{storage} when that cannot be found.
  explicit Loop(const LoopOptions& options, const RetryOptions& retry = {}, LoopClock clock = {});
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Queues a job. They start in order, as many at once as `set_width` says.
  void add(std::unique_ptr<Job> job);
  /// How many jobs are under way at one time: 1 to 64, 4 at first, but never more than there may be
  /// connections. May be changed at any time by the thread that runs.
  void set_width(int jobs);
  [[nodiscard]] int width() const noexcept;

  /// Runs until no job is left. Throws what a job throws, after the others were cut off;
  /// Error{interrupted} soon after `stop` was set. Afterwards the loop is empty and can be used
  /// again; its connections stay open.
  void run(const std::atomic<bool>* stop = nullptr);
  /// Bytes of bodies that were sent and received by all requests so far, retries included.
  [[nodiscard]] std::int64_t moved_bytes() const noexcept;
  /// Called by `run` about ten times a second.
  void on_tick(std::function<void()> tick);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace algoctl::http
