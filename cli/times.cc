#include "times.h"

#include "algoctl/error.h"
#include "base/clock.h"
#include "base/text.h"

namespace algoctl::cli {

std::int64_t parse_end(const std::string& text) {
  const auto time = parse_time(text);
  if (time) return *time;
  throw Error(Code::usage, "malformed time " + quoted(text),
              "write 2026-03-03T10:00:00Z, or 2026-03-03 for the end of that day");
}

std::int64_t parse_begin(const std::string& text) {
  const std::int64_t end = parse_end(text);
  const bool bare = text.find_first_of("Tt ") == std::string::npos;
  return bare ? end - (24LL * 60 * 60 * 1000 - 1) : end;
}

}  // namespace algoctl::cli
