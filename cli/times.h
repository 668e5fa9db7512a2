#pragma once

#include <cstdint>
#include <string>

namespace algoctl::cli {

// Times given on the command line: RFC 3339, or a bare date. Milliseconds since 1970, UTC.
// Throw Error{usage}.

/// A bare date means the end of that day.
std::int64_t parse_end(const std::string& text);

/// A bare date means its beginning: what `--since` wants to include.
std::int64_t parse_begin(const std::string& text);

}  // namespace algoctl::cli
