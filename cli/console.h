#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "algoctl/error.h"

namespace algoctl::cli {

/// Standard error, where all that is not the answer goes.
class Console {
 public:
  struct Look {
    bool terminal = false;  ///< progress may be drawn
    bool color = false;
    int width = 80;  ///< columns
  };

  explicit Console(int fd) : fd_(fd) {}

  /// `algoctl: TEXT`, further lines indented.
  void message(std::string_view text);
  void warn(std::string_view text);
  /// The error for people, or with `json` as a record on one line.
  void error(const Error& error, int exit, bool json) noexcept;
  /// Bytes as they are: help, a question, a progress line. What cannot be written is dropped.
  void write(std::string_view bytes) noexcept;

  /// Asked of the terminal once, when it is first needed.
  const Look& look();

 private:
  int fd_;
  bool looked_ = false;
  Look look_;
};

/// Whether colour is wanted, by what NO_COLOR and TERM say (nullptr: not set).
bool wants_color(bool terminal, const char* no_color, const char* term);

/// The text of an error: message, further lines, hint.
///     algoctl: label 'x' already names other bytes
///       stored:  sha256:…
///       hint: choose a new label
std::string error_text(const Error& error, bool color);

/// The record of an error, on one line. `exit`: the status that the program ends with.
std::string error_record(const Error& error, int exit);

}  // namespace algoctl::cli
