#pragma once

#include <cstdlib>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>

#include "store/store_settings.h"

namespace algoctl::test {

inline std::optional<std::string> variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

/// A variable that servers/run sets. Throws when the test was started without it.
inline std::string from_run(const std::string& name) {
  if (auto value = variable(name)) return *value;
  throw std::runtime_error(name + " is not set: start the test by tests/servers/run KIND");
}

/// An empty place on the server: the URL of the run with `name` after its path.
inline std::string place(const std::string& name) {
  const std::string url = from_run("ALGOCTL_TEST_STORE");
  return url.substr(0, url.find('?')) + "/" + name +
         (url.find('?') == std::string::npos ? "" : url.substr(url.find('?')));
}

/// What the run's credentials are in; a program that is started gets no others.
inline std::map<std::string, std::string> credentials() {
  std::map<std::string, std::string> found;
  for (const char* name : {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AZURE_STORAGE_ACCOUNT",
                           "AZURE_STORAGE_KEY"}) {
    if (auto value = variable(name)) found.emplace(name, *value);
  }
  return found;
}

/// How a store is opened with them; what is on its way lies below `folder`.
inline StoreSettings settings_in(const std::string& folder) {
  StoreSettings settings;
  settings.stamps = Stamps(folder + "/stamps");
  settings.scratch = folder + "/scratch";
  settings.variable = variable;
  return settings;
}

}  // namespace algoctl::test
