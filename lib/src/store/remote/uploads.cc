#include "store/remote/uploads.h"

#include <chrono>

#include "algoctl/error.h"

namespace algoctl {

Uploads::Hold::Hold(Uploads& uploads, const Digest& digest, const std::atomic<bool>* stop)
    : uploads_(uploads), digest_(digest) {
  std::unique_lock lock(uploads_.mutex_);
  while (!uploads_.changed_.wait_for(lock, std::chrono::milliseconds(100),
                                     [&] { return uploads_.held_.count(digest_) == 0; })) {
    if (stop != nullptr && *stop) throw Error(Code::interrupted, "interrupted");
  }
  uploads_.held_.insert(digest_);
  sent_ = uploads_.sent_.count(digest_) > 0;
}

Uploads::Hold::~Hold() {
  const std::lock_guard lock(uploads_.mutex_);
  uploads_.held_.erase(digest_);
  if (sent_) uploads_.sent_.insert(digest_);
  uploads_.changed_.notify_all();
}

}  // namespace algoctl
