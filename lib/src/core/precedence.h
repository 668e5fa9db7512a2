#pragma once

#include <string>
#include <string_view>

#include "algoctl/version.h"

namespace algoctl {

/// Semver's order of two prereleases (without `-`): negative, zero or positive. The empty one is a
/// release and follows all others. Numeric identifiers compare exactly, however long they are (npm
/// rounds them to doubles above 2^53).
int compare_prereleases(std::string_view a, std::string_view b) noexcept;

/// A text whose byte order (memcmp) is semver precedence among versions of one major.minor.patch:
/// what the registry's index sorts by (SQLite's BINARY, PostgreSQL's COLLATE "C"). Two versions
/// have equal keys exactly when they have equal prereleases. Printable ASCII:
///
///     release                  ~
///     numeric identifier       a, its length in three digits, its digits, !
///     alphanumeric identifier  b, its text, !
///
/// `!` sorts before every character of an identifier, so a text precedes what it is a prefix of,
/// and fewer identifiers precede more: `alpha` < `alpha.1` < `alpha-1`.
std::string precedence_key(const Version& version);

}  // namespace algoctl
