#include "store/remote/part_hashes.h"

#include <algorithm>

#include "algoctl/digest.h"
#include "base/hash.h"
#include "store/read_at.h"

namespace algoctl {
std::string hash_span(int fd, const Span& span, const std::string& name,
                      const std::atomic<bool>* stop) {
  Sha256 hash;
  for (std::int64_t done = 0; done < span.size;) {
    if (stop != nullptr && *stop) throw Error(Code::interrupted, "stopped");
    const std::string bytes =
        read_at(fd, name, span.offset + done, std::min(kReadAtOnce, span.size - done));
    if (bytes.empty()) throw Error(Code::storage, name + " became shorter while it was read");
    hash.update(bytes);
    done += static_cast<std::int64_t>(bytes.size());
  }
  return Digest(hash.finish()).hex();
}

PartHashes::~PartHashes() {
  given_up_ = true;
  if (thread_.joinable()) thread_.join();
}

void PartHashes::start() {
  thread_ = std::thread([this] {
    try {
      for (std::size_t i = 0; i < spans_.size() && !given_up_; ++i) {
        known_[i] = hash_span(fd_, spans_[i], name_, stop_);
      }
    } catch (...) {
      fault_ = std::current_exception();
    }
  });
}

void PartHashes::wait() {
  if (thread_.joinable()) thread_.join();
  if (fault_) std::rethrow_exception(fault_);
}

const std::string& PartHashes::of(std::size_t index) {
  wait();
  if (known_[index].empty()) known_[index] = hash_span(fd_, spans_[index], name_, stop_);
  return known_[index];
}

}  // namespace algoctl
