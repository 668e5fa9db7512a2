#pragma once

#include <string>

#include "algoctl/error.h"

namespace algoctl::test {

/// An error's parts, for tests that look at them one by one.
struct Refusal {
  Code code;
  std::string message;
  std::string hint;
};

/// What `run` throws; the message `accepted` when it throws nothing.
template <typename Run>
Refusal refusal(Run run) {
  try {
    run();
  } catch (const Error& error) {
    return {error.code(), error.message(), error.hint()};
  }
  return {Code::internal, "accepted", ""};
}

}  // namespace algoctl::test
