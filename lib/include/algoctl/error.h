#pragma once

#include <exception>
#include <string>
#include <string_view>

#include "algoctl/export.h"

namespace algoctl {

/// What went wrong, in the words that scripts branch on. The value is the exit status of the
/// program.
enum class Code : int {
  check_failed = 1,   ///< a question was asked, and the answer is no
  usage = 2,          ///< malformed input: option, name, version, selector, manifest
  not_found = 3,      ///< no such algorithm, version, label, slot, channel, file
  conflict = 4,       ///< exists with other bytes, an expectation failed, a stale working copy
  integrity = 5,      ///< bytes do not match their digest; the registry is damaged
  storage = 6,        ///< registry or store refused, failed, is unreachable or too new; disk full
  busy = 7,           ///< still locked, or replicas not there, after the timeout
  unauthorized = 8,   ///< credentials missing, rejected or too weak
  lock_mismatch = 9,  ///< the lock file does not fit what was asked
  internal = 70,      ///< a defect in algoctl
  interrupted = 130,  ///< stopped on request
};

/// The code's name as it stands in JSON: `not_found`.
ALGOCTL_EXPORT std::string_view code_name(Code code) noexcept;

/// The one exception that leaves the library.
/// The message names the thing, in lower case, without a full stop; further lines of it align
/// values that should match. The hint, when there is one, is what to do next.
class ALGOCTL_EXPORT Error : public std::exception {
 public:
  Error(Code code, std::string message, std::string hint = {});

  [[nodiscard]] Code code() const noexcept { return code_; }
  [[nodiscard]] int exit_status() const noexcept { return static_cast<int>(code_); }
  [[nodiscard]] const std::string& message() const noexcept { return message_; }
  [[nodiscard]] const std::string& hint() const noexcept { return hint_; }

  /// Puts "CONTEXT: " before the message, as the error passes up through the layers.
  Error& within(std::string_view context);

  /// The message; its further lines are indented by two blanks. Valid as long as this object.
  [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }

 private:
  Code code_;
  std::string message_;
  std::string hint_;
};

}  // namespace algoctl
