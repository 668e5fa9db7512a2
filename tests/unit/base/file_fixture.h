#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "base/file.h"

namespace algoctl::test {

inline mode_t mode_of(const std::string& path) {
  const auto info = stat_if_there(path);
  return info ? info->st_mode & 07777 : 0;
}

inline std::size_t entries_in(const std::string& folder) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder)) ++count;
  return count;
}

/// The umask of this test only.
class Umask {
 public:
  explicit Umask(mode_t mask) : before_(umask(mask)) {}
  ~Umask() { umask(before_); }

 private:
  mode_t before_;
};

}  // namespace algoctl::test
