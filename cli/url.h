#pragma once

#include <string>
#include <string_view>

namespace algoctl::cli {

/// The scheme of a URL without its colon, lower case; empty for a path. One letter is no scheme.
std::string_view url_scheme(std::string_view url);

/// True when the URL carries a password: `postgres://user:secret@host/db`.
bool has_password(std::string_view url);

/// The URL without user name, password and query, as it may be shown and recorded. ssh keeps its
/// user name, which is no secret. A path, also `git@host:path`, is left as it is.
std::string strip_credentials(std::string_view url);

}  // namespace algoctl::cli
