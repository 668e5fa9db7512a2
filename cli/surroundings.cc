#include <unistd.h>

#include <cstdlib>

#include "base/file.h"
#include "settings.h"

namespace algoctl::cli {

namespace {

constexpr std::int64_t kLargestConfiguration = 1 << 20;

std::optional<std::string> read_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

/// A file that cannot even be looked for is not there: a parent folder may be closed to us.
std::optional<std::string> read_if_there(const std::string& path) {
  if (::access(path.c_str(), F_OK) != 0) return std::nullopt;
  return read_file(path, kLargestConfiguration);
}

/// Empty when the current folder has been removed.
std::string current_folder() {
  char* name = ::getcwd(nullptr, 0);
  const std::string folder = name == nullptr || *name != '/' ? "" : name;
  std::free(name);
  return folder;
}

}  // namespace

Surroundings real_surroundings() { return {read_variable, read_if_there, current_folder()}; }

}  // namespace algoctl::cli
