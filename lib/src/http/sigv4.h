#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "http/message.h"
#include "http/secret.h"

namespace algoctl::http {

/// What AWS and those who speak like it hand out for signing.
struct AwsCredentials {
  std::string key_id;
  Secret secret;
  Secret session_token;                    ///< empty: there is none
  std::optional<std::int64_t> expires_at;  ///< milliseconds since 1970, UTC
};

/// AWS Signature Version 4: what a signature is good for, and whose it is.
struct SigV4 {
  const AwsCredentials& credentials;
  std::string region;   ///< `eu-central-1`; `auto` for GCS
  std::string service;  ///< `s3`
  std::int64_t now_ms;  ///< milliseconds since 1970, UTC
};

/// Adds X-Amz-Date, X-Amz-Security-Token and Authorization, in place of those that are there. All
/// other headers are signed as they are, but for those that proxies change. `payload_sha256`: 64
/// hexadecimal digits.
void sign(Request& request, const std::string& payload_sha256, const SigV4& with);

/// A URL that bears its signature, and for its lifetime, or as long as the credentials live, does
/// what the request would do. Its headers are not part of it.
/// Throws Error{usage} for a lifetime that is not between a second and seven days.
std::string presign(const Request& request, std::chrono::seconds lifetime, const SigV4& with);

/// The steps on the way to a signature, for who must compare them with what a server says it saw.
std::string canonical_request(const Request& request, const std::string& payload_sha256);
std::string string_to_sign(const std::string& canonical_request, const SigV4& with);

}  // namespace algoctl::http
