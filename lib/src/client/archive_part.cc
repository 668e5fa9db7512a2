#include "client/archive_part.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "algoctl/error.h"
#include "base/text.h"
#include "base/wait.h"

namespace algoctl {
namespace {

/// Where the links of a path that is there lead.
std::string final_path(const std::string& path) {
  const auto info = stat_if_there(path);
  if (info && !S_ISREG(info->st_mode)) {
    throw Error(Code::usage, quoted_path(path) + " is no regular file, and no place for an export",
                "name a file with -o");
  }
  char* found = info ? realpath(path.c_str(), nullptr) : nullptr;
  std::string target = found != nullptr ? found : absolute_path(path);
  free(found);
  return target;
}

/// True when the file that was opened and locked still has its name: whoever held the lock before
/// may have published or removed it.
bool is_still(const Fd& fd, const std::string& path) {
  struct stat opened {};
  struct stat named {};
  return fstat(fd.get(), &opened) == 0 && lstat(path.c_str(), &named) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino &&
         S_ISREG(opened.st_mode) && opened.st_nlink == 1;
}

std::string folder_for(const std::string& target) {
  std::string folder = folder_of(target);
  if (const auto info = stat_if_there(folder); !info || !S_ISDIR(info->st_mode)) {
    throw Error(Code::storage, "there is no folder " + quoted_path(folder),
                "make it, or name another file with -o");
  }
  return folder;
}

}  // namespace

void check_export_path(const std::string& path) { static_cast<void>(folder_for(final_path(path))); }

PartFile::PartFile(const std::string& path, const RewriteOptions& options)
    : target_(final_path(path)),
      part_(folder_of(target_) + "/." + name_of(target_) + ".algoctl-part") {
  const std::string folder = folder_for(target_);
  Wait wait(options.timeout, options.stop, "the export");
  for (;;) {
    fd_ = open_file(part_, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, file_mode_in(folder));
    // A file system without such locks has nobody who waits for one.
    const bool mine = ::flock(fd_.get(), LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
    if (mine && is_still(fd_, part_)) return;
    if (!wait.again()) {
      throw Error(Code::busy, quoted_path(target_) + " is still written by another process",
                  "try again, or wait longer with --timeout");
    }
  }
}

void PartFile::publish() {
  share_file(fd(), part_, folder_of(part_));
  sync_file(fd(), part_);
  if (rename(part_.c_str(), target_.c_str()) != 0) {
    throw_errno("cannot write " + quoted_path(target_), errno);
  }
  sync_folder(folder_of(target_));
}

void PartFile::discard() noexcept { unlink(part_.c_str()); }

}  // namespace algoctl
