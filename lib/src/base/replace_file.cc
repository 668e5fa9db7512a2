#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "algoctl/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"

namespace algoctl {
namespace {

constexpr int kMostLinks = 40;
constexpr std::size_t kLongestName = 255;

/// lstat(2), or nullopt when nothing is there.
std::optional<struct stat> look_at(const std::string& path) {
  struct stat info {};
  if (lstat(path.c_str(), &info) == 0) return info;
  if (errno == ENOENT) return std::nullopt;
  throw_errno("cannot look at " + quoted_path(path), errno);
}

std::string link_target(const std::string& path) {
  std::string target(4096, '\0');
  const ssize_t size = readlink(path.c_str(), target.data(), target.size());
  if (size < 0) throw_errno("cannot read the symbolic link " + quoted_path(path), errno);
  target.resize(static_cast<std::size_t>(size));
  return starts_with(target, "/") ? target : folder_of(path) + "/" + target;
}

/// Where the symbolic links of `path` end, even when nothing is there.
std::string follow(std::string path) {
  for (int i = 0; i < kMostLinks; ++i) {
    const auto info = look_at(path);
    if (!info || !S_ISLNK(info->st_mode)) return path;
    path = link_target(path);
  }
  throw_errno("cannot follow " + quoted_path(path), ELOOP);
}

bool is_still_file(int fd, const std::string& path) {
  struct stat opened {};
  const auto named = look_at(path);
  if (fstat(fd, &opened) != 0) throw_errno("cannot look at " + quoted_path(path), errno);
  return named && named->st_dev == opened.st_dev && named->st_ino == opened.st_ino &&
         opened.st_nlink == 1 && S_ISREG(opened.st_mode) && opened.st_uid == geteuid();
}

struct Temporary {
  Fd fd;
  std::string path;
};

/// Whether this process may take the file for its own, or for what a killed one left: it is locked
/// by nobody else, and still the one of that name.
bool take(const Fd& fd, const std::string& path) {
  return fd && flock(fd.get(), LOCK_EX | LOCK_NB) == 0 && is_still_file(fd.get(), path);
}

/// A new, empty file beside `path`. Its name is always the same, so that what a killed process left
/// is found and removed by the next one. The name is only touched under the file's lock, so a live
/// process keeps it; the second one takes a name of its own.
Temporary temporary_beside(const std::string& path, mode_t mode) {
  std::string name = folder_of(path) + "/." + name_of(path) + ".algoctl-tmp";
  if (name_of(name).size() > kLongestName) name = folder_of(path) + "/.algoctl-tmp";
  constexpr int kNew = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC;
  constexpr int kLeft = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  for (int i = 0; i < 2; ++i) {
    Fd fd(::open(name.c_str(), kNew, mode));
    if (take(fd, name)) return {std::move(fd), name};
    // Where files cannot be locked, nobody else could take it for one that was left.
    if (fd && flock(fd.get(), LOCK_EX | LOCK_NB) != 0 && errno != EWOULDBLOCK) {
      unlink(name.c_str());
      break;
    }
    if (fd || errno != EEXIST) break;
    const Fd left(::open(name.c_str(), kLeft));
    if (!take(left, name)) break;
    unlink(name.c_str());
  }
  name = folder_of(path) + "/.algoctl-" + to_hex(random_bytes(8));
  return {open_file(name, kNew, mode), name};
}

/// Gives the new file the mode and the owner of the one it replaces, or those of a new one.
void dress(int fd, const std::string& path, const std::optional<struct stat>& old) {
  if (old) {
    struct stat mine {};
    if (fstat(fd, &mine) != 0) throw_errno("cannot look at " + quoted_path(path), errno);
    const bool other_owner = old->st_uid != mine.st_uid || old->st_gid != mine.st_gid;
    // Only root may give files away; a member of the group may keep the group. Otherwise the new
    // file is its writer's, as every editor would leave it.
    if (other_owner && fchown(fd, old->st_uid, old->st_gid) != 0) {
      [[maybe_unused]] const int refused = fchown(fd, static_cast<uid_t>(-1), old->st_gid);
    }
  }
  if (!old) return share_file(fd, path, folder_of(path));
  if (fchmod(fd, old->st_mode & 07777) != 0) {
    throw_errno("cannot change the mode of " + quoted_path(path), errno);
  }
}

}  // namespace

void replace_file(const std::string& path, std::string_view bytes, Sync sync) {
  const std::string target = follow(path);
  const auto old = look_at(target);
  if (old && !S_ISREG(old->st_mode)) {
    throw Error(Code::storage,
                "cannot replace " + quoted_path(target) + ": it is not a regular file");
  }
  // What is there may be private: so is the new file, until it has the old one's mode.
  const Temporary temporary =
      temporary_beside(target, old ? mode_t{0600} : file_mode_in(folder_of(target)));
  try {
    write_all(temporary.fd.get(), bytes, target);
    dress(temporary.fd.get(), target, old);
    sync_file(temporary.fd.get(), target);
    if (rename(temporary.path.c_str(), target.c_str()) != 0) {
      throw_errno("cannot replace " + quoted_path(target), errno);
    }
  } catch (...) {
    unlink(temporary.path.c_str());
    throw;
  }
  if (sync == Sync::bytes_and_name) sync_folder(folder_of(target));
}

}  // namespace algoctl
