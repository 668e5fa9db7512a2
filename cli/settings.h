#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "globals.h"

namespace algoctl::cli {

/// One setting, and where it came from: `option --home`, `environment ALGOCTL_HOME`, the path of a
/// configuration file, or `default`.
struct Setting {
  std::string name;
  std::string value{};  ///< empty: not set
  std::string source = "default";

  [[nodiscard]] bool named() const { return source != "default"; }
};

/// Everything that can be configured, each from the layer that wins. Paths are absolute.
struct Settings {
  Setting home{"home"};
  Setting registry{"registry"};  ///< path or URL; empty: the home's
  Setting store{"store"};        ///< path or URL; empty: what the registry remembers
  Setting cache{"cache"};
  Setting cache_size{"cache_size"};    ///< bytes
  Setting trash_grace{"trash_grace"};  ///< seconds
  Setting manifest{"manifest"};        ///< path; empty: the nearest algorithm.json
  Setting timeout{"timeout"};          ///< seconds
  Setting limit_rate{"limit_rate"};  ///< bytes a second, to and from stores elsewhere; 0: no limit
  Setting allow_network_filesystem{"allow_network_filesystem"};  ///< `true` or `false`

  std::chrono::milliseconds wait{0};  ///< `timeout`, parsed
  bool on_ci = false;                 ///< CI is set: this machine is about to vanish

  [[nodiscard]] std::vector<const Setting*> all() const;
};

/// What settings are read from. Injected, so that the layers are tested by a table.
struct Surroundings {
  /// The value of an environment variable, or nullopt.
  std::function<std::optional<std::string>(const std::string&)> variable;
  /// The bytes of a file, or nullopt when it is not there.
  std::function<std::optional<std::string>(const std::string&)> read;
  std::string folder;  ///< the current one, absolute
};

/// The process's own environment, file system and folder.
Surroundings real_surroundings();

/// Options beat environment, that beats the project's `.algoctl.json`, that the user's file, that
/// the machine's, that the defaults. Throws Error{usage} naming option, variable or file, line and
/// column.
Settings resolve_settings(const GlobalOptions& options, const Surroundings& surroundings);

/// Throws Error{usage} on a CI machine when neither home nor registry is named: a registry that is
/// written there would vanish with it.
void require_named_registry_in_ci(const Settings& settings);

}  // namespace algoctl::cli
