#include "base/below.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "algoctl/error.h"
#include "base/text.h"

namespace algoctl {

Fd open_folder_below(const std::string& root, const std::string& relative) {
  Fd folder = open_file(root, O_PATH | O_DIRECTORY);
  std::size_t begin = 0;
  for (std::size_t slash; (slash = relative.find('/', begin)) != std::string::npos;
       begin = slash + 1) {
    const std::string name = relative.substr(begin, slash - begin);
    Fd next(::openat(folder.get(), name.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!next) {
      const int error = errno;
      const std::string path = quoted_path(root + "/" + relative.substr(0, slash));
      struct stat info {};
      if (::fstatat(folder.get(), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0 &&
          S_ISLNK(info.st_mode)) {
        throw Error(Code::usage, path + " is a link to a folder", "name that folder itself");
      }
      throw_errno("cannot open folder " + path, error);
    }
    folder = std::move(next);
  }
  return folder;
}

void require_below(int fd, const std::string& root, const std::string& relative) {
  const Fd folder = open_folder_below(root, relative);
  struct stat opened {
  }, named{};
  const std::string name = name_of(relative);
  const bool same = ::fstat(fd, &opened) == 0 &&
                    ::fstatat(folder.get(), name.c_str(), &named, 0) == 0 &&
                    opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
  if (same) return;
  throw Error(Code::storage, quoted_path(root + "/" + relative) + " changed while it was opened",
              "try again once whatever moves it has finished");
}

}  // namespace algoctl
