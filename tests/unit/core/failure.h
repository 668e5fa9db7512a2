#pragma once

#include <string>

#include "algoctl/error.h"

namespace algoctl::test {

/// Runs `action` and returns the error that it throws as `code: message`, with ` | hint` when there
/// is one; `nothing` when it throws none.
template <typename Action>
std::string failure(Action action) {
  try {
    action();
  } catch (const Error& error) {
    const std::string text = std::string(code_name(error.code())) + ": " + error.message();
    return error.hint().empty() ? text : text + " | " + error.hint();
  }
  return "nothing";
}

}  // namespace algoctl::test
