#pragma once

#include <algorithm>
#include <cstdint>

#include "curl/pace.h"

namespace algoctl::http {

/// How far an exchange has come.
struct Headway {
  std::int64_t setup = 0;       ///< changes with each step on the way to a connection
  bool sent = false;            ///< the whole request
  std::int64_t head_bytes = 0;  ///< that were received of heads, those of 1xx included
  bool headed = false;          ///< the answer's head is whole; 1xx is no answer
  std::int64_t body_bytes = 0;  ///< sent and received
};

/// Says when an exchange has waited long enough. Each step, the answer's head included, has the
/// timeout; a body that moves has it for each few bytes, so that none can drip for ever.
class Patience {
 public:
  /// Whether the body of an answer may come a byte at a time. So servers keep a client waiting that
  /// has asked for what takes them minutes (CompleteMultipartUpload).
  enum class Drip { refused, borne_a_while };

  Patience(std::chrono::milliseconds timeout, Drip drip, Clock::time_point now)
      : timeout_(timeout),
        drip_(drip),
        enough_(std::max<std::int64_t>(timeout.count() * kLowSpeed / 1000, 1)),
        since_(now) {}

  /// To be asked now and then.
  bool over(const Headway& current, Clock::time_point now) {
    if (current.headed && !seen_.headed) headed_at_ = now;
    if (advanced(current, now)) {
      begin_anew(current, now);
      return false;
    }
    trickles_ = bytes_of(current) != bytes_of(seen_);
    return now - since_ >= timeout_;
  }

  /// It was not the other side that kept it waiting.
  void begin_anew(const Headway& current, Clock::time_point now) {
    seen_ = current;
    since_ = now;
  }

  /// Something moved while it waited for more.
  [[nodiscard]] bool trickles() const noexcept { return trickles_; }

 private:
  static constexpr std::int64_t kLowSpeed = 100;  // bytes per second
  static constexpr int kAWhile = 20;              // timeouts

  static std::int64_t bytes_of(const Headway& headway) {
    return headway.head_bytes + headway.body_bytes;
  }

  [[nodiscard]] bool advanced(const Headway& current, Clock::time_point now) const {
    if (current.setup != seen_.setup || current.sent != seen_.sent) return true;
    if (current.headed != seen_.headed) return true;
    const std::int64_t moved = current.body_bytes - seen_.body_bytes;
    if (moved < 0) return true;  // it is sent once more from the beginning
    const bool borne = drip_ == Drip::borne_a_while && current.headed;
    if (borne && now - headed_at_ < timeout_ * kAWhile) return moved > 0;
    return moved >= enough_;
  }

  std::chrono::milliseconds timeout_;
  Drip drip_;
  std::int64_t enough_;  // bytes of a body within the timeout
  Headway seen_ = {};    // when it last came far enough
  Clock::time_point since_;
  Clock::time_point headed_at_ = {};
  bool trickles_ = false;
};

}  // namespace algoctl::http
