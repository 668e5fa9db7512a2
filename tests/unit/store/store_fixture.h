#pragma once

#include <fcntl.h>

#include <cstddef>
#include <filesystem>
#include <string>

#include "base/clock.h"
#include "base/file.h"
#include "store/stamps.h"
#include "store/store.h"

namespace algoctl::test {

constexpr std::size_t kMiB = std::size_t{1} << 20U;

/// The number of files and links in a folder and all below it; folders do not count.
inline std::size_t files_in(const std::string& folder) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_directory()) ++count;
  }
  return count;
}

inline FileStamp stamp_at(const std::string& path) { return stamp_of(stat_if_there(path).value()); }

/// Waits, a few milliseconds at most, until a change of the file must show in its stamp.
inline void settle(const std::string& path) {
  while (!stamp_is_settled(stamp_at(path), file_clock_ns())) {
  }
}

inline Fd new_file(const std::string& path) {
  return open_file(path, O_RDWR | O_CREAT | O_EXCL, 0600);
}

inline Stored put_file(Store& store, const std::string& path, const std::string& upload_id) {
  ObjectSource source = ObjectSource::open(path);
  return store.put(source, upload_id);
}

/// Bytes without a pattern, the same for the same seed.
inline std::string noise(std::size_t size, std::uint32_t seed = 1) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) {
    seed = seed * 1664525 + 1013904223;
    byte = static_cast<char>(seed >> 24U);
  }
  return bytes;
}

}  // namespace algoctl::test
