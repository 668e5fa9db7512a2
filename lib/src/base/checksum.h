#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace algoctl {

/// Computes an XXH3 of 128 bits (by xxHash) piece by piece. It finds what a disk or a power cut did
/// to bytes, at a tenth of what SHA-256 costs; whoever wants to can make other bytes with the same
/// one, so nothing is trusted for it. Not copyable; one thread at a time.
class Checksum {
 public:
  Checksum();
  ~Checksum();
  Checksum(Checksum&&) noexcept;
  Checksum& operator=(Checksum&&) noexcept;

  void update(std::string_view bytes);

  /// The 32 lower-case hexadecimal digits of everything so far.
  [[nodiscard]] std::string hex() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace algoctl
