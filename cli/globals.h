#pragma once

#include <optional>
#include <string>

#include "options.h"

namespace algoctl::cli {

/// The options that every command takes.
struct GlobalOptions {
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  bool yes = false;
  bool help = false;
  bool allow_network_filesystem = false;
  std::optional<std::string> home;
  std::optional<std::string> registry;
  std::optional<std::string> store;
  std::optional<std::string> manifest;
  std::optional<std::string> timeout;
  std::optional<std::string> limit_rate;
};

void define_globals(Options& options, GlobalOptions& globals);

}  // namespace algoctl::cli
