#include "registry/commit_mark.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

namespace algoctl {
namespace {

constexpr char kSet = '1', kClear = '0';
constexpr std::size_t kLogHeader = 32;  // sqlite.org/fileformat2.html, "WAL File Format"

std::string log_of(const std::string& path) { return path + "-wal"; }

bool is_set(const Fd& lock) noexcept {
  char mark = kClear;
  return lock && ::pread(lock.get(), &mark, 1, 0) == 1 && mark == kSet;
}

void sync_log(const std::string& path) {
  const std::string log = log_of(path);
  const Fd file(::open(log.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (file) sync_file(file.get(), log);
}

void write_mark(const Fd& lock, char mark) noexcept {
  // One that cannot be written is missed after a kill alone.
  if (lock) [[maybe_unused]]
    const ssize_t written = ::pwrite(lock.get(), &mark, 1, 0);
}

}  // namespace

void commit_mark::settle(const std::string& path) {
  const std::string lock = path + ".lock";
  if (is_set(Fd(::open(lock.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)))) sync_log(path);
}

void commit_mark::settle_and_clear(const std::string& path, const Fd& lock) {
  if (!is_set(lock)) return;
  sync_log(path);
  clear(lock);
}

void commit_mark::set(const Fd& lock) noexcept { write_mark(lock, kSet); }

void commit_mark::clear(const Fd& lock) noexcept { write_mark(lock, kClear); }

LogEnd LogEnd::of(const std::string& path) noexcept try {
  const Fd file(::open(log_of(path).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  LogEnd end;
  struct stat info {};
  if (!file || ::fstat(file.get(), &info) != 0) return end;
  end.size = info.st_size;
  end.header.resize(kLogHeader);
  const ssize_t got = ::pread(file.get(), end.header.data(), kLogHeader, 0);
  end.header.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return end;
} catch (const std::exception&) {
  return {};
}

void cut_log(const std::string& path, const LogEnd& end) noexcept {
  const Fd file(::open(log_of(path).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  const LogEnd now = LogEnd::of(path);
  const std::int64_t size = now.header == end.header ? end.size : 0;
  if (!file || now.size <= size) return;
  [[maybe_unused]] const bool cut =
      ::ftruncate(file.get(), size) == 0 && ::fdatasync(file.get()) == 0;
}

}  // namespace algoctl
