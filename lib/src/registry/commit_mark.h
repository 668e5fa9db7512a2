#pragma once

#include <cstdint>
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

/// How far the log of a registry is.
struct LogEnd {
  std::int64_t size = 0;    ///< bytes
  std::string header = {};  ///< another one where SQLite began the log anew

  /// Of the registry at `path`; nothing when it has no log.
  static LogEnd of(const std::string& path) noexcept;
};

/// Cuts off the log what came after `end`, which could not be brought to the disk: all of it where
/// the log was begun anew, since all before it is in the registry's file then. For whoever may
/// write the registry now. What cannot be cut off stays.
void cut_log(const std::string& path, const LogEnd& end) noexcept;

}  // namespace algoctl
