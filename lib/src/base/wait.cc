#include "base/wait.h"

#include <algorithm>
#include <string>
#include <thread>

#include "algoctl/error.h"

namespace algoctl {

Wait::Wait(std::chrono::milliseconds limit, const std::atomic<bool>* stop, const char* what)
    : end_(std::chrono::steady_clock::now() + limit), stop_(stop), what_(what) {}

bool Wait::again() {
  if (stop_ != nullptr && stop_->load()) {
    throw Error(Code::interrupted, std::string("stopped while waiting for ") + what_);
  }
  const auto now = std::chrono::steady_clock::now();
  if (now >= end_) return false;
  const auto left = std::chrono::duration_cast<std::chrono::microseconds>(end_ - now);
  std::this_thread::sleep_for(std::min(pause_, left));
  // The longer one has waited, the more often one asks, so that late comers do not overtake.
  pause_ = std::max(pause_ * 3 / 4, std::chrono::microseconds(300));
  return true;
}

}  // namespace algoctl
