#include "store/source.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <thread>
#include <utility>

#include "algoctl/error.h"
#include "base/clock.h"
#include "base/text.h"
#include "store/stamps.h"

namespace algoctl {
namespace {

// How soon a stop is noticed while a stream has nothing to say.
constexpr int kLongestGrainMs = 20;
constexpr int kPollMs = 100;

struct stat look_at(int fd, const std::string& name) {
  struct stat info {};
  if (fstat(fd, &info) != 0) throw_errno("cannot look at " + name, errno);
  return info;
}

void require_regular(const struct stat& info, const std::string& name) {
  if (S_ISREG(info.st_mode)) return;
  if (S_ISDIR(info.st_mode)) throw Error(Code::usage, name + " is a folder, not a file");
  const char* kind = S_ISFIFO(info.st_mode)   ? "a pipe"
                     : S_ISSOCK(info.st_mode) ? "a socket"
                                              : "a device";
  throw Error(Code::usage, name + " is " + kind + ", not a regular file",
              "to store what a program writes, pipe it in and name the file -");
}

void require_running(const std::atomic<bool>* stop) {
  if (stop != nullptr && stop->load()) throw Error(Code::interrupted, "interrupted");
}

/// Waits until a stream has something to read, or has ended.
void wait_for(int fd, const std::atomic<bool>* stop) {
  struct pollfd wanted {
    fd, POLLIN, 0
  };
  // "Nothing yet", or a signal, after which read(2) would wait unheard.
  while (poll(&wanted, 1, kPollMs) <= 0) require_running(stop);
}

}  // namespace

ObjectSource ObjectSource::open(const std::string& path, Watch watch) {
  ObjectSource source;
  source.watch_ = watch;
  source.name_ = quoted_path(path);
  const auto there = stat_if_there(path);
  if (!there) {
    throw Error(Code::not_found, "no file " + source.name_,
                "check the path and the current folder");
  }
  require_regular(*there, source.name_);  // before the opening, which a device might notice
  source.owned_ = open_file(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  source.fd_ = source.owned_.get();
  source.take_stamp();
  posix_fadvise(source.fd_, 0, 0, POSIX_FADV_SEQUENTIAL);
  return source;
}

ObjectSource ObjectSource::stream(int fd, std::string name) {
  // Closed, or as good as that: nothing comes from it, and that is not a file without bytes.
  const int flags = fcntl(fd, F_GETFL);
  if (flags < 0 || (flags & O_ACCMODE) == O_WRONLY) {
    throw Error(Code::usage, name + " is closed", "pipe the bytes in, or redirect a file");
  }
  ObjectSource source;
  source.fd_ = fd;
  source.name_ = std::move(name);
  // A file that was redirected here is as good as one that was named.
  const bool is_file = S_ISREG(look_at(fd, source.name_).st_mode);
  if (is_file && lseek(fd, 0, SEEK_CUR) == 0) source.take_stamp();
  return source;
}

ObjectSource ObjectSource::section(int fd, std::int64_t offset, std::int64_t size,
                                   const Digest& digest, std::string name, std::string remedy) {
  ObjectSource source;
  source.fd_ = fd;
  source.name_ = std::move(name);
  source.section_ = Section{digest, std::move(remedy), offset, size};
  return source;
}

/// A file that was only just written is waited for, some milliseconds, until the clock has moved
/// on: then it need not be read again the next time.
void ObjectSource::take_stamp() {
  for (int i = 0;; ++i) {
    const std::int64_t clock = file_clock_ns();
    const struct stat info = look_at(fd_, name_);
    require_regular(info, name_);
    stamp_ = stamp_of(info);
    settled_ = stamp_is_settled(*stamp_, clock);
    const std::int64_t age = clock - std::max(stamp_->mtime_ns, stamp_->ctime_ns);
    if (settled_ || std::abs(age) > kLongestGrainMs * 1'000'000 || i == kLongestGrainMs) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

std::size_t ObjectSource::read(char* buffer, std::size_t size, const std::atomic<bool>* stop) {
  std::size_t done = 0;
  if (section_) size = std::min(size, static_cast<std::size_t>(section_->left));
  while (done < size) {
    require_running(stop);
    if (!stamp_ && !section_) wait_for(fd_, stop);
    const ssize_t got = section_ ? ::pread(fd_, buffer + done, size - done,
                                           section_->offset + static_cast<std::int64_t>(done))
                                 : ::read(fd_, buffer + done, size - done);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got < 0) throw_errno("cannot read " + name_, errno);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  if (section_) {
    section_->offset += static_cast<std::int64_t>(done);
    section_->left -= static_cast<std::int64_t>(done);
  }
  return done;
}

void ObjectSource::rewind() {
  if (::lseek(fd_, 0, SEEK_SET) != 0) throw_errno("cannot read " + name_, errno);
}

void ObjectSource::require_expected(const Digest& found) const {
  if (!section_ || section_->digest == found) return;
  throw Error(
      Code::integrity,
      name_ + " is damaged\n  expected: " + section_->digest.str() + "\n  found:    " + found.str(),
      section_->remedy);
}

void ObjectSource::require_unchanged(std::int64_t bytes_read) const {
  if (!stamp_) return;
  FileStamp now = stamp_of(look_at(fd_, name_));
  if (watch_ == Watch::bytes) now.ctime_ns = stamp_->ctime_ns;
  if (bytes_read == stamp_->size && now == *stamp_) return;
  throw Error(Code::storage, name_ + " changed while it was read",
              "try again once whatever writes it has finished");
}

}  // namespace algoctl
