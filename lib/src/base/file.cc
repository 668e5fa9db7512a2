#include "base/file.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <vector>

#include "algoctl/error.h"
#include "base/text.h"

namespace algoctl {
namespace {

std::string hint_for(int error) {
  switch (error) {
    case ENOSPC: return "free some space on the disk, or choose another place";
    case EDQUOT: return "free some space: the disk quota is used up";
    case EROFS: return "the file system is mounted read-only: choose another place, or remount it";
    case EACCES:
    case EPERM: return "check the owner and the mode of it and of the folders above it";
    case ENAMETOOLONG: return "choose a shorter path";
    case ELOOP: return "a symbolic link on the way leads back to itself, or may not be followed";
    case ENOTDIR: return "a part of the path is a file, not a folder";
    case EMFILE:
    case ENFILE: return "too many files are open: raise the limit (ulimit -n)";
    case EFBIG: return "the file system or a limit (ulimit -f) does not allow a file of this size";
    case EIO: return "the disk reports a failure: see the log of the system";
    default: return {};
  }
}

std::int64_t nanoseconds(const struct timespec& time) noexcept {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

int sync_descriptor(int fd) noexcept {
  // Again only after EINTR: after EIO the kernel drops the dirty pages, and a second fsync would
  // say that all is well.
  int result = 0;
  do {
    result = fsync(fd);
  } while (result != 0 && errno == EINTR);
  return result == 0 ? 0 : errno;
}

/// A pipe without a name, such as a shell's `<(COMMAND)`: its writer is there, or has been.
bool has_no_name(int pipe) noexcept {
  struct statfs info {};
  return fstatfs(pipe, &info) == 0 && info.f_type == PIPEFS_MAGIC;
}

/// Throws unless it is what read(2) gives the bytes of. Reads wait again from here on.
void require_readable(int fd, const std::string& path) {
  struct stat info {};
  if (fstat(fd, &info) != 0) throw_errno("cannot look at " + quoted_path(path), errno);
  if (S_ISDIR(info.st_mode))
    throw Error(Code::usage, quoted_path(path) + " is a folder, not a file");
  if (S_ISFIFO(info.st_mode) && !has_no_name(fd))
    throw Error(Code::usage, quoted_path(path) + " is a named pipe, not a file");
  if (!S_ISREG(info.st_mode)) fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
}

}  // namespace

Fd::~Fd() {
  if (fd_ >= 0) ::close(fd_);
}

FileStamp stamp_of(const struct stat& info) noexcept {
  return {static_cast<std::uint64_t>(info.st_dev), static_cast<std::uint64_t>(info.st_ino),
          std::int64_t{info.st_size}, nanoseconds(info.st_mtim), nanoseconds(info.st_ctim)};
}

std::int64_t modified_ms(const struct stat& info) noexcept {
  return std::int64_t{info.st_mtim.tv_sec} * 1000 + info.st_mtim.tv_nsec / 1'000'000;
}

void throw_errno(const std::string& what, int error) {
  throw Error(Code::storage, what + ": " + std::generic_category().message(error), hint_for(error));
}

Fd open_file(const std::string& path, int flags, mode_t mode) {
  for (;;) {
    Fd fd(::open(path.c_str(), flags | O_CLOEXEC, mode));
    if (fd) return fd;
    if (errno != EINTR) throw_errno("cannot open " + quoted_path(path), errno);
  }
}

std::optional<struct stat> stat_if_there(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) == 0) return info;
  if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
  throw_errno("cannot look at " + quoted_path(path), errno);
}

std::optional<std::string> read_file(const std::string& path, std::int64_t limit) {
  // A pipe with a name would have us wait here for somebody who writes to it, deaf to signals.
  constexpr int kFlags = O_RDONLY | O_NONBLOCK | O_NOCTTY;
  Fd fd(::open(path.c_str(), kFlags | O_CLOEXEC));
  if (!fd && (errno == ENOENT || errno == ENOTDIR)) return std::nullopt;
  if (!fd) fd = open_file(path, kFlags);
  require_readable(fd.get(), path);

  std::string bytes;
  std::vector<char> buffer(std::size_t{64} << 10U);
  for (;;) {
    const ssize_t got = ::read(fd.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw_errno("cannot read " + quoted_path(path), errno);
    if (got == 0) return bytes;
    bytes.append(buffer.data(), static_cast<std::size_t>(got));
    if (static_cast<std::int64_t>(bytes.size()) > limit) {
      throw Error(Code::usage,
                  quoted_path(path) + " has more than " + std::to_string(limit) + " bytes");
    }
  }
}

void write_all(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw_errno("cannot write " + quoted_path(path), errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void sync_file(int fd, const std::string& path) {
  if (const int error = sync_descriptor(fd))
    throw_errno("cannot write " + quoted_path(path), error);
}

void sync_folder(const std::string& path) {
  const Fd fd = open_file(path, O_RDONLY | O_DIRECTORY);
  const int error = sync_descriptor(fd.get());
  // Some file systems have nothing to write for a folder and say so by EINVAL.
  if (error != 0 && error != EINVAL) throw_errno("cannot write folder " + quoted_path(path), error);
}

void sync_named(const std::string& path) {
  sync_file(open_file(path, O_RDONLY | O_NONBLOCK).get(), path);
  sync_folder(folder_of(path));
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string name_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

std::string absolute_path(const std::string& path) {
  std::string whole = path;
  if (!starts_with(path, "/")) {
    char* current = getcwd(nullptr, 0);
    if (current == nullptr) throw_errno("cannot find the current folder", errno);
    whole = std::string(current) + "/" + path;
    free(current);
  }
  std::string out;
  for (const std::string& part : split(whole, '/')) {
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      out.resize(out.empty() ? 0 : out.rfind('/'));
    } else {
      out += "/" + part;
    }
  }
  return out.empty() ? "/" : out;
}

}  // namespace algoctl
