#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "algoctl/export.h"

namespace algoctl {

/// A semantic version (semver.org 2.0.0). Order and equality are its precedence: build metadata
/// never matters. Immutable; safe to share between threads.
class ALGOCTL_EXPORT Version {
 public:
  /// Parses `1.2.3`, `1.2.3-rc.1`, `1.2.3+build`; a leading `v` is taken off, as npm does.
  /// Throws Error{usage} for anything else, for numbers over 2^53-1 and for more than 256 bytes.
  static Version parse(std::string_view text);

  /// `prerelease` and `build` without their `-` and `+`. Throws Error{usage} when malformed.
  Version(std::int64_t major, std::int64_t minor, std::int64_t patch, std::string prerelease = {},
          std::string build = {});

  [[nodiscard]] std::int64_t major() const noexcept { return major_; }
  [[nodiscard]] std::int64_t minor() const noexcept { return minor_; }
  [[nodiscard]] std::int64_t patch() const noexcept { return patch_; }
  [[nodiscard]] const std::string& prerelease() const noexcept { return prerelease_; }
  [[nodiscard]] const std::string& build() const noexcept { return build_; }
  [[nodiscard]] bool is_release() const noexcept { return prerelease_.empty(); }

  [[nodiscard]] std::string str() const;

  /// Negative, zero or positive, as this precedes, equals or follows `other`.
  [[nodiscard]] int compare(const Version& other) const noexcept;

  friend bool operator==(const Version& a, const Version& b) { return a.compare(b) == 0; }
  friend bool operator!=(const Version& a, const Version& b) { return a.compare(b) != 0; }
  friend bool operator<(const Version& a, const Version& b) { return a.compare(b) < 0; }
  friend bool operator>(const Version& a, const Version& b) { return a.compare(b) > 0; }
  friend bool operator<=(const Version& a, const Version& b) { return a.compare(b) <= 0; }
  friend bool operator>=(const Version& a, const Version& b) { return a.compare(b) >= 0; }

 private:
  std::int64_t major_;
  std::int64_t minor_;
  std::int64_t patch_;
  std::string prerelease_;
  std::string build_;
};

}  // namespace algoctl
