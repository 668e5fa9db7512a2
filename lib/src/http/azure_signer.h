#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "http/secret.h"
#include "http/signer.h"

namespace algoctl::http {

/// The version of the protocol, which every request names.
inline constexpr char kAzureVersion[] = "2021-08-06";

/// Signs for Azure Blob Storage with an account's key (SharedKey).
class AzureSigner final : public Signer {
 public:
  /// `key`: as Azure shows it, in Base64. Throws Error{unauthorized} when it is not.
  AzureSigner(std::string account, const Secret& key);

  /// Adds x-ms-date, x-ms-version and Authorization. Azure has no use for the body's digest.
  void sign(Request& request, const std::string& payload_sha256, std::int64_t now_ms) override;
  /// A service SAS for the blob, to read it.
  /// Throws Error{usage} for a lifetime under a second, and for a path without container and blob.
  Link presign(Request request, std::int64_t now_ms, std::chrono::seconds lifetime) override;

 private:
  std::string account_;
  Secret key_;  ///< decoded
};

/// Shows a shared access signature that somebody made: it is good for what it says.
class AzureSasSigner final : public Signer {
 public:
  /// `token`: an encoded query, with or without its `?`.
  explicit AzureSasSigner(const Secret& token);

  void sign(Request& request, const std::string& payload_sha256, std::int64_t now_ms) override;
  /// Throws Error{unauthorized}: a URL with the token would give away all that the token is good
  /// for.
  Link presign(Request request, std::int64_t now_ms, std::chrono::seconds lifetime) override;

 private:
  Fields parameters_;
};

/// What a SharedKey signature signs, for who must compare it with what a server says it saw.
std::string azure_string_to_sign(const Request& request, const std::string& account);

}  // namespace algoctl::http
