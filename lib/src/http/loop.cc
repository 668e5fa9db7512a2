#include "http/loop.h"

#include <algorithm>
#include <deque>
#include <random>
#include <utility>
#include <vector>

#include "algoctl/error.h"
#include "base/clock.h"
#include "http/attempt.h"
#include "http/module.h"

namespace algoctl::http {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kTick = 100;  // milliseconds

AlgoctlHttp* open(const AlgoctlHttpModule& module, const LoopOptions& options, std::int64_t* pace) {
  const AlgoctlHttpOptions wire = {sizeof(AlgoctlHttpOptions),
                                   options.ca_file.c_str(),
                                   options.proxy.c_str(),
                                   options.no_proxy.c_str(),
                                   options.user_agent.c_str(),
                                   static_cast<long>(options.timeout.count()),
                                   options.bytes_per_second,
                                   static_cast<long>(options.connections),
                                   pace};
  AlgoctlHttp* http = module.open(&wire);
  if (http == nullptr) throw Error(Code::storage, "cannot begin to speak HTTP");
  return http;
}

LoopClock completed(LoopClock clock) {
  if (!clock.clock) clock.clock = uptime_ms;
  if (!clock.now) clock.now = system_now_ms;
  if (!clock.chance) {
    clock.chance = [engine = std::mt19937_64(std::random_device{}())]() mutable {
      return std::uniform_real_distribution<double>()(engine);
    };
  }
  return clock;
}

}  // namespace

struct Loop::Impl {
  /// A job on its way.
  struct Task {
    std::unique_ptr<Job> job;
    std::unique_ptr<Attempt> attempt = {};  // under way
    int tries = 0;
    std::int64_t due = 0;  // on the loop's clock
  };

  Impl(const LoopOptions& options, const RetryOptions& retry_options, LoopClock given)
      : connections(std::max(options.connections, 1)),
        pace(options.pace ? options.pace : std::make_shared<std::int64_t>(0)),
        own_stop(options.stop),
        retry(retry_options),
        clock(completed(std::move(given))),
        module(load_module()),
        http(open(module, options, pace.get())) {}
  ~Impl() { module.close(http); }

  [[nodiscard]] bool room() const {
    return static_cast<int>(under_way.size()) < std::min(width, connections);
  }
  [[nodiscard]] bool idle() const { return fresh.empty() && again.empty() && under_way.empty(); }

  void step(const std::atomic<bool>* stop);
  void start(Task task);
  void start_due();
  void wait();
  void ended(const AlgoctlHttpResult& result);
  void settle(Task task);
  void count_time();
  [[nodiscard]] Outcome outcome(const Task& task) const;
  void give_up(const Task& task);
  void cut_off() noexcept;

  int connections;
  std::shared_ptr<std::int64_t> pace;  // for the module
  const std::atomic<bool>* own_stop;
  RetryOptions retry;
  LoopClock clock;
  const AlgoctlHttpModule& module;
  AlgoctlHttp* http;
  int width = 4;
  std::int64_t moved = 0;
  std::function<void()> tick;
  std::int64_t next_tick = 0;
  std::int64_t fruitless = 0;      // ms since the last success in which nothing moved
  std::int64_t counted = 0;        // time is counted up to here,
  std::int64_t counted_moved = 0;  // and bytes
  std::deque<Task> fresh;
  std::vector<Task> again;  // waits for its time
  std::vector<Task> under_way;
};

void Loop::Impl::step(const std::atomic<bool>* stop) {
  for (const std::atomic<bool>* each : {stop, own_stop}) {
    if (each != nullptr && each->load()) throw Error(Code::interrupted, "interrupted");
  }
  count_time();
  if (counted >= next_tick) {
    next_tick = counted + kTick;
    if (tick) tick();
  }
  start_due();
  wait();
  AlgoctlHttpResult result{};
  while (module.next(http, &result) != 0) ended(result);
}

/// Those that were tried before come first: they are the oldest.
void Loop::Impl::start_due() {
  const std::int64_t now = clock.clock();
  for (std::size_t i = 0; i < again.size() && room();) {
    if (again[i].due > now) {
      ++i;
      continue;
    }
    Task task = std::move(again[i]);
    again.erase(again.begin() + static_cast<std::ptrdiff_t>(i));
    start(std::move(task));
  }
  while (!fresh.empty() && room()) {
    Task task = std::move(fresh.front());
    fresh.pop_front();
    start(std::move(task));
  }
}

void Loop::Impl::start(Task task) {
  ++task.tries;
  task.attempt = std::make_unique<Attempt>(task.job->request(), task.job->receiver(), moved);
  if (task.attempt->start(module, http)) {
    under_way.push_back(std::move(task));
  } else {
    settle(std::move(task));
  }
}

void Loop::Impl::wait() {
  if (idle()) return;
  const std::int64_t now = clock.clock();
  std::int64_t until = next_tick;
  if (room()) {
    for (const Task& task : again) until = std::min(until, task.due);
  }
  const std::int64_t ms = std::clamp<std::int64_t>(until - now, 0, kTick);
  if (under_way.empty() && clock.wait) {
    clock.wait(milliseconds(ms));
  } else {
    module.run(http, static_cast<int>(ms));
  }
}

void Loop::Impl::ended(const AlgoctlHttpResult& result) {
  const auto found = std::find_if(under_way.begin(), under_way.end(), [&](const Task& task) {
    return task.attempt.get() == result.tag;
  });
  if (found == under_way.end()) return;
  Task task = std::move(*found);
  under_way.erase(found);
  task.attempt->end(result);
  settle(std::move(task));
}

/// A slow transfer is none that fails: only time in which nothing moves is fruitless.
void Loop::Impl::count_time() {
  const std::int64_t now = clock.clock();
  if (moved == counted_moved) fruitless += now - counted;
  counted = now;
  counted_moved = moved;
}

Outcome Loop::Impl::outcome(const Task& task) const {
  const Response& response = task.attempt->response();
  Outcome outcome;
  outcome.tries = task.tries;
  outcome.fruitless = milliseconds(fruitless);
  if (const auto& failure = task.attempt->failure()) {
    outcome.failure = failure->kind;
    return outcome;
  }
  outcome.status = response.status;
  outcome.transient = task.job->is_transient(response);
  if (const auto after = response.header("retry-after")) {
    const auto date = response.header("date");
    outcome.retry_after = retry_after(*after, date, clock.now());
  }
  return outcome;
}

/// Decides what an attempt that has ended means.
void Loop::Impl::settle(Task task) {
  count_time();
  if (task.job->has_advanced()) task.tries = 0;
  const Outcome now = outcome(task);
  if (!now.failure && !worth_retrying(now)) {
    fruitless = 0;
    task.job->answered(task.attempt->response());
  } else if (const auto delay = next_try(retry, now, clock.chance())) {
    task.due = clock.clock() + delay->count();
    task.attempt.reset();
    again.push_back(std::move(task));
  } else {
    give_up(task);
  }
}

void Loop::Impl::give_up(const Task& task) {
  const Attempt& attempt = *task.attempt;
  const std::string tries = task.tries == 1 ? "" : " (" + std::to_string(task.tries) + " tries)";
  if (attempt.failure()) {
    task.job->failed({attempt.failure()->kind, attempt.failure()->message + tries}, nullptr);
    return;
  }
  const Failure failure = {
      Failure::Kind::internal,
      attempt.request().host() + " answers " + std::to_string(attempt.response().status) + tries};
  task.job->failed(failure, &attempt.response());
}

void Loop::Impl::cut_off() noexcept {
  for (const Task& task : under_way) module.cancel(http, task.attempt.get());
  under_way.clear();
  again.clear();
  fresh.clear();
}

bool Job::is_transient(const Response&) const { return false; }

bool Job::has_advanced() const { return false; }

Loop::Loop(const LoopOptions& options, const RetryOptions& retry, LoopClock clock)
    : impl_(std::make_unique<Impl>(options, retry, std::move(clock))) {}

Loop::~Loop() { impl_->cut_off(); }

void Loop::add(std::unique_ptr<Job> job) { impl_->fresh.push_back({std::move(job)}); }

void Loop::set_width(int jobs) { impl_->width = std::clamp(jobs, 1, 64); }

int Loop::width() const noexcept { return impl_->width; }

void Loop::run(const std::atomic<bool>* stop) {
  impl_->fruitless = 0;
  impl_->counted = impl_->clock.clock();
  impl_->counted_moved = impl_->moved;
  impl_->next_tick = impl_->counted;
  try {
    while (!impl_->idle()) impl_->step(stop);
  } catch (...) {
    impl_->cut_off();
    throw;
  }
}

std::int64_t Loop::moved_bytes() const noexcept { return impl_->moved; }

void Loop::on_tick(std::function<void()> tick) { impl_->tick = std::move(tick); }

}  // namespace algoctl::http
