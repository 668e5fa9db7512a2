#pragma once

#include <optional>
#include <string>
#include <vector>

#include "options.h"

namespace algoctl::cli {

/// The command's words, and everything else, which is what options are read from.
struct Invocation {
  std::optional<std::string> command;
  std::vector<std::string> arguments;
};

/// Finds the first word that is neither an option nor an option's value, and the second when there
/// is a command of two words that begins with it. Only options that every command takes may stand
/// before it, so they are enough to tell.
Invocation find_invocation(const std::vector<std::string>& arguments, const Options& globals);

}  // namespace algoctl::cli
