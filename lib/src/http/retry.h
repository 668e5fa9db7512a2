#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "http/message.h"

namespace algoctl::http {

/// When a request is worth another try. Times from the loop's clock, which tests replace.
struct RetryOptions {
  int tries = 6;                               ///< of one request
  std::chrono::milliseconds first_delay{200};  ///< doubled each time, with jitter
  std::chrono::milliseconds longest_delay{20000};
  /// In which no request succeeds and nothing moves, of all requests together.
  std::chrono::milliseconds budget{120000};
};

/// How a try ended, and what else decides whether there is another one.
struct Outcome {
  std::optional<Failure::Kind> failure = {};  ///< nullopt: there is an answer
  int status = 0;                             ///< of the answer
  bool transient = false;                     ///< it looks good but is not
  int tries = 1;                              ///< of this request, this one included
  std::optional<std::chrono::milliseconds> retry_after = {};  ///< what the server wants
  /// Since the last success of any request, without the time in which bytes moved.
  std::chrono::milliseconds fruitless{0};
};

/// Another try might end better: 408, 429, 500, 502, 503, 504, a transient answer, and failures but
/// tls, refused, malformed and internal.
bool worth_retrying(const Outcome& outcome) noexcept;

/// How long to wait before the next try; nullopt: that was the last. A pure function. `chance`:
/// from 0 up to 1, says how much of the longest delay of this try is taken ("full jitter"). Never
/// less than the server wants.
std::optional<std::chrono::milliseconds> next_try(const RetryOptions& options,
                                                  const Outcome& outcome, double chance);

/// Reads a Retry-After: seconds, or an HTTP date, counted from `date`, the answer's own Date, so
/// that clocks need not agree; without one from `now_ms` (since 1970, UTC). nullopt for anything
/// else. A time that has passed is 0.
std::optional<std::chrono::milliseconds> retry_after(std::string_view text,
                                                     std::optional<std::string_view> date,
                                                     std::int64_t now_ms);

}  // namespace algoctl::http
