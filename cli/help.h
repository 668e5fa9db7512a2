#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "command.h"
#include "options.h"

namespace algoctl::cli {

/// What `algoctl --help` prints.
std::string overview();

/// What `algoctl COMMAND --help` prints; `options` holds the global ones and the command's.
std::string command_help(const Command& command, const Options& options);

/// Breaks text at spaces into lines of at most `width` columns, all but the first indented. A word
/// that is longer than a line is left whole.
std::string wrap(std::string_view text, std::size_t indent, std::size_t width);

}  // namespace algoctl::cli
