#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <vector>

#include "http/surroundings.h"

namespace algoctl::http {

/// Runs a program, found as a shell does, and takes its standard output, 1 MiB at most. Its
/// standard input is empty; its standard error is ours: what it complains about is for the person.
/// After `limit`, or when `stop` is set (nullptr: never), it is ended, with all that it started.
/// Throws Error{storage} when it cannot be started, Error{interrupted}.
CommandOutput run_command(const std::vector<std::string>& command, std::chrono::milliseconds limit,
                          const std::atomic<bool>* stop);

}  // namespace algoctl::http
