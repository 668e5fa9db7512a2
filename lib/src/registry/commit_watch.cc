#include "registry/commit_watch.h"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "algoctl/error.h"

namespace algoctl {

using Clock = std::chrono::steady_clock;

CommitWatch::CommitWatch(const std::string& registry)
    : folder_(folder_of(registry)), file_(name_of(registry) + ".generation") {}

/// True when it has only just begun to listen.
bool CommitWatch::listen() {
  if (events_) return false;
  Fd events(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  // The folder, since the file may not be there yet.
  if (!events || ::inotify_add_watch(events.get(), folder_.c_str(), IN_ATTRIB | IN_CREATE) < 0) {
    return false;
  }
  events_ = std::move(events);
  return true;
}

/// Takes all events that are there; true when one of them is about the file.
bool CommitWatch::heard_commit() const {
  bool heard = false;
  alignas(inotify_event) char buffer[4096];
  for (;;) {
    const ssize_t size = ::read(events_.get(), buffer, sizeof buffer);
    if (size <= 0) return heard;
    for (ssize_t at = 0; at < size;) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
      const bool overflow = (event->mask & IN_Q_OVERFLOW) != 0;
      heard = heard || overflow || (event->len > 0 && file_ == event->name);
      at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
    }
  }
}

void CommitWatch::wait(std::chrono::milliseconds limit, const std::atomic<bool>* stop) {
  if (listen()) return;
  const Clock::time_point end = Clock::now() + limit;
  for (;;) {
    if (stop != nullptr && stop->load()) throw Error(Code::interrupted, "interrupted");
    if (events_ && heard_commit()) return;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    if (left.count() <= 0) return;
    // In short pieces: a stop that is asked for just before poll(2) would not wake it.
    pollfd event{events_.get(), POLLIN, 0};
    ::poll(&event, events_ ? 1 : 0, static_cast<int>(std::min<std::int64_t>(left.count(), 200)));
  }
}

}  // namespace algoctl
