#include "client/verify_objects.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <map>
#include <thread>

#include "algoctl/error.h"

namespace algoctl {
namespace {

/// The readers, and what they have found so far.
class Readers {
 public:
  Readers(ClientState& state, const Store& store, const std::vector<ObjectToCheck>& objects)
      : state_(state), store_(store), objects_(objects) {
    for (const ObjectToCheck& object : objects) total_ += object.size;
  }

  std::vector<ObjectFault> run() {
    const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
    const std::size_t count = std::min<std::size_t>({cores, 8, objects_.size()});
    running_ = count;
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < count; ++i) threads.emplace_back([this] { work(); });
    watch();
    threads.clear();
    if (failure_) std::rethrow_exception(failure_);
    std::vector<ObjectFault> faults;
    for (auto& [index, fault] : faults_) faults.push_back(std::move(fault));
    return faults;
  }

 private:
  void work() {
    for (;;) {
      const std::size_t index = next_.fetch_add(1);
      if (index >= objects_.size() || broken_.load()) break;
      try {
        check(index);
      } catch (...) {
        const std::lock_guard lock(mutex_);
        if (!failure_) failure_ = std::current_exception();
        broken_ = true;
      }
    }
    const std::lock_guard lock(mutex_);
    --running_;
    changed_.notify_all();
  }

  void check(std::size_t index) {
    const ObjectToCheck& object = objects_[index];
    TransferOptions options;
    options.stop = state_.options.stop;
    std::int64_t counted = 0;
    options.progress = [&](std::int64_t done) { done_ += done - std::exchange(counted, done); };
    try {
      store_.check(object.object, object.size, options);
    } catch (const Error& error) {
      if (error.code() != Code::integrity && error.code() != Code::not_found) throw;
      const bool missing = !store_.look(object.object).has_value();
      const std::lock_guard lock(mutex_);
      faults_.emplace(index, ObjectFault{object, missing, error.message()});
    }
    done_ += object.size - counted;
  }

  /// Tells of the progress from the thread that asked, until all are done.
  void watch() {
    std::unique_lock lock(mutex_);
    while (
        !changed_.wait_for(lock, std::chrono::milliseconds(100), [&] { return running_ == 0; })) {
      if (state_.options.progress) state_.options.progress({"verify", done_.load(), total_});
    }
  }

  ClientState& state_;
  const Store& store_;
  const std::vector<ObjectToCheck>& objects_;
  std::int64_t total_ = 0;
  std::atomic<std::size_t> next_{0};
  std::atomic<std::int64_t> done_{0};
  std::atomic<bool> broken_{false};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t running_ = 0;
  std::exception_ptr failure_;
  std::map<std::size_t, ObjectFault> faults_;
};

}  // namespace

std::vector<ObjectFault> check_objects(ClientState& state, const Store& store,
                                       const std::vector<ObjectToCheck>& objects) {
  if (objects.empty()) return {};
  return Readers(state, store, objects).run();
}

}  // namespace algoctl
