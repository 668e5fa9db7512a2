#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "algoctl/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"

namespace algoctl {
namespace {

constexpr mode_t kWriteOfOthers = 0022;

struct stat look_at_folder(const std::string& path) {
  const auto info = stat_if_there(path);
  if (!info) throw_errno("cannot look at " + quoted_path(path), ENOENT);
  if (!S_ISDIR(info->st_mode))
    throw_errno("cannot use " + quoted_path(path) + " as a folder", ENOTDIR);
  return *info;
}

/// A setgid folder is one that a group shares: what is made in it gets its bits, whatever the
/// umask. In any other one the umask counts as usual, and /tmp's bits must not make our folders
/// everybody's.
bool is_shared(const struct stat& folder) noexcept { return (folder.st_mode & S_ISGID) != 0; }

mode_t folder_mode_in(const struct stat& parent) noexcept {
  if (is_shared(parent)) return (parent.st_mode & 02777) | 0700;
  return (parent.st_mode & 0777 & ~kWriteOfOthers) | 0700;
}

void share_folder(const std::string& path, const struct stat& parent) {
  if (is_shared(parent) && chmod(path.c_str(), folder_mode_in(parent)) != 0) {
    throw_errno("cannot change the mode of " + quoted_path(path), errno);
  }
}

void remove_entry(int folder, const char* name) noexcept;

void remove_entries(int folder) noexcept {
  DIR* entries = fdopendir(folder);
  if (entries == nullptr) {
    ::close(folder);
    return;
  }
  while (const dirent* entry = readdir(entries)) {
    const char* name = entry->d_name;
    if (std::strcmp(name, ".") != 0 && std::strcmp(name, "..") != 0) {
      remove_entry(dirfd(entries), name);
    }
  }
  closedir(entries);
}

void remove_entry(int folder, const char* name) noexcept {
  if (unlinkat(folder, name, 0) == 0 || (errno != EISDIR && errno != EPERM)) return;
  const int inner = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (inner >= 0) remove_entries(inner);
  unlinkat(folder, name, AT_REMOVEDIR);
}

}  // namespace

void make_folders(const std::string& path, Durable durable) {
  if (const auto there = stat_if_there(path); there && S_ISDIR(there->st_mode)) return;
  const std::string parent = folder_of(path);
  if (parent != path && parent != ".") make_folders(parent, durable);
  const struct stat parent_info = look_at_folder(parent);
  if (mkdir(path.c_str(), folder_mode_in(parent_info)) == 0) {
    share_folder(path, parent_info);
  } else if (errno == EEXIST) {
    look_at_folder(path);  // another process made it just now
  } else {
    throw_errno("cannot make folder " + quoted_path(path), errno);
  }
  if (durable == Durable::yes) sync_folder(parent);
}

std::string existing_parent(std::string path) {
  while (path != "/" && path != "." && !stat_if_there(path)) path = folder_of(path);
  return path;
}

void foresee_folder(const std::string& path) {
  const std::string there = existing_parent(path);
  look_at_folder(there);
  if (::access(there.c_str(), W_OK | X_OK) == 0) return;
  throw_errno(
      (there == path ? "cannot write in folder " : "cannot make folder ") + quoted_path(path),
      errno);
}

void make_folder_as_in(const std::string& parent, const std::string& path) {
  const struct stat info = look_at_folder(parent);
  if (mkdir(path.c_str(), folder_mode_in(info)) != 0) {
    throw_errno("cannot make folder " + quoted_path(path), errno);
  }
  share_folder(path, info);
}

void share_file(int fd, const std::string& path, const std::string& folder) {
  const auto info = stat_if_there(folder);
  if (!info || !is_shared(*info)) return;
  if (fchmod(fd, file_mode_in(folder)) != 0) {
    throw_errno("cannot change the mode of " + quoted_path(path), errno);
  }
}

mode_t file_mode_in(const std::string& folder) {
  return (folder_mode_in(look_at_folder(folder)) & 0666) | 0600;
}

std::string make_temporary_folder(const std::string& parent, const std::string& prefix) {
  const struct stat info = look_at_folder(parent);
  for (;;) {
    std::string path = parent + "/" + prefix + to_hex(random_bytes(4));
    if (mkdir(path.c_str(), 0700) == 0) {
      share_folder(path, info);
      return path;
    }
    if (errno != EEXIST) throw_errno("cannot make folder " + quoted_path(path), errno);
  }
}

void visit_folder(const std::string& path, const std::function<void(const std::string&)>& visit) {
  DIR* const opened = opendir(path.c_str());
  if (opened == nullptr && (errno == ENOENT || errno == ENOTDIR)) return;
  if (opened == nullptr) throw_errno("cannot read folder " + quoted_path(path), errno);
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(opened, closedir);
  while (const dirent* entry = readdir(opened)) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") visit(name);
  }
}

void remove_tree(const std::string& path) noexcept { remove_entry(AT_FDCWD, path.c_str()); }

}  // namespace algoctl
