#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>

#include "algoctl/digest.h"

namespace algoctl {

/// The objects that this process is sending to a store. Safe to use from any thread.
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

   private:
    Uploads& uploads_;
    Digest digest_;
  };

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<Digest> held_;
};

}  // namespace algoctl
