#pragma once

#include <string>
#include <utility>

namespace algoctl::http {

/// A text that must reach no message, log or file. Nothing takes it for a text by accident: who
/// needs it says `reveal`.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}

  [[nodiscard]] const std::string& reveal() const noexcept { return text_; }
  [[nodiscard]] bool empty() const noexcept { return text_.empty(); }

 private:
  std::string text_;
};

}  // namespace algoctl::http
