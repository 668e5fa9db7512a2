#include "base/scratch_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <memory>

#include "base/text.h"

namespace algoctl {
namespace {

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

Fd open_folder(const std::string& path) noexcept {
  return Fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

/// True when the folder that was opened is the one of this name.
bool is_still_folder(const Fd& fd, const std::string& path) {
  struct stat opened {};
  struct stat named {};
  return ::fstat(fd.get(), &opened) == 0 && ::lstat(path.c_str(), &named) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

}  // namespace

ScratchFolder::ScratchFolder(const std::string& parent, const std::string& prefix) {
  sweep_scratch_folders(parent, prefix);
  do {
    path_ = make_temporary_folder(parent, prefix);
    lock_ = open_folder(path_);
    // Waits at most for one that takes it for abandoned and removes it. A file system that knows no
    // such lock has nobody who does.
    if (lock_) static_cast<void>(::flock(lock_.get(), LOCK_EX));
  } while (lock_ ? !is_still_folder(lock_, path_) : !stat_if_there(path_));
}

ScratchFolder::~ScratchFolder() { remove_tree(path_); }

void sweep_scratch_folders(const std::string& parent, const std::string& prefix) noexcept try {
  const std::unique_ptr<DIR, CloseFolder> folder(::opendir(parent.c_str()));
  while (const dirent* entry = folder ? ::readdir(folder.get()) : nullptr) {
    if (!starts_with(entry->d_name, prefix)) continue;
    const std::string path = parent + "/" + entry->d_name;
    const Fd lock = open_folder(path);
    if (lock && ::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) remove_tree(path);
  }
} catch (...) {
  // The next one removes it.
}

}  // namespace algoctl
