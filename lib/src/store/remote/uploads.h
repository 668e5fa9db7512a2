#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>

#include "algoctl/digest.h"

namespace algoctl {

/// The objects that this process is sending to a store, or has sent. Safe to use from any thread.
class Uploads {
 public:
  /// An object that nobody else sends meanwhile: whoever comes second finds it there.
  class Hold {
   public:
    /// Waits while another has it. Throws Error{interrupted} soon after `stop` was set.
    Hold(Uploads& uploads, const Digest& digest, const std::atomic<bool>* stop);
    ~Hold();
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;

    /// True when it has been sent before.
    [[nodiscard]] bool is_sent() const noexcept { return sent_; }
    void sent() noexcept { sent_ = true; }

   private:
    Uploads& uploads_;
    Digest digest_;
    bool sent_ = false;
  };

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<Digest> held_;
  std::set<Digest> sent_;
};

}  // namespace algoctl
