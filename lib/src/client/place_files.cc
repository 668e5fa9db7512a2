#include "client/place_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <set>

#include "base/file.h"
#include "base/text.h"

namespace algoctl {
namespace {

bool rename_by(const std::string& from, const std::string& to, unsigned how) {
  return ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), how) == 0;
}

/// What a file system or a kernel says that knows no such rename.
bool is_unknown(int error) { return error == EINVAL || error == ENOSYS; }

/// Files that get their names: all of them, or, unless `keep` is called, none.
class Placing {
 public:
  Placing() = default;
  Placing(const Placing&) = delete;
  Placing& operator=(const Placing&) = delete;
  ~Placing() {
    for (auto it = changes_.rbegin(); it != changes_.rend(); ++it) {
      if (it->old.empty()) {
        ::unlink(it->path.c_str());
      } else {
        static_cast<void>(std::rename(it->old.c_str(), it->path.c_str()));
      }
    }
  }

  /// At no instant is nothing there where something was, but on a file system that can neither
  /// exchange two names nor give a file a second one.
  void place(const ReadyFile& file) {
    make_folders(folder_of(file.path));
    if (rename_by(file.staged, file.path, RENAME_EXCHANGE)) {
      changes_.push_back({file.path, file.staged});
      return;
    }
    const bool aside = is_unknown(errno) && set_aside(file.path, file.staged + ".old");
    if ((!aside && errno != ENOENT) || std::rename(file.staged.c_str(), file.path.c_str()) != 0) {
      throw_errno("cannot write " + quoted(file.path), errno);
    }
    if (!aside) changes_.push_back({file.path, ""});
  }

  void keep() noexcept { changes_.clear(); }

 private:
  struct Change {
    std::string path;
    std::string old;  // where what was there is now; empty when nothing was
  };

  /// False with errno when it cannot be done, or nothing is there.
  bool set_aside(const std::string& path, const std::string& old) {
    const bool done =
        ::link(path.c_str(), old.c_str()) == 0 || std::rename(path.c_str(), old.c_str()) == 0;
    if (done) changes_.push_back({path, old});
    return done;
  }

  std::vector<Change> changes_;
};

}  // namespace

void place_files(const std::vector<ReadyFile>& files) {
  Placing placing;
  std::set<std::string> folders;
  for (const ReadyFile& file : files) {
    placing.place(file);
    folders.insert(folder_of(file.path));
  }
  for (const std::string& changed : folders) sync_folder(changed);
  placing.keep();
}

bool place_folder(const std::string& staged, const std::string& path) {
  const bool done = rename_by(staged, path, RENAME_NOREPLACE) ||
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
