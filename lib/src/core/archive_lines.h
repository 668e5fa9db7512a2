#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "algoctl/resolve.h"

namespace algoctl {

/// One row of a journal, as the registry has it. Digests are hexadecimal digits.
struct JournalRow {
  std::int64_t seq;
  std::int64_t at;  ///< milliseconds since 1970, UTC
  std::string who;
  std::string event;
  std::string version;
  std::string name;
  std::string old_value;
  std::string new_value;
  std::string why;
  std::string record;
  std::string digest;
  std::string origin;  ///< empty for an event that happened there
  std::int64_t origin_at;

  /// What names the event in whichever registry it stands: its digest where it happened.
  [[nodiscard]] const std::string& id() const noexcept { return origin.empty() ? digest : origin; }
};

// The lines of an archive's history: JSON without a line end in it (docs/formats.md, "Export").
// Readers throw Error{integrity}; `where` is what it calls the line.

std::string version_line(const VersionInfo& version);
VersionInfo read_version_line(std::string_view line, const Algorithm& algorithm,
                              const std::string& where);

std::string event_line(const JournalRow& row);
JournalRow read_event_line(std::string_view line, const std::string& where);

}  // namespace algoctl
