#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/file.h"

namespace algoctl {

constexpr std::int64_t kLargestManifest = std::int64_t{4} << 20U;  ///< bytes

/// The text of a working manifest. Throws Error{usage} when there is none at `path`, or none is
/// named.
std::string read_working_copy(const std::string& path);

struct RewriteOptions {
  std::chrono::milliseconds timeout{30000};
  const std::atomic<bool>* stop = nullptr;
};

/// Holds the lock of a folder, under which everything of this program that rewrites a file in it
/// works. Throws Error{busy} after the timeout.
Fd lock_folder(const std::string& folder, const RewriteOptions& options);

/// Rewrites a working manifest while nobody else of this program does: takes its folder's lock,
/// reads it again, and replaces it by what `change` makes of the text; nullopt or the same text
/// leaves it. Throws Error{busy} after the timeout, and what `change` throws; the file is then as
/// it was.
void rewrite_working_copy(
    const std::string& path, const RewriteOptions& options,
    const std::function<std::optional<std::string>(const std::string&)>& change,
    Sync sync = Sync::bytes_and_name);

/// Writes a new working manifest, unless one is there by now.
void create_working_copy(const std::string& path, const RewriteOptions& options,
                         const std::string& text);

}  // namespace algoctl
