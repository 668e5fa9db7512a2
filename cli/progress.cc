#include "progress.h"

#include <time.h>

#include <algorithm>
#include <cstdio>

namespace algoctl::cli {

namespace {

constexpr std::int64_t kQuietAtFirst = 1000;  // milliseconds before a transfer deserves a line
constexpr std::int64_t kInterval = 100;       // milliseconds between two drawings
constexpr std::size_t kLongestShownName = 30;
constexpr std::size_t kShortestBar = 5;
constexpr std::size_t kLongestBar = 30;

/// Cut at the end, and without bytes that would move the cursor.
std::string shown_name(std::string name) {
  for (char& c : name) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return name.size() <= kLongestShownName ? name : name.substr(0, kLongestShownName - 3) + "...";
}

std::string format_duration(std::int64_t seconds) {
  char text[48];
  if (seconds < 3600) {
    std::snprintf(text, sizeof(text), "%d:%02d", static_cast<int>(seconds / 60),
                  static_cast<int>(seconds % 60));
  } else {
    std::snprintf(text, sizeof(text), "%lld:%02d:%02d", static_cast<long long>(seconds / 3600),
                  static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60));
  }
  return text;
}

/// `[====>     ]`, `width` columns with its brackets.
std::string bar(double part, std::size_t width) {
  const std::size_t inner = width - 2;
  std::size_t filled = static_cast<std::size_t>(part * static_cast<double>(inner));
  std::string text(std::min(filled, inner), '=');
  if (text.size() < inner) text += '>';
  return "[" + text + std::string(inner - text.size(), ' ') + "]";
}

}  // namespace

std::string format_bytes(std::int64_t bytes) {
  const char* units[] = {"B", "kB", "MB", "GB", "TB", "PB"};
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 999.95 && unit + 1 < std::size(units); ++unit) value /= 1000;
  char text[48];
  std::snprintf(text, sizeof(text), unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
  return text;
}

std::string progress_line(const Progress& progress, std::int64_t elapsed_ms, int width) {
  const double seconds = static_cast<double>(std::max<std::int64_t>(elapsed_ms, 1)) / 1000;
  const double rate = static_cast<double>(progress.done) / seconds;
  const std::string speed = format_bytes(static_cast<std::int64_t>(rate)) + "/s";
  const std::string name = shown_name(progress.name);
  // The last column stays free: some terminals wrap as soon as it is written.
  const std::size_t room = static_cast<std::size_t>(std::max(width - 1, 0));
  if (progress.total <= 0) {
    return (name + "  " + format_bytes(progress.done) + "  " + speed).substr(0, room);
  }
  const double part =
      std::min(1.0, static_cast<double>(progress.done) / static_cast<double>(progress.total));
  char percent[16];
  std::snprintf(percent, sizeof(percent), "%3d %%", static_cast<int>(part * 100));
  std::string tail = std::string(percent) + "  " + format_bytes(progress.done) + " of " +
                     format_bytes(progress.total) + "  " + speed;
  if (rate > 0) {
    const double left = static_cast<double>(progress.total - progress.done) / rate;
    tail += "  " + format_duration(static_cast<std::int64_t>(std::max(left, 0.0) + 0.5)) + " left";
  }
  const std::size_t taken = name.size() + 2 + 2 + tail.size();
  const std::size_t space = room > taken ? std::min(room - taken, kLongestBar) : 0;
  if (space < kShortestBar) return (name + "  " + tail).substr(0, room);
  return name + "  " + bar(part, space) + "  " + tail;
}

ProgressBar::ProgressBar(Clock clock, Write write, int width)
    : clock_(std::move(clock)), write_(std::move(write)), width_(width) {}

void ProgressBar::update(const Progress& progress) {
  const std::int64_t now = clock_();
  if (started_ < 0 || progress.name != name_ || progress.done < done_) {
    name_ = progress.name;
    started_ = now;
    drawn_ = now;
  }
  done_ = progress.done;
  if (now - started_ < kQuietAtFirst || (visible_ && now - drawn_ < kInterval)) return;
  drawn_ = now;
  visible_ = true;
  write_("\r" + progress_line(progress, now - started_, width_) + "\033[K");
}

void ProgressBar::show(std::string line) {
  // The last column stays free: some terminals wrap as soon as it is written.
  line.resize(std::min(line.size(), static_cast<std::size_t>(std::max(width_ - 1, 0))));
  visible_ = true;
  write_("\r" + line + "\033[K");
}

void ProgressBar::erase() {
  if (!visible_) return;
  visible_ = false;
  write_("\r\033[K");
}

std::int64_t steady_now_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1000000;
}

}  // namespace algoctl::cli
