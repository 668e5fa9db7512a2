#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "http/message.h"

namespace algoctl::http {

/// What a command that was run left behind.
struct CommandOutput {
  int status = 0;  ///< of its exit
  std::string text;
  /// It took that long, or said more than anybody can use, and was ended.
  std::optional<std::chrono::milliseconds> ended_after = {};
};

/// All that credentials may come from. The library has no environment of its own: whoever uses it
/// lends his. Safe to call from any thread.
struct Surroundings {
  /// A variable of the environment; nullopt when it is not set.
  std::function<std::optional<std::string>(const std::string& name)> variable;
  /// A whole file; nullopt when it is not there. Throws Error{storage}.
  std::function<std::optional<std::string>(const std::string& path)> read;
  /// Runs a program, found as a shell does, and takes its standard output. Throws Error{storage}
  /// when it cannot be started.
  std::function<CommandOutput(const std::vector<std::string>& command)> run;
  /// Asks this machine's or container's metadata service. Throws Error{storage} when no answer
  /// came.
  std::function<Response(const Request& request)> fetch;

  /// A variable that is set, and not to nothing.
  [[nodiscard]] std::optional<std::string> filled(const std::string& name) const {
    auto value = variable(name);
    return value && !value->empty() ? value : std::nullopt;
  }
};

}  // namespace algoctl::http
