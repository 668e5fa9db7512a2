#pragma once

#include <optional>
#include <string>

#include "algoctl/digest.h"
#include "algoctl/version.h"

namespace algoctl {

/// What a model in a running process was loaded from. A value.
struct ModelVersion {
  std::optional<Version> number;  ///< none for a label
  Digest digest;                  ///< of the manifest, or of the label's bytes

  /// `1.3.0`; for a label `sha256:<hex>`.
  [[nodiscard]] std::string str() const { return number ? number->str() : digest.str(); }

  friend bool operator==(const ModelVersion& a, const ModelVersion& b) {
    return a.number == b.number && a.digest == b.digest;
  }
  friend bool operator!=(const ModelVersion& a, const ModelVersion& b) { return !(a == b); }
};

}  // namespace algoctl
