#pragma once

#include <curl/curl.h>

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>

#include "curl/exchange.h"

namespace algoctl::http {

/// A request that has ended. `failure`: why there is no whole answer.
struct Ended {
  void* tag;
  int status;
  std::optional<Failure> failure;
};

/// Exchanges side by side. For one thread.
class Multi {
 public:
  /// `connections`: that are kept when nobody needs them. Throws std::bad_alloc.
  Multi(Settings settings, Pace pace, long connections);

  /// Throws when the request cannot be made.
  void start(const AlgoctlHttpRequest& request);
  void cancel(void* tag);
  /// Waits at most so long until an exchange has ended or bytes have moved.
  void run(int wait_ms);
  std::optional<Ended> next();

 private:
  struct Free {
    void operator()(CURLM* multi) const noexcept { curl_multi_cleanup(multi); }
  };

  void work();
  void resume_paused();
  void end_stalled();
  void finish(Exchange& exchange, CURLcode code);
  [[nodiscard]] int shortened(int wait_ms) const;

  Shared shared_;  // outlives the connections
  std::unique_ptr<CURLM, Free> multi_;
  std::map<void*, std::unique_ptr<Exchange>> exchanges_;  // by tag; gone before `multi_` is
  std::deque<Ended> ended_;
  void* resumed_ = nullptr;  // the last that was
  Clock::time_point next_look_{};
};

}  // namespace algoctl::http
