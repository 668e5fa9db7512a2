#include "store/side_by_side.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "algoctl/error.h"
#include "base/quiet_thread.h"

namespace algoctl {
namespace {

using Sizes = std::vector<std::int64_t>;
using Work = std::function<void(std::size_t, const TransferOptions&)>;

void one_by_one(const Sizes& sizes, const TransferOptions& options, const Work& work) {
  std::int64_t before = 0;
  TransferOptions share;
  share.stop = options.stop;
  if (options.progress) {
    share.progress = [&](std::int64_t done) { options.progress(before + done); };
  }
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (options.stop != nullptr && *options.stop) throw Error(Code::interrupted, "interrupted");
    work(i, share);
    before += sizes[i];
  }
}

/// Waits for its threads in the end.
struct Joined : std::vector<std::thread> {
  Joined() = default;
  Joined(const Joined&) = delete;
  Joined& operator=(const Joined&) = delete;
  ~Joined() {
    for (std::thread& thread : *this) thread.join();
  }
};

/// The threads, and what became of their work so far.
class Crew {
 public:
  Crew(const Sizes& sizes, const TransferOptions& options, const Work& work)
      : sizes_(sizes), options_(options), work_(work) {}

  void run(std::size_t width) {
    {
      Joined threads;
      // Counted before any of them can end.
      running_ = width;
      try {
        while (threads.size() < width) threads.push_back(quiet_thread([this] { work_on(); }));
      } catch (const Error&) {
        // Fewer do as well, if there is one.
        if (threads.empty()) throw;
        const std::lock_guard lock(mutex_);
        running_ -= width - threads.size();
      }
      watch();
    }
    if (failure_) std::rethrow_exception(failure_);
    if (cut_off_ || next_ < sizes_.size()) throw Error(Code::interrupted, "interrupted");
  }

 private:
  void work_on() {
    while (!ended_) {
      const std::size_t index = next_.fetch_add(1);
      if (index >= sizes_.size()) break;
      try {
        share(index);
      } catch (...) {
        failed(index);
      }
    }
    const std::lock_guard lock(mutex_);
    --running_;
    changed_.notify_all();
  }

  void share(std::size_t index) {
    std::int64_t counted = 0;
    TransferOptions share;
    share.stop = &ended_;
    share.progress = [&](std::int64_t done) { done_ += done - std::exchange(counted, done); };
    work_(index, share);
    share.progress(sizes_[index]);
  }

  /// Of those that were cut off because another failed, none is to blame.
  void failed(std::size_t index) {
    const std::lock_guard lock(mutex_);
    if (is_interruption()) {
      cut_off_ = true;
    } else if (!failure_ || index < failed_) {
      failure_ = std::current_exception();
      failed_ = index;
    }
    ended_ = true;
  }

  static bool is_interruption() {
    try {
      throw;
    } catch (const Error& error) {
      return error.code() == Code::interrupted;
    } catch (...) {
      return false;
    }
  }

  void watch() try {
    std::unique_lock lock(mutex_);
    const auto all_ended = [&] { return running_ == 0; };
    while (!changed_.wait_for(lock, std::chrono::milliseconds(100), all_ended)) {
      if (options_.stop != nullptr && *options_.stop) ended_ = true;
      if (!options_.progress) continue;
      lock.unlock();
      options_.progress(done_);
      lock.lock();
    }
  } catch (...) {
    ended_ = true;  // what the caller's progress threw
    throw;
  }

  const Sizes& sizes_;
  const TransferOptions& options_;
  const Work& work_;
  std::atomic<std::size_t> next_{0};
  std::atomic<std::int64_t> done_{0};
  std::atomic<bool> ended_{false};
  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::size_t running_ = 0;
  std::exception_ptr failure_;
  std::size_t failed_ = 0;
  bool cut_off_ = false;
};

}  // namespace

void side_by_side(const Sizes& sizes, int width, const TransferOptions& options, const Work& work) {
  const std::size_t threads = std::min(sizes.size(), static_cast<std::size_t>(std::max(width, 1)));
  if (threads <= 1) return one_by_one(sizes, options, work);
  Crew(sizes, options, work).run(threads);
}

}  // namespace algoctl
