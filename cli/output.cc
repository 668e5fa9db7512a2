#include "output.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/file.h"

namespace algoctl::cli {

namespace {

constexpr std::size_t kBufferSize = 64 << 10;

}  // namespace

void Output::write(std::string_view bytes) {
  if (closed_) return;
  buffer_ += bytes;
  if (buffer_.size() >= kBufferSize) flush();
}

void Output::line(std::string_view text) {
  write(text);
  write("\n");
}

void Output::look_for_reader() noexcept {
  pollfd pipe{fd_, 0, 0};
  closed_ = closed_ || (::poll(&pipe, 1, 0) == 1 && (pipe.revents & POLLERR) != 0);
}

void Output::flush() {
  // Taken out first: after a failure the same bytes must not be tried again.
  const std::string bytes = std::exchange(buffer_, {});
  std::string_view left = bytes;
  while (!left.empty() && !closed_) {
    const ssize_t written = ::write(fd_, left.data(), left.size());
    if (written >= 0) {
      left.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EPIPE) {
      closed_ = true;
    } else if (errno != EINTR) {
      throw_errno("cannot write to stdout", errno);
    }
  }
}

void open_standard_files() {
  for (int fd = 0; fd <= 2; ++fd) {
    // open(2) takes the lowest number that is free, which is this one.
    // Who reads a closed standard input is told so, and not that it has ended.
    const int access = fd == 0 ? O_WRONLY : O_RDWR;
    if (::fcntl(fd, F_GETFD) < 0 && errno == EBADF) (void)::open("/dev/null", access);
  }
}

}  // namespace algoctl::cli
