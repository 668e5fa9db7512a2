#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace algoctl {

/// Computes a SHA-256 (FIPS 180-4, by OpenSSL) piece by piece. Not copyable; one thread at a time.
class Sha256 {
 public:
  using Bytes = std::array<std::uint8_t, 32>;

  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void update(const void* data, std::size_t size);
  void update(std::string_view bytes) { update(bytes.data(), bytes.size()); }

  /// The digest of everything so far. To be called once.
  Bytes finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Computes an MD5 (RFC 1321, by OpenSSL) piece by piece. For comparing with what older programs
/// wrote down, nothing else: whoever wants to can make two files with one MD5. Not copyable; one
/// thread at a time.
class Md5 {
 public:
  Md5();
  ~Md5();
  Md5(Md5&&) noexcept;

  void update(const void* data, std::size_t size);
  void update(std::string_view bytes) { update(bytes.data(), bytes.size()); }

  /// The 32 lower-case hexadecimal digits of everything so far. To be called once.
  std::string finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// HMAC with SHA-256 (RFC 2104): 32 bytes.
std::string hmac_sha256(std::string_view key, std::string_view bytes);

/// The 64 lower-case hexadecimal digits of a text's SHA-256.
std::string sha256_hex(std::string_view bytes);

/// `count` bytes from the operating system's random source.
std::string random_bytes(std::size_t count);

/// Lower-case hexadecimal digits.
std::string to_hex(std::string_view bytes);

/// Base64 (RFC 4648) with `+`, `/` and padding, on one line.
std::string to_base64(std::string_view bytes);
/// The bytes that such a text stands for; nullopt when it is anything else.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace algoctl
