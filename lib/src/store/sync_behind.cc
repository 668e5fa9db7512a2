#include "store/sync_behind.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "algoctl/error.h"
#include "base/file.h"
#include "base/quiet_thread.h"
#include "base/text.h"

namespace algoctl {
namespace {

constexpr std::int64_t kSyncEach = std::int64_t{16} << 20U;

bool has_a_name(int fd) noexcept {
  struct stat info {};
  return fstat(fd, &info) == 0 && info.st_nlink > 0;
}

}  // namespace

SyncBehind::SyncBehind(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}

SyncBehind::~SyncBehind() {
  {
    const std::lock_guard lock(mutex_);
    due_ = false;
  }
  stop();
}

void SyncBehind::written(std::int64_t bytes) {
  waiting_ += bytes;
  if (waiting_ < kSyncEach) return;
  waiting_ = 0;
  if (!tried_) {
    tried_ = true;
    if (!has_a_name(fd_)) return;
    try {
      thread_ = quiet_thread([this] { run(); });
    } catch (const Error&) {
      return;  // the fsync at the end takes longer
    }
  }
  {
    const std::lock_guard lock(mutex_);
    due_ = true;
  }
  changed_.notify_all();
}

bool SyncBehind::has_failed() noexcept {
  stop();
  return errno_ != 0;
}

void SyncBehind::finish() {
  if (has_failed()) throw_errno("cannot write " + quoted_path(path_), errno_);
}

void SyncBehind::stop() noexcept {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void SyncBehind::run() noexcept {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return due_ || stopped_; });
    if (!due_) return;
    due_ = false;
    lock.unlock();
    const int error = fdatasync(fd_) == 0 ? 0 : errno;
    lock.lock();
    if (error == 0 || error == EINTR) continue;
    errno_ = error;
    return;
  }
}

}  // namespace algoctl
