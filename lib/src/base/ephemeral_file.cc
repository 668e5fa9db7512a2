#include "base/ephemeral_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "base/file.h"
#include "base/text.h"

namespace algoctl {

namespace {

constexpr std::string_view kDraft = ".algoctl-draft";

}  // namespace

std::optional<std::string> read_ephemeral_file(const std::string& path, std::size_t limit) {
  // O_NONBLOCK: somebody may have put a pipe there.
  const Fd file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat info {};
  if (!file || ::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
  if (info.st_size > static_cast<off_t>(limit)) return std::nullopt;
  std::string bytes(limit + 1, '\0');
  std::size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t got = ::read(file.get(), bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > limit) return std::nullopt;  // it grew
  bytes.resize(size);
  return bytes;
}

void replace_ephemeral_file(const std::string& path, std::string_view bytes) {
  const std::string folder = folder_of(path);
  const std::string draft = folder + "/." + name_of(path) + std::string(kDraft);
  ::unlink(draft.c_str());  // of one that was killed
  const Fd file = open_file(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, file_mode_in(folder));
  try {
    share_file(file.get(), draft, folder);
    write_all(file.get(), bytes, path);
    if (::rename(draft.c_str(), path.c_str()) != 0) {
      throw_errno("cannot replace " + quoted_path(path), errno);
    }
  } catch (...) {
    ::unlink(draft.c_str());
    throw;
  }
}

bool is_ephemeral_draft(std::string_view name) noexcept {
  return name.size() > kDraft.size() && name.front() == '.' &&
         name.substr(name.size() - kDraft.size()) == kDraft;
}

}  // namespace algoctl
