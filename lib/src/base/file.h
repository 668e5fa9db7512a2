#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace algoctl {

/// Owns a file descriptor; closes it in the end. Not copyable.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) noexcept : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd();

  [[nodiscard]] int get() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

/// What says, without reading, that a file is still the one that was read.
struct FileStamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t size = 0;      ///< bytes
  std::int64_t mtime_ns = 0;  ///< nanoseconds since 1970
  std::int64_t ctime_ns = 0;  ///< nanoseconds since 1970

  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

FileStamp stamp_of(const struct stat& info) noexcept;

/// When the file was last written: milliseconds since 1970.
std::int64_t modified_ms(const struct stat& info) noexcept;

/// Throws Error{storage} `WHAT: strerror(error)`, with a hint for a full disk, a quota, a read-only
/// file system and a missing permission.
[[noreturn]] void throw_errno(const std::string& what, int error);

/// Opens with O_CLOEXEC, again after EINTR. Throws by throw_errno("cannot open 'PATH'").
Fd open_file(const std::string& path, int flags, mode_t mode = 0);

/// stat(2), or nullopt when nothing is there (ENOENT, ENOTDIR). Throws Error{storage} otherwise.
std::optional<struct stat> stat_if_there(const std::string& path);

/// The whole file, or nullopt when it is not there. Throws Error{storage}; Error{usage} for a
/// folder or for more than `limit` bytes.
std::optional<std::string> read_file(const std::string& path, std::int64_t limit);

/// Writes all of `bytes`, again after short writes and EINTR. Throws Error{storage}.
void write_all(int fd, std::string_view bytes, const std::string& path);

/// fsync(2). Throws Error{storage}.
void sync_file(int fd, const std::string& path);
void sync_folder(const std::string& path);
/// Both for a file that is there: whoever wrote it may have been killed before that.
void sync_named(const std::string& path);

/// Makes a file visible under its name at once, durable, and never half: temporary file beside it,
/// write, fsync, rename, fsync of the folder. A file that is there gives its mode (and owner, where
/// allowed); a new one takes its folder's bits. A symbolic link is followed: its target is
/// replaced. Throws Error{storage} and leaves what was there.
/// With Sync::bytes the fsync of the folder is left out: a power cut may bring the old file back.
enum class Sync { bytes_and_name, bytes };
void replace_file(const std::string& path, std::string_view bytes,
                  Sync sync = Sync::bytes_and_name);

/// Makes a folder and its parents. In a setgid folder, which is how a group shares one, a
/// new folder has its parent's mode, setgid included, whatever the umask; elsewhere the parent's
/// mode without write for others than the owner, less the umask. Never less than 0700. Throws
/// Error{storage}. With Durable::no a power cut may take them away again.
enum class Durable { yes, no };
void make_folders(const std::string& path, Durable durable = Durable::yes);

/// The path, or the nearest folder above it, that is there.
std::string existing_parent(std::string path);

/// Throws what make_folders and then a new file in the folder would, as far as that can be told
/// without writing.
void foresee_folder(const std::string& path);

/// Makes one folder, elsewhere, with the mode that `make_folders` gives a new one in `parent`.
/// Throws Error{storage}.
void make_folder_as_in(const std::string& parent, const std::string& path);

/// The mode that a new file in this folder gets: the folder's read and write bits, at least 0600.
/// Write for others than the owner only where the folder is setgid; there it is to be set whatever
/// the umask.
mode_t file_mode_in(const std::string& folder);

/// Gives a new file in a setgid folder the folder's bits, whatever the umask; elsewhere open(2) has
/// asked the umask, and nothing is done. Throws Error{storage}.
void share_file(int fd, const std::string& path, const std::string& folder);

/// Makes a private folder `PARENT/PREFIXxxxxxxxx`, mode 0700 plus the parent's bits. Returns its
/// path.
std::string make_temporary_folder(const std::string& parent, const std::string& prefix);

/// Calls `visit` with the name of everything in a folder but `.` and `..`, in no order; nothing
/// when there is no folder. Throws Error{storage}.
void visit_folder(const std::string& path, const std::function<void(const std::string&)>& visit);

/// Removes a file or a folder with all in it, not following links. Silent when not there, or
/// refused.
void remove_tree(const std::string& path) noexcept;

/// Absolute and lexically normal; does not ask the file system but for the current folder.
std::string absolute_path(const std::string& path);

/// The part before the last `/`; `.` when there is none.
std::string folder_of(const std::string& path);
/// The part after the last `/`.
std::string name_of(const std::string& path);

}  // namespace algoctl
