#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace algoctl::cli {

/// Runs `/bin/sh -c COMMAND` with `variables` added to the environment, its standard input empty
/// and its standard output sent to our standard error. Returns its exit status, 128+N for signal N.
/// On SIGINT or SIGTERM ends it and throws Error{interrupted}.
int run_command(const std::string& command, const std::map<std::string, std::string>& variables);

/// What a program prints, or nullopt when it cannot be run or fails. Its standard error is dropped.
std::optional<std::string> capture(const std::vector<std::string>& arguments,
                                   const std::map<std::string, std::string>& variables);

}  // namespace algoctl::cli
