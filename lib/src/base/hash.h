#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
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

  void update(const void* data, std::size_t size);
  void update(std::string_view bytes) { update(bytes.data(), bytes.size()); }

  /// The digest of everything so far. To be called once.
  Bytes finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// `count` bytes from the operating system's random source.
std::string random_bytes(std::size_t count);

/// Lower-case hexadecimal digits.
std::string to_hex(std::string_view bytes);

}  // namespace algoctl
