#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "http/link.h"
#include "http/message.h"

namespace algoctl::http {

/// Makes a request one that a server takes for its owner's. Safe to use from any thread.
class Signer {
 public:
  virtual ~Signer() = default;

  /// Adds the headers that prove who sends it. `payload_sha256`: 64 hexadecimal digits of the
  /// body's digest. `now_ms`: milliseconds since 1970, UTC. Fetches credentials that have expired.
  /// Throws Error{unauthorized} when there are none.
  virtual void sign(Request& request, const std::string& payload_sha256, std::int64_t now_ms) = 0;

  /// A URL by which anybody may GET the request's object until `lifetime` is over, or until its
  /// end, where that is known to come sooner.
  virtual Link presign(Request request, std::int64_t now_ms, std::chrono::seconds lifetime) = 0;
};

}  // namespace algoctl::http
