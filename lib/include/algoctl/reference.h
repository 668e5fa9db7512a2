#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "algoctl/export.h"
#include "algoctl/name.h"
#include "algoctl/selector.h"

namespace algoctl {

/// What a caller asks for: `owner/name[@SELECTOR]` or `data://owner/name/LABEL`. Also accepted:
/// `algo://owner/name/1.2.3` and `owner/name/1.2.*`. Immutable; safe to share between threads.
class ALGOCTL_EXPORT Reference {
 public:
  /// `own`, when given, is the algorithm that `@SELECTOR` alone means.
  /// Throws Error{usage} saying what does not fit.
  static Reference parse(std::string_view text, const std::optional<Algorithm>& own = std::nullopt);

  explicit Reference(Algorithm algorithm, Selector selector = {});
  Reference(Algorithm algorithm, Label label);

  [[nodiscard]] const Algorithm& algorithm() const noexcept { return algorithm_; }
  [[nodiscard]] const Selector& selector() const noexcept { return selector_; }
  /// False when no `@SELECTOR` was written: the selector is `latest` then.
  [[nodiscard]] bool has_selector() const noexcept { return has_selector_; }
  /// The label of a `data://` reference; nullopt when it asks for a version.
  [[nodiscard]] const std::optional<Label>& label() const noexcept { return label_; }

  /// `owner/name@SELECTOR` or `data://owner/name/LABEL`.
  [[nodiscard]] std::string str() const;

 private:
  Algorithm algorithm_;
  Selector selector_;
  bool has_selector_ = false;
  std::optional<Label> label_;
};

/// `data://owner/name/LABEL`.
ALGOCTL_EXPORT std::string data_uri(const Algorithm& algorithm, const Label& label);

}  // namespace algoctl
