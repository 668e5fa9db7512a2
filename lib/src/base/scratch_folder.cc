#include "base/scratch_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <memory>

#include "base/text.h"

namespace algoctl {
namespace {

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

void empty_folder(const std::string& path) {
  const std::unique_ptr<DIR, CloseFolder> folder(::opendir(path.c_str()));
  if (!folder) throw_errno("cannot read folder " + quoted(path), errno);
  while (const dirent* entry = ::readdir(folder.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") remove_tree(path + "/" + name);
  }
}

}  // namespace

ScratchFolder::ScratchFolder(const std::string& parent, const std::string& name)
    : path_(parent + "/" + name) {
  if (::mkdir(path_.c_str(), 0700) != 0 && errno != EEXIST) {
    throw_errno("cannot make the folder " + quoted(path_), errno);
  }
  if (take()) {
    empty_folder(path_);
  } else {
    path_ = make_temporary_folder(parent, name + "-");
  }
}

ScratchFolder::~ScratchFolder() { remove_tree(path_); }

/// True when nobody else works in the folder, and it is still the one of that name.
bool ScratchFolder::take() {
  lock_ = Fd(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!lock_ || ::flock(lock_.get(), LOCK_EX | LOCK_NB) != 0) return false;
  struct stat opened {};
  struct stat named {};
  return ::fstat(lock_.get(), &opened) == 0 && ::lstat(path_.c_str(), &named) == 0 &&
         opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

}  // namespace algoctl
