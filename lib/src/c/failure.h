#pragma once

#include <new>
#include <string>
#include <utility>

#include "algoctl/c.h"
#include "algoctl/error.h"

struct algoctl_error {
  int code;
  std::string message;
  std::string hint;
};

namespace algoctl::c {

/// Puts the exception that is being handled into `*error`. Returns its code.
int report(algoctl_error** error) noexcept;

/// Runs `body`, which may throw. Returns 0, or the code of what it threw.
template <typename Body>
int guarded(algoctl_error** error, Body&& body) noexcept {
  if (error != nullptr) *error = nullptr;
  try {
    std::forward<Body>(body)();
    return ALGOCTL_OK;
  } catch (...) {
    return report(error);
  }
}

}  // namespace algoctl::c
