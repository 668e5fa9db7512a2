#pragma once

#include <string>
#include <utility>

#include "algoctl/digest.h"

namespace algoctl {

/// Remembers of which objects of one store this user got other bytes than their digest names. Where
/// they rotted, the digest kept beside them is still right: without a note an upload of the same
/// file would leave them as they are. Safe from any thread and process. Never throws: a note that
/// is lost costs a repair.
class DamageNotes {
 public:
  /// `folder` is made when it is needed. Empty: nothing is remembered.
  explicit DamageNotes(std::string folder) : folder_(std::move(folder)) {}

  [[nodiscard]] bool has(const Digest& digest) const noexcept;
  void add(const Digest& digest) const noexcept;
  /// They were seen to be right, or were sent again.
  void remove(const Digest& digest) const noexcept;

 private:
  [[nodiscard]] std::string path(const Digest& digest) const;

  std::string folder_;
};

}  // namespace algoctl
