#include "store/staging_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "base/text.h"

namespace algoctl {

StagingFile::StagingFile(std::string path)
    : fd_(open_file(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0600)), path_(std::move(path)) {}

StagingFile::~StagingFile() {
  if (fd_) unlink(path_.c_str());
}

void StagingFile::seal(mode_t mode) {
  if (fchmod(fd(), mode) != 0)
    throw_errno("cannot change the mode of " + quoted_path(path_), errno);
  sync_file(fd(), path_);
}

bool StagingFile::move_to_new(const std::string& path) {
  // By its descriptor, so that it is the file that was written, whatever has that name by now.
  const std::string self = "/proc/self/fd/" + std::to_string(fd());
  if (linkat(AT_FDCWD, self.c_str(), AT_FDCWD, path.c_str(), AT_SYMLINK_FOLLOW) == 0) {
    fd_ = Fd();
    unlink(path_.c_str());
    return true;
  }
  if (errno == EEXIST) return false;
  // No /proc, or a file system without hard links.
  if (renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) == 0) {
    fd_ = Fd();
    return true;
  }
  if (errno == EEXIST) return false;
  throw_errno("cannot make " + quoted_path(path), errno);
}

void StagingFile::move_over(const std::string& path) {
  if (rename(path_.c_str(), path.c_str()) != 0)
    throw_errno("cannot replace " + quoted_path(path), errno);
  fd_ = Fd();
}

}  // namespace algoctl
