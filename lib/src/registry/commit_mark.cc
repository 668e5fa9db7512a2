#include "registry/commit_mark.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "base/text.h"

namespace algoctl {
namespace {

constexpr char kSet = '1', kClear = '0';
constexpr std::int64_t kLongestTail = std::int64_t{64} << 20U;  // bytes; far more than a commit has
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

/// Bytes of the log from `offset` on; fewer where it ends, or cannot be read.
std::string read_at(const std::string& path, std::int64_t offset, std::size_t size) {
  const Fd file = open_file(log_of(path), O_RDONLY | O_NOFOLLOW);
  std::string bytes(size, '\0');
  const ssize_t got = ::pread(file.get(), bytes.data(), size, offset);
  bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return bytes;
}

/// How much of the log is from before.
std::int64_t kept_of(const Log& now, const Log& before) {
  return now.header == before.header ? before.size : 0;
}

void write_mark(const Fd& lock, char mark) noexcept {
  if (!lock) return;
  // One that cannot be written is missed after a kill alone.
  [[maybe_unused]] const ssize_t written = ::pwrite(lock.get(), &mark, 1, 0);
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

std::optional<Log> Log::of(const std::string& path) noexcept try {
  const auto info = stat_if_there(log_of(path));
  if (!info || info->st_size == 0) return Log();
  Log log{info->st_size, read_at(path, 0, kLogHeader)};
  if (log.header.size() < kLogHeader) return std::nullopt;
  return log;
} catch (const std::exception&) {
  return std::nullopt;
}

std::optional<Log> Log::since(const std::string& path, const Log& before) noexcept try {
  auto log = of(path);
  if (!log) return std::nullopt;
  const std::int64_t begin = kept_of(*log, before);
  const std::int64_t size = std::max<std::int64_t>(log->size - begin, 0);
  if (size > kLongestTail) return std::nullopt;
  log->tail = read_at(path, begin, static_cast<std::size_t>(size));
  if (static_cast<std::int64_t>(log->tail.size()) != size) return std::nullopt;
  return log;
} catch (const std::exception&) {
  return std::nullopt;
}

bool cut_log(const std::string& path, const std::optional<Log>& before,
             const std::optional<Log>& failed) noexcept {
  // Somebody else may have written in between: that is no longer ours to cut.
  if (!before || !failed || Log::since(path, *before) != failed) return false;
  const std::int64_t size = kept_of(*failed, *before);
  if (failed->size <= size) return true;
  const Fd file(::open(log_of(path).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  return file && ::ftruncate(file.get(), size) == 0 && ::fdatasync(file.get()) == 0;
}

}  // namespace algoctl
