#pragma once

#include <optional>
#include <string>
#include <vector>

#include "http/sigv4.h"
#include "http/surroundings.h"

namespace algoctl::http {

/// The words of a command line: apart by blanks, but for those in quotes or after a backslash, as a
/// shell has it. Nothing else is special. nullopt when a quote is not closed.
std::optional<std::vector<std::string>> split_words(const std::string& line);

/// Runs the command that a profile names, without a shell, and takes the credentials it prints
/// (Version 1). Throws Error{unauthorized} when it fails or prints something else, Error{storage}
/// when it cannot be started.
AwsCredentials run_credential_process(const Surroundings& around, const std::string& command,
                                      const std::string& profile);

}  // namespace algoctl::http
