#pragma once

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <string>

#include "support/temporary_folder.h"

namespace algoctl::test {

/// A disk of its own in memory, so small that it can be filled. Needs root and the right to mount.
class SmallDisk {
 public:
  /// `options` as tmpfs takes them: `size=1m`, `nr_inodes=5`.
  explicit SmallDisk(const std::string& options) {
    // In a mount namespace of its own, so that nothing stays behind, however the tests end.
    static const bool apart =
        unshare(CLONE_NEWNS) == 0 && mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
    mounted_ = apart && mount("none", folder_.path().c_str(), "tmpfs", 0, options.c_str()) == 0;
  }
  ~SmallDisk() {
    if (mounted_) umount2(folder_.path().c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  /// False where it cannot be had; then the test is to be skipped with a message.
  explicit operator bool() const noexcept { return mounted_; }
  [[nodiscard]] const std::string& path() const noexcept { return folder_.path(); }
  [[nodiscard]] std::string operator/(std::string_view name) const { return folder_ / name; }

 private:
  TemporaryFolder folder_;
  bool mounted_ = false;
};

/// Makes this process an ordinary user for a while, where it is root.
class AsNobody {
 public:
  AsNobody() : changed_(geteuid() == 0 && seteuid(65534) == 0) {}
  ~AsNobody() {
    if (changed_ && seteuid(0) != 0) _exit(99);
  }
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;

 private:
  bool changed_;
};

}  // namespace algoctl::test
