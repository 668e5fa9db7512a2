#pragma once

namespace algoctl {

/// What `chr(point).isprintable()` says in Python 3.11, by Unicode 14. Other Pythons differ about
/// code points that their Unicode did not have yet, or has since.
bool is_python_printable(char32_t point) noexcept;

}  // namespace algoctl
