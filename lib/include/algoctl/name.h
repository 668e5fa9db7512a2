#pragma once

#include <string>
#include <string_view>

#include "algoctl/export.h"

namespace algoctl {

/// `owner/name`: what callers call. Each part matches `[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?` and
/// holds no `..`. Immutable; safe to share between threads.
class ALGOCTL_EXPORT Algorithm {
 public:
  /// Throws Error{usage} saying which part is wrong.
  static Algorithm parse(std::string_view text);

  [[nodiscard]] const std::string& str() const noexcept { return text_; }
  [[nodiscard]] std::string_view owner() const noexcept;
  [[nodiscard]] std::string_view name() const noexcept;

  /// The text with `-`, `_` and `.` of the name taken for one character: two algorithms with equal
  /// keys may not both exist.
  [[nodiscard]] std::string collision_key() const;

  friend bool operator==(const Algorithm& a, const Algorithm& b) { return a.text_ == b.text_; }
  friend bool operator!=(const Algorithm& a, const Algorithm& b) { return a.text_ != b.text_; }
  friend bool operator<(const Algorithm& a, const Algorithm& b) { return a.text_ < b.text_; }

 private:
  explicit Algorithm(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// The file name of an object inside an algorithm: `mymodel-201902.pkl`, `tokenizer/vocab.json`.
/// Segments `[A-Za-z0-9_][A-Za-z0-9._+=-]*` joined by `/`, no `..`, at most 255 bytes: joined to a
/// folder it never leaves that folder. Immutable; safe to share between threads.
class ALGOCTL_EXPORT Label {
 public:
  /// Throws Error{usage} naming the first character that does not fit.
  static Label parse(std::string_view text);

  [[nodiscard]] const std::string& str() const noexcept { return text_; }

  friend bool operator==(const Label& a, const Label& b) { return a.text_ == b.text_; }
  friend bool operator!=(const Label& a, const Label& b) { return a.text_ != b.text_; }
  friend bool operator<(const Label& a, const Label& b) { return a.text_ < b.text_; }

 private:
  explicit Label(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// The name by which code asks for a file: `model`, `tokenizer`. A label's grammar without `=`.
/// Immutable; safe to share between threads.
class ALGOCTL_EXPORT Slot {
 public:
  /// Throws Error{usage} naming the first character that does not fit.
  static Slot parse(std::string_view text);

  [[nodiscard]] const std::string& str() const noexcept { return text_; }

  /// The environment variable that carries this slot's path: `ALGOCTL_MODEL_` and the slot in upper
  /// case, every character that is no letter or digit as `_`.
  [[nodiscard]] std::string variable() const;

  friend bool operator==(const Slot& a, const Slot& b) { return a.text_ == b.text_; }
  friend bool operator!=(const Slot& a, const Slot& b) { return a.text_ != b.text_; }
  friend bool operator<(const Slot& a, const Slot& b) { return a.text_ < b.text_; }

 private:
  explicit Slot(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace algoctl
