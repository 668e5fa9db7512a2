#include "store/remote/prefix_hasher.h"

#include <algorithm>

#include "algoctl/error.h"
#include "base/quiet_thread.h"
#include "store/read_at.h"

namespace algoctl {
PrefixHasher::PrefixHasher(int fd, std::string name)
    : fd_(fd), name_(std::move(name)), thread_(quiet_thread([this] { run(); })) {}

PrefixHasher::~PrefixHasher() {
  {
    const std::lock_guard lock(mutex_);
    given_up_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void PrefixHasher::reach(std::int64_t end) {
  {
    const std::lock_guard lock(mutex_);
    end_ = std::max(end_, end);
  }
  changed_.notify_all();
}

Digest PrefixHasher::finish() {
  {
    const std::lock_guard lock(mutex_);
    finished_ = true;
  }
  changed_.notify_all();
  thread_.join();
  if (fault_) std::rethrow_exception(fault_);
  return Digest(hash_.finish());
}

void PrefixHasher::run() try {
  PieceReader file(fd_, name_);
  std::int64_t done = 0;
  for (;;) {
    std::int64_t end = 0;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return end_ > done || finished_ || given_up_; });
      if (given_up_ || end_ == done) return;
      end = end_;
    }
    while (done < end) {
      const std::string_view bytes = file.read(done, end - done);
      if (bytes.empty()) throw Error(Code::storage, name_ + " became shorter while it was written");
      hash_.update(bytes);
      done += static_cast<std::int64_t>(bytes.size());
    }
  }
} catch (...) {
  fault_ = std::current_exception();
}

}  // namespace algoctl
