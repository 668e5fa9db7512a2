#pragma once

#include <string_view>

namespace algoctl::cli {

/// The text of cli/completion/algoctl.SHELL. Empty for a shell that has none.
std::string_view completion_script(std::string_view shell);

}  // namespace algoctl::cli
