#include "base/clock.h"

#include <time.h>

#include <chrono>
#include <cstdio>

namespace algoctl {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::int64_t kDayMs = 24LL * 60 * 60 * 1000;

std::int64_t nanoseconds(clockid_t clock) {
  struct timespec now {};
  clock_gettime(clock, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

year_month_day date_of(std::int64_t ms) {
  return year_month_day(
      std::chrono::floor<days>(std::chrono::sys_time<milliseconds>(milliseconds(ms))));
}

template <typename... Values>
std::string print(const char* format, Values... values) {
  char text[64];
  const int size = std::snprintf(text, sizeof text, format, values...);
  return {text, static_cast<std::size_t>(size)};
}

/// Takes pieces off the front of a text; after the first that does not fit, `ok` stays false.
struct Scanner {
  std::string_view rest;
  bool ok = true;

  int number(std::size_t digits, int least, int most) {
    int value = 0;
    for (std::size_t i = 0; i < digits && ok; ++i) {
      ok = i < rest.size() && rest[i] >= '0' && rest[i] <= '9';
      if (ok) value = value * 10 + (rest[i] - '0');
    }
    ok = ok && value >= least && value <= most;
    if (ok) rest.remove_prefix(digits);
    return value;
  }

  char one_of(std::string_view allowed) {
    ok = ok && !rest.empty() && allowed.find(rest.front()) != std::string_view::npos;
    if (!ok) return '\0';
    const char found = rest.front();
    rest.remove_prefix(1);
    return found;
  }

  /// The digits after a decimal point, as milliseconds, cut off.
  int fraction() {
    if (!ok || rest.empty() || rest.front() != '.') return 0;
    rest.remove_prefix(1);
    int value = 0;
    int weight = 100;
    ok = !rest.empty() && rest.front() >= '0' && rest.front() <= '9';
    for (; !rest.empty() && rest.front() >= '0' && rest.front() <= '9'; rest.remove_prefix(1)) {
      value += (rest.front() - '0') * weight;
      weight /= 10;
    }
    return value;
  }

  /// `Z`, `+hh:mm` or `-hh:mm`, in minutes east.
  int zone() {
    const char sign = one_of("Zz+-");
    if (sign != '+' && sign != '-') return 0;
    const int hours = number(2, 0, 23);
    one_of(":");
    const int minutes = hours * 60 + number(2, 0, 59);
    return sign == '-' ? -minutes : minutes;
  }
};

}  // namespace

std::int64_t system_now_ms() { return nanoseconds(CLOCK_REALTIME) / 1'000'000; }

// The kernel stamps files by its coarse clock or, since multigrain times, by something later.
std::int64_t uptime_ms() { return nanoseconds(CLOCK_BOOTTIME) / 1'000'000; }

std::int64_t file_clock_ns() { return nanoseconds(CLOCK_REALTIME_COARSE); }

std::string format_time(std::int64_t ms) {
  const year_month_day date = date_of(ms);
  const auto rest = static_cast<int>(ms - sys_days(date).time_since_epoch().count() * kDayMs);
  return print("%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", int(date.year()), unsigned(date.month()),
               unsigned(date.day()), rest / 3'600'000, rest / 60'000 % 60, rest / 1000 % 60,
               rest % 1000);
}

std::string format_day(std::int64_t ms) {
  const year_month_day date = date_of(ms);
  return print("%04d%02u%02u", int(date.year()), unsigned(date.month()), unsigned(date.day()));
}

std::string format_month(std::int64_t ms) {
  const year_month_day date = date_of(ms);
  return print("%04d%02u", int(date.year()), unsigned(date.month()));
}

std::optional<std::int64_t> parse_time(std::string_view text) {
  Scanner in{text};
  const int year = in.number(4, 0, 9999);
  in.one_of("-");
  const int month = in.number(2, 1, 12);
  in.one_of("-");
  const int day = in.number(2, 1, 31);
  const year_month_day date{std::chrono::year(year), std::chrono::month(unsigned(month)),
                            std::chrono::day(unsigned(day))};
  if (!in.ok || !date.ok()) return std::nullopt;
  const std::int64_t midnight = sys_days(date).time_since_epoch().count() * kDayMs;
  if (in.rest.empty()) return midnight + kDayMs - 1;

  in.one_of("Tt ");
  const int hour = in.number(2, 0, 23);
  in.one_of(":");
  const int minute = in.number(2, 0, 59);
  in.one_of(":");
  const int second = in.number(2, 0, 60);  // 60: a leap second, taken for the one after it
  const int millisecond = in.fraction();
  const int east = in.zone();
  if (!in.ok || !in.rest.empty()) return std::nullopt;
  return midnight + ((hour * 60 + minute - east) * 60LL + second) * 1000 + millisecond;
}

std::optional<std::int64_t> parse_http_time(std::string_view text) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  constexpr std::size_t kDayName = 5;  // `Sun, `
  constexpr std::size_t kMonthName = 4;
  if (text.size() < kDayName || text.substr(3, 2) != ", ") return std::nullopt;
  Scanner in{text.substr(kDayName)};
  const int day = in.number(2, 1, 31);
  in.one_of(" ");
  if (!in.ok || in.rest.size() < kMonthName) return std::nullopt;
  const std::size_t month = kMonths.find(in.rest.substr(0, 3));
  in.rest.remove_prefix(3);
  in.one_of(" ");
  const int year = in.number(4, 1970, 9999);
  in.one_of(" ");
  const int hour = in.number(2, 0, 23);
  in.one_of(":");
  const int minute = in.number(2, 0, 59);
  in.one_of(":");
  const int second = in.number(2, 0, 60);
  if (!in.ok || in.rest != " GMT" || month == std::string_view::npos || month % 3 != 0) {
    return std::nullopt;
  }
  const year_month_day date{std::chrono::year(year), std::chrono::month(unsigned(month / 3 + 1)),
                            std::chrono::day(unsigned(day))};
  if (!date.ok()) return std::nullopt;
  return sys_days(date).time_since_epoch().count() * kDayMs +
         ((hour * 60 + minute) * 60LL + second) * 1000;
}

}  // namespace algoctl
