#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/file.h"

namespace algoctl {

/// Says of a registry file that a commit may be in its log, but not on the disk: set while a commit
/// is written, left behind by a process that was killed in it. The next one finds the commit whole
/// in memory and takes it for done, so the log has to be brought to the disk before anybody relies
/// on it. The mark is the first byte of `PATH.lock`, which writers hold locked; it need not outlive
/// a power cut, which takes what it speaks of along.
namespace commit_mark {

/// Brings the log of the registry at `path` to the disk if its mark is set; the mark stays. Throws
/// Error{storage}.
void settle(const std::string& path);

/// The same by whoever holds the lock, who also takes the mark away.
void settle_and_clear(const std::string& path, const Fd& lock);

/// `lock`: an empty one does nothing.
void set(const Fd& lock) noexcept;
void clear(const Fd& lock) noexcept;

}  // namespace commit_mark

/// The log of a registry as it was at one instant.
struct Log {
  std::int64_t size = 0;    ///< bytes; 0 also where there is none
  std::string header = {};  ///< another one where SQLite began the log anew; empty where size is 0
  std::string tail = {};    ///< what came after an earlier instant

  bool operator==(const Log&) const = default;

  /// Of the registry at `path`; nullopt when it cannot be told.
  static std::optional<Log> of(const std::string& path) noexcept;
  /// The same with what came after `before`: all of it where the log was begun anew.
  static std::optional<Log> since(const std::string& path, const Log& before) noexcept;
};

/// Cuts off the log what came after `before`: a commit that could not be brought to the disk, which
/// left the log as `failed`. Where the log was begun anew nothing of it is left, since all before
/// is in the registry's file then. For whoever may write the registry now. False when that is not
/// known, or not so any more, and all stays as it is; or when the disk refuses this, too.
bool cut_log(const std::string& path, const std::optional<Log>& before,
             const std::optional<Log>& failed) noexcept;

}  // namespace algoctl
