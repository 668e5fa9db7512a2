#include "base/folder_watch.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "algoctl/error.h"

namespace algoctl {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kHappenings =
    IN_ATTRIB | IN_CREATE | IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF | IN_ONLYDIR;

}  // namespace

FolderWatch::FolderWatch(std::string folder, std::function<bool(std::string_view)> heeds)
    : folder_(std::move(folder)),
      heeds_(std::move(heeds)),
      wakes_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

/// True when it has only just begun to listen.
bool FolderWatch::listen() {
  if (events_) return false;
  Fd events(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  if (!events || ::inotify_add_watch(events.get(), folder_.c_str(), kHappenings) < 0) return false;
  events_ = std::move(events);
  return true;
}

/// Takes all events that are there; true when one of them counts.
bool FolderWatch::heard() {
  bool heard = false;
  bool gone = false;
  alignas(inotify_event) char buffer[4096];
  for (;;) {
    const ssize_t size = ::read(events_.get(), buffer, sizeof buffer);
    if (size <= 0) break;
    for (ssize_t at = 0; at < size;) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
      gone = gone || (event->mask & IN_IGNORED) != 0;
      heard = heard || (event->mask & IN_Q_OVERFLOW) != 0 ||
              (event->len > 0 && heeds_(static_cast<const char*>(event->name)));
      at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
    }
  }
  // Of a folder that was removed nothing more is heard, though another one may take its name.
  if (gone) events_ = Fd();
  return heard || gone;
}

void FolderWatch::wait(std::chrono::milliseconds limit, const std::atomic<bool>* stop) {
  const Clock::time_point end = Clock::now() + limit;
  for (;;) {
    if (listen()) return;
    if (stop != nullptr && stop->load()) throw Error(Code::interrupted, "interrupted");
    if (events_ && heard()) return;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    if (left.count() <= 0) return;
    // With `stop` in short pieces: one that is asked for just before poll(2) would not wake it.
    const std::int64_t longest = stop != nullptr ? 200 : 60 * 60 * 1000;
    std::array<pollfd, 2> fds{{{wakes_.get(), POLLIN, 0}, {events_.get(), POLLIN, 0}}};
    ::poll(fds.data(), fds.size(), static_cast<int>(std::min(std::int64_t{left.count()}, longest)));
    std::uint64_t wakes = 0;
    if (::read(wakes_.get(), &wakes, sizeof wakes) > 0) return;
  }
}

void FolderWatch::wake() noexcept {
  const std::uint64_t one = 1;
  static_cast<void>(::write(wakes_.get(), &one, sizeof one));
}

}  // namespace algoctl
