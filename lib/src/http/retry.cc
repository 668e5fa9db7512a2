#include "http/retry.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

namespace algoctl::http {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kLongestWait = 1'000'000;  // seconds; more is as good as never

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || text[0] == '-' || error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

/// Seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT`.
std::optional<std::int64_t> parse_http_date(std::string_view text) {
  static constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (text.size() != 29 || text.substr(25) != " GMT" || text[19] != ':' || text[22] != ':') {
    return std::nullopt;
  }
  const auto day = number(text.substr(5, 2)), year = number(text.substr(12, 4));
  const auto hour = number(text.substr(17, 2)), minute = number(text.substr(20, 2));
  const auto second = number(text.substr(23, 2));
  const std::size_t month = kMonths.find(text.substr(8, 3));
  if (!day || !year || !hour || !minute || !second || month == std::string_view::npos ||
      month % 3 != 0) {
    return std::nullopt;
  }
  std::tm parts{};
  parts.tm_year = *year - 1900;
  parts.tm_mon = static_cast<int>(month / 3);
  parts.tm_mday = *day;
  parts.tm_hour = *hour;
  parts.tm_min = *minute;
  parts.tm_sec = *second;
  return timegm(&parts);
}

}  // namespace

bool worth_retrying(const Outcome& outcome) noexcept {
  using Kind = Failure::Kind;
  static constexpr std::array kFailures = {Kind::unreachable, Kind::stalled, Kind::cut};
  static constexpr std::array kStatuses = {408, 429, 500, 502, 503, 504};
  if (outcome.failure) {
    return std::find(kFailures.begin(), kFailures.end(), *outcome.failure) != kFailures.end();
  }
  return outcome.transient ||
         std::find(kStatuses.begin(), kStatuses.end(), outcome.status) != kStatuses.end();
}

std::optional<milliseconds> next_try(const RetryOptions& options, const Outcome& outcome,
                                     double chance) {
  if (!worth_retrying(outcome) || outcome.tries >= options.tries) return std::nullopt;
  milliseconds longest = options.first_delay;
  for (int i = 1; i < outcome.tries && longest < options.longest_delay; ++i) longest *= 2;
  longest = std::min(longest, options.longest_delay);
  const double drawn = static_cast<double>(longest.count()) * chance;
  const milliseconds delay = std::max(milliseconds(static_cast<std::int64_t>(drawn)),
                                      outcome.retry_after.value_or(milliseconds(0)));
  if (outcome.fruitless + delay > options.budget) return std::nullopt;
  return delay;
}

std::optional<milliseconds> retry_after(std::string_view text, std::optional<std::string_view> date,
                                        std::int64_t now_ms) {
  std::int64_t seconds = 0;
  if (const auto plain = number(text)) {
    seconds = *plain;
  } else if (const auto then = parse_http_date(text)) {
    const auto sent = date ? parse_http_date(*date) : std::nullopt;
    seconds = *then - sent.value_or(now_ms / 1000);
  } else {
    return std::nullopt;
  }
  return std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, kLongestWait));
}

}  // namespace algoctl::http
