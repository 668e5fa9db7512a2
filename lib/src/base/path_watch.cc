#include "base/path_watch.h"

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

constexpr std::uint32_t kInFolder =
    IN_ATTRIB | IN_CREATE | IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF | IN_ONLYDIR;
constexpr std::uint32_t kOfFile = IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF;

}  // namespace

PathWatch::PathWatch(std::vector<Place> places)
    : places_(std::move(places)), wakes_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

PathWatch PathWatch::folder(std::string path, std::function<bool(std::string_view)> heeds) {
  return PathWatch({{std::move(path), kInFolder, std::move(heeds)}});
}

// A folder tells of all its files: a process that waits for one of them would wake for each.
PathWatch PathWatch::file(const std::string& path) {
  return PathWatch({{path, kOfFile, {}},
                    {folder_of(path), kInFolder, [name = name_of(path)](std::string_view changed) {
                       return changed == name;
                     }}});
}

/// True when it has only just begun to listen, at all or to a better place.
bool PathWatch::listen() {
  for (std::size_t i = 0; i < (events_ ? at_ : places_.size()); ++i) {
    Fd events(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    if (!events ||
        ::inotify_add_watch(events.get(), places_[i].path.c_str(), places_[i].kinds) < 0) {
      continue;
    }
    events_ = std::move(events);
    at_ = i;
    return true;
  }
  return false;
}

/// Takes all events that are there; true when one of them counts.
bool PathWatch::heard() {
  const Place& place = places_[at_];
  bool heard = false;
  bool gone = false;
  alignas(inotify_event) char buffer[4096];
  for (;;) {
    const ssize_t size = ::read(events_.get(), buffer, sizeof buffer);
    if (size <= 0) break;
    for (ssize_t at = 0; at < size;) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
      gone = gone || (event->mask & (IN_IGNORED | IN_MOVE_SELF)) != 0;
      heard = heard || (event->mask & IN_Q_OVERFLOW) != 0 || !place.heeds ||
              (event->len > 0 && place.heeds(static_cast<const char*>(event->name)));
      at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
    }
  }
  // Of what was removed nothing more is heard, though another one may take its name.
  if (gone) events_ = Fd();
  return heard || gone;
}

bool PathWatch::wait(std::chrono::milliseconds limit, const std::atomic<bool>* stop) {
  const Clock::time_point end = Clock::now() + limit;
  for (;;) {
    if (listen()) return true;
    if (stop != nullptr && stop->load()) throw Error(Code::interrupted, "interrupted");
    if (events_ && heard()) return true;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    if (left.count() <= 0) return false;
    // With `stop` in short pieces: one that is asked for just before poll(2) would not wake it.
    const std::int64_t longest = stop != nullptr ? 200 : 60 * 60 * 1000;
    std::array<pollfd, 2> fds{{{wakes_.get(), POLLIN, 0}, {events_.get(), POLLIN, 0}}};
    ::poll(fds.data(), fds.size(), static_cast<int>(std::min(std::int64_t{left.count()}, longest)));
    std::uint64_t wakes = 0;
    if (::read(wakes_.get(), &wakes, sizeof wakes) > 0) return true;
  }
}

void PathWatch::wake() noexcept {
  const std::uint64_t one = 1;
  static_cast<void>(::write(wakes_.get(), &one, sizeof one));
}

}  // namespace algoctl
