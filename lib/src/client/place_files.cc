#include "client/place_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "algoctl/error.h"
#include "base/below.h"
#include "base/file.h"
#include "base/text.h"

namespace algoctl {
namespace {

bool rename_by(const std::string& from, int folder, const std::string& name, unsigned how) {
  return ::renameat2(AT_FDCWD, from.c_str(), folder, name.c_str(), how) == 0;
}

/// What a file system or a kernel says that knows no such rename.
bool is_unknown(int error) { return error == EINVAL || error == ENOSYS; }

/// The folder of a file, made when it is not there. A link on the way is refused before anything is
/// made behind it.
Fd folder_for(const Place& place) {
  try {
    return open_folder_below(place.root, place.relative);
  } catch (const Error& error) {
    if (error.code() != Code::storage) throw;
  }
  make_folders(folder_of(place.path()));
  return open_folder_below(place.root, place.relative);
}

/// Files that get their names: all of them, or, unless `keep` is called, none.
class Placing {
 public:
  Placing() = default;
  Placing(const Placing&) = delete;
  Placing& operator=(const Placing&) = delete;
  ~Placing() {
    for (auto it = changes_.rbegin(); it != changes_.rend(); ++it) {
      if (it->old.empty()) {
        ::unlinkat(it->folder.get(), it->name.c_str(), 0);
      } else {
        static_cast<void>(rename_by(it->old, it->folder.get(), it->name, 0));
      }
    }
  }

  /// At no instant is nothing there where something was, but on a file system that can neither
  /// exchange two names nor give a file a second one.
  void place(const ReadyFile& file) {
    Fd folder = folder_for(file.place);
    const std::string name = name_of(file.place.relative);
    std::string old = file.staged;
    if (!rename_by(file.staged, folder.get(), name, RENAME_EXCHANGE)) {
      old = file.staged + ".old";
      const bool aside = is_unknown(errno) && set_aside(folder.get(), name, old);
      if (!aside && errno != ENOENT)
        throw_errno("cannot write " + quoted(file.place.path()), errno);
      if (!aside) old.clear();
      if (!rename_by(file.staged, folder.get(), name, 0)) {
        const int error = errno;
        if (aside) static_cast<void>(rename_by(old, folder.get(), name, 0));
        throw_errno("cannot write " + quoted(file.place.path()), error);
      }
    }
    changes_.push_back({std::move(folder), name, old, file.place.path()});
  }

  void sync() const {
    for (const Change& change : changes_) {
      const Fd folder(::openat(change.folder.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
      if (!folder) throw_errno("cannot open the folder of " + quoted(change.path), errno);
      sync_file(folder.get(), folder_of(change.path));
    }
  }

  void keep() noexcept { changes_.clear(); }

 private:
  struct Change {
    Fd folder;
    std::string name;
    std::string old;   // where what was there is now; empty when nothing was
    std::string path;  // what errors call it
  };

  /// False with errno when it cannot be done, or nothing is there.
  static bool set_aside(int folder, const std::string& name, const std::string& old) {
    return ::linkat(folder, name.c_str(), AT_FDCWD, old.c_str(), 0) == 0 ||
           ::renameat(folder, name.c_str(), AT_FDCWD, old.c_str()) == 0;
  }

  std::vector<Change> changes_;
};

}  // namespace

void place_files(const std::vector<ReadyFile>& files) {
  Placing placing;
  for (const ReadyFile& file : files) placing.place(file);
  placing.sync();
  placing.keep();
}

bool place_folder(const std::string& staged, const std::string& path) {
  const bool done = rename_by(staged, AT_FDCWD, path, RENAME_NOREPLACE) ||
                    (is_unknown(errno) && std::rename(staged.c_str(), path.c_str()) == 0);
  if (!done && (errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR)) return false;
  if (!done) throw_errno("cannot write folder " + quoted(path), errno);
  try {
    sync_folder(folder_of(path));
  } catch (...) {
    static_cast<void>(std::rename(path.c_str(), staged.c_str()));
    throw;
  }
  return true;
}

}  // namespace algoctl
