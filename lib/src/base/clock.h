#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace algoctl {

/// Milliseconds since 1970, UTC.
std::int64_t system_now_ms();

/// Milliseconds since this machine booted, whatever is done to the system's clock.
std::int64_t uptime_ms();

/// The clock that stamps files, nanoseconds since 1970: a file changed after this reading has a
/// time that is not less. Its step is the clock's grain (1 to 10 ms).
std::int64_t file_clock_ns();

/// `2019-02-28T10:11:12.345Z` (RFC 3339).
std::string format_time(std::int64_t ms);

/// Days as `20190228`, months as `201902`, UTC.
std::string format_day(std::int64_t ms);
std::string format_month(std::int64_t ms);

/// Reads RFC 3339, or a bare date, which means the last millisecond of that day, UTC; nullopt for
/// anything else.
std::optional<std::int64_t> parse_time(std::string_view text);

/// Reads `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110); nullopt for anything else.
std::optional<std::int64_t> parse_http_time(std::string_view text);

}  // namespace algoctl
