#include "reload/keeper.h"

#include <algorithm>
#include <condition_variable>
#include <list>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "base/quiet_thread.h"
#include "reload/readers.h"

namespace algoctl {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// Readers tell nobody when they are done.
constexpr milliseconds kFirstPause{1};
// What changes within this time is reported once: a model that is small loads and serves in it.
constexpr milliseconds kGather{5};
constexpr milliseconds kLongestPause{100};

/// First the slots: without one nobody can make a share.
bool is_free(const Loaded& loaded) { return !is_borrowed(&loaded) && loaded.shares.load() == 0; }

}  // namespace

struct Keeper::Shared {
  explicit Shared(Work w) : work(std::move(w)) {}

  /// Takes out those that nobody uses, for whoever holds the lock to destroy without it.
  std::list<std::unique_ptr<Loaded>> take_free() {
    std::list<std::unique_ptr<Loaded>> free;
    for (auto it = retired.begin(); it != retired.end();) {
      const auto next = std::next(it);
      if (is_free(**it)) free.splice(free.end(), retired, it);
      it = next;
    }
    destroying += static_cast<int>(free.size());
    return free;
  }

  void destroy_all(std::list<std::unique_ptr<Loaded>> free) {
    const int count = static_cast<int>(free.size());
    for (const auto& loaded : free) destroy(*loaded);
    free.clear();
    const std::lock_guard lock(mutex);
    destroying -= count;
    news.notify_all();
  }

  void destroy(Loaded& loaded) const {
    if (loaded.object != nullptr) work.destroy(loaded.object);
    loaded.object = nullptr;
  }

  Work work;
  std::mutex mutex;
  std::condition_variable news;
  std::list<std::unique_ptr<Loaded>> retired;
  int destroying = 0;  ///< of those that were taken out of `retired`
  bool report_due = true;
  std::optional<Clock::time_point> report_at;
  std::int64_t reports_begun = 0;
  std::int64_t reports_done = 0;
  bool closed = false;
};

Keeper::Keeper(Work work) : shared_(std::make_shared<Shared>(std::move(work))) {
  quiet_thread([shared = shared_] { run(shared); }).detach();
}

Keeper::~Keeper() {
  std::unique_lock lock(shared_->mutex);
  shared_->closed = true;
  shared_->news.notify_all();
  // The rest is the thread's: it must not report once this has returned.
  shared_->news.wait(lock, [&] { return !shared_->work.report; });
}

void Keeper::retire(std::unique_ptr<Loaded> loaded) {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->retired.push_back(std::move(loaded));
  }
  shared_->news.notify_all();
}

void Keeper::retire_now(std::unique_ptr<Loaded> loaded, const std::atomic<bool>& stop) {
  for (milliseconds pause = kFirstPause; !is_free(*loaded);
       pause = std::min(2 * pause, kLongestPause)) {
    if (stop) return retire(std::move(loaded));
    std::this_thread::sleep_for(pause);
  }
  shared_->destroy(*loaded);
}

void Keeper::make_room() {
  std::unique_lock lock(shared_->mutex);
  auto free = shared_->take_free();
  lock.unlock();
  if (!free.empty()) shared_->destroy_all(std::move(free));
  lock.lock();
  shared_->news.wait(lock, [&] { return shared_->destroying == 0; });
}

void Keeper::report_soon() {
  {
    const std::lock_guard lock(shared_->mutex);
    if (shared_->report_at) return;
    shared_->report_at = Clock::now() + kGather;
  }
  shared_->news.notify_all();
}

void Keeper::report_now() {
  std::unique_lock lock(shared_->mutex);
  if (!shared_->work.report) return;
  shared_->report_due = true;
  const std::int64_t begun = shared_->reports_begun;
  shared_->news.notify_all();
  shared_->news.wait(lock, [&] { return shared_->reports_done > begun; });
}

bool Keeper::in_use() const {
  const std::lock_guard lock(shared_->mutex);
  return std::any_of(shared_->retired.begin(), shared_->retired.end(),
                     [](const auto& loaded) { return is_borrowed(loaded.get()); });
}

void Keeper::run(const std::shared_ptr<Shared>& shared) {
  Shared& s = *shared;
  milliseconds pause = kFirstPause;
  Clock::time_point beat = Clock::now();
  std::unique_lock lock(s.mutex);
  for (;;) {
    // Destroyed without the lock, since that may take long.
    std::list<std::unique_ptr<Loaded>> free = s.take_free();
    pause = free.empty() ? std::min(2 * pause, kLongestPause) : kFirstPause;
    const Clock::time_point now = Clock::now();
    const bool due = s.report_due || now >= beat || (s.report_at && now >= *s.report_at);
    if (due) {
      s.report_due = false;
      s.report_at.reset();
    }
    const bool report = due && !s.closed && s.work.report;
    s.reports_begun += report ? 1 : 0;
    lock.unlock();
    if (report) s.work.report();
    if (!free.empty()) s.destroy_all(std::move(free));
    if (due) beat = Clock::now() + s.work.heartbeat;
    lock.lock();
    if (report) {
      s.reports_done = s.reports_begun;
      s.news.notify_all();
    }
    if (s.closed && s.work.report) {
      lock.unlock();
      if (s.work.withdraw) s.work.withdraw();
      lock.lock();
      s.work.report = nullptr;
      s.work.withdraw = nullptr;
      s.news.notify_all();
    }
    if (s.closed && s.retired.empty()) return;
    if (s.report_due && !s.closed) continue;
    Clock::time_point end = s.report_at ? std::min(beat, *s.report_at) : beat;
    if (!s.retired.empty()) end = std::min(end, Clock::now() + pause);
    s.news.wait_until(lock, end);
  }
}

}  // namespace algoctl
