#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "algoctl/export.h"

namespace algoctl {

/// A SHA-256 (FIPS 180-4): the name of an object or of a manifest. A value of 32 bytes.
class ALGOCTL_EXPORT Digest {
 public:
  using Bytes = std::array<std::uint8_t, 32>;

  explicit Digest(const Bytes& bytes) noexcept : bytes_(bytes) {}

  /// Parses `sha256:` and 64 lower-case hexadecimal digits, or the digits alone.
  /// Throws Error{usage} for anything else.
  static Digest parse(std::string_view text);

  /// The digest of `bytes`.
  static Digest of(std::string_view bytes);

  /// 64 lower-case hexadecimal digits.
  [[nodiscard]] std::string hex() const;

  /// `sha256:` and the digits.
  [[nodiscard]] std::string str() const { return "sha256:" + hex(); }

  [[nodiscard]] const Bytes& bytes() const noexcept { return bytes_; }

  friend bool operator==(const Digest& a, const Digest& b) noexcept { return a.bytes_ == b.bytes_; }
  friend bool operator!=(const Digest& a, const Digest& b) noexcept { return a.bytes_ != b.bytes_; }
  friend bool operator<(const Digest& a, const Digest& b) noexcept { return a.bytes_ < b.bytes_; }

 private:
  Bytes bytes_;
};

}  // namespace algoctl
