#pragma once

#include "http/signer.h"

namespace algoctl::http {

/// For what everybody may read: proves nothing.
class AnonymousSigner final : public Signer {
 public:
  void sign(Request& /*request*/, const std::string& /*payload_sha256*/,
            std::int64_t /*now_ms*/) override {}
  /// The plain URL, which lives as long as the object is public.
  Link presign(Request request, std::int64_t /*now_ms*/,
               std::chrono::seconds /*lifetime*/) override {
    return {request.url(), std::nullopt};
  }
};

}  // namespace algoctl::http
