#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace algoctl::cli {

/// The words of a command line that ends at the cursor, as a shell would read them: without quotes,
/// which need not be closed, and without assignments in front of the command. The last one is the
/// word at the cursor: empty after a space. Variables and patterns stay as they are.
std::vector<std::string> shell_words(std::string_view line);

}  // namespace algoctl::cli
