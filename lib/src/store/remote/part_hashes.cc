#include "store/remote/part_hashes.h"

#include <utility>

#include "algoctl/digest.h"
#include "base/hash.h"
#include "base/quiet_thread.h"
#include "store/remote/read_span.h"

namespace algoctl {

PartHashes::PartHashes(int fd, std::string name, std::vector<Span> spans)
    : fd_(fd), name_(std::move(name)), spans_(std::move(spans)), known_(spans_.size()) {
  if (spans_.size() > 1) thread_ = quiet_thread([this] { run(); });
}

PartHashes::~PartHashes() {
  given_up_ = true;
  if (thread_.joinable()) thread_.join();
}

const std::string& PartHashes::of(std::size_t index) {
  if (!thread_.joinable() && known_[index].empty()) run();
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !known_[index].empty() || failure_; });
  if (known_[index].empty()) std::rethrow_exception(failure_);
  return known_[index];
}

void PartHashes::run() noexcept try {
  for (std::size_t index = 0; index < spans_.size(); ++index) {
    Sha256 hash;
    read_span(fd_, spans_[index], name_, &given_up_,
              [&](std::string_view bytes) { hash.update(bytes); });
    std::string hex = Digest(hash.finish()).hex();
    {
      const std::lock_guard lock(mutex_);
      known_[index] = std::move(hex);
    }
    changed_.notify_all();
  }
} catch (...) {
  {
    const std::lock_guard lock(mutex_);
    failure_ = std::current_exception();
  }
  changed_.notify_all();
}

}  // namespace algoctl
