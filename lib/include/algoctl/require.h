#pragma once

#include <optional>
#include <string>

#include "algoctl/export.h"
#include "algoctl/selector.h"

namespace algoctl {

/// A condition on a version's metadata: `accuracy>=0.9`, `accuracy>=@stable`, `framework==onnx`.
struct Requirement {
  enum class Comparison { less, at_most, equal, not_equal, at_least, greater };

  std::string key;
  Comparison comparison;
  std::string value;             ///< compared with, unless it is another version's
  std::optional<Selector> than;  ///< the version whose value of the same key is compared with

  /// Parses `KEY OP VALUE` or `KEY OP @SELECTOR`; OP is one of `<`, `<=`, `=`, `==`, `!=`, `>=`,
  /// `>`. Throws Error{usage}.
  ALGOCTL_EXPORT static Requirement parse(const std::string& text);

  /// The operator as it is written: `>=`.
  [[nodiscard]] ALGOCTL_EXPORT std::string symbol() const;
};

/// True when `left OP right`: as numbers when both are decimal numbers, as text when neither is;
/// nullopt when only one of them is a number, or order is asked of texts.
ALGOCTL_EXPORT std::optional<bool> compare_metadata(const std::string& left,
                                                    Requirement::Comparison comparison,
                                                    const std::string& right);

}  // namespace algoctl
