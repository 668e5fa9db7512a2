#include "registry/side_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "algoctl/error.h"

namespace algoctl {

Fd open_side_file(const std::string& path, int flags) noexcept {
  flags |= O_CLOEXEC | O_NOFOLLOW;
  Fd file(::open(path.c_str(), flags));
  if (file || errno != ENOENT) return file;
  try {
    const mode_t mode = file_mode_in(folder_of(path));
    Fd made(::open(path.c_str(), flags | O_CREAT | O_EXCL, mode));
    if (made) share_file(made.get(), path, folder_of(path));
    if (made || errno != EEXIST) return made;
  } catch (const Error&) {
    return Fd();
  }
  return Fd(::open(path.c_str(), flags));
}

}  // namespace algoctl
