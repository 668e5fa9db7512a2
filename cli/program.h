#pragma once

#include <string>
#include <vector>

#include "console.h"
#include "output.h"

namespace algoctl::cli {

/// Runs the program on the arguments after its name. Returns the exit status; throws Error.
int run_program(const std::vector<std::string>& arguments, Output& output, Console& console);

/// True when the option stands among the arguments, before `--`. For what must be known although
/// the arguments cannot be read.
bool has_option(const std::vector<std::string>& arguments, std::string_view option);

}  // namespace algoctl::cli
