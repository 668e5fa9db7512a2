#pragma once

#include <string>

namespace algoctl::test {

/// Checks that the file `tests/golden/NAME` holds exactly this text.
/// With ALGOCTL_REWRITE_GOLDENS set the file is written instead, and the test fails all the same:
/// what nobody has looked at must not pass.
void check_golden(const std::string& name, const std::string& text);

/// The text of `tests/golden/NAME`; fails the test when it is not there.
std::string golden(const std::string& name);

}  // namespace algoctl::test
