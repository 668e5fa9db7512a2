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
/// (Version 1). `place` is whose it is, for messages: `profile 'x' in PATH`. Throws
/// Error{unauthorized} when it cannot be started, fails, takes too long or prints something else.
AwsCredentials run_credential_process(const Surroundings& around, const std::string& command,
                                      const std::string& place);

}  // namespace algoctl::http
