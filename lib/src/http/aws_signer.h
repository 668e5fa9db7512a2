#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "http/signer.h"
#include "http/sigv4.h"

namespace algoctl::http {

/// Signs for S3, for whoever speaks like it, and for the XML API of GCS (region `auto`).
class AwsSigner final : public Signer {
 public:
  /// Called by one thread at a time: at first, and again from five minutes before its last answer
  /// expires. Throws Error{unauthorized} when there are no credentials.
  using Provider = std::function<AwsCredentials()>;

  AwsSigner(Provider provider, std::string region);

  /// Adds x-amz-content-sha256 too. While credentials are valid, a failure to get new ones is kept
  /// quiet and tried again a minute later.
  void sign(Request& request, const std::string& payload_sha256, std::int64_t now_ms) override;
  /// It ends with the credentials that sign it, when that is sooner than after `lifetime`.
  /// Throws Error{usage} for a lifetime that is not between a second and seven days.
  Link presign(Request request, std::int64_t now_ms, std::chrono::seconds lifetime) override;

 private:
  AwsCredentials credentials(std::int64_t now_ms);

  const Provider provider_;
  const std::string region_;
  std::mutex mutex_;
  std::optional<AwsCredentials> kept_;
  std::int64_t try_again_at_ = 0;
};

}  // namespace algoctl::http
