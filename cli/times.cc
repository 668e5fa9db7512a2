#include "times.h"

#include "algoctl/error.h"
#include "base/clock.h"
#include "base/text.h"

namespace algoctl::cli {

namespace {

/// `date` says what a bare one means.
std::int64_t parse_meaning(const std::string& text, const std::string& date) {
  const auto time = parse_time(text);
  if (time) return *time;
  throw Error(Code::usage, "malformed time " + quoted(text),
              "write 2026-03-03T10:00:00Z, or 2026-03-03 for the " + date + " of that day");
}

}  // namespace

std::int64_t parse_end(const std::string& text) { return parse_meaning(text, "end"); }

std::int64_t parse_begin(const std::string& text) {
  const std::int64_t end = parse_meaning(text, "beginning");
  const bool bare = text.find_first_of("Tt ") == std::string::npos;
  return bare ? end - (24LL * 60 * 60 * 1000 - 1) : end;
}

}  // namespace algoctl::cli
