#pragma once

#include <string>
#include <string_view>

#include "http/message.h"

namespace algoctl::http {

/// The bytes that `%XX` stand for; a `%` without two digits stands for itself.
std::string decode(std::string_view text);

/// The parameters of an encoded query, in its order, decoded. `+` is no blank here.
Fields parse_query(std::string_view query);

/// A GET of an http or https URL: its origin in lower case, path and query decoded, the fragment
/// left out. Throws Error{usage} for anything else, and for a URL with a user name in it, without
/// showing it.
Request request_for(std::string_view url);

/// True for what can be a host, with a port or without: letters, digits and `-._:[]`.
bool is_host(std::string_view authority);

/// False when the host has a port that is no number from 1 to 65535.
bool has_valid_port(std::string_view authority);

/// The request's host without the port: `[::1]` keeps its brackets.
std::string host_name(const Request& request);

}  // namespace algoctl::http
