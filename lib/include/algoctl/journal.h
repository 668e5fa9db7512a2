#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "algoctl/digest.h"
#include "algoctl/name.h"

namespace algoctl {

/// Something that happened to an algorithm, as its journal has it (docs/formats.md, "Records and
/// chain"). Fields that do not apply are empty.
struct LogEvent {
  Algorithm algorithm;
  std::int64_t sequence;  ///< 1 for the algorithm's first, dense
  std::int64_t at;        ///< milliseconds since 1970, UTC
  std::string who;
  /// publish, label, annotate, promote, rollback, hold, release, yank, unyank, elsewhere
  std::string event;
  std::string version;  ///< that it is about
  std::string name;     ///< the label, channel, key or yanked version
  std::string from;
  std::string to;
  std::string why;
  Digest digest;                          ///< of this event and all before it
  std::optional<std::int64_t> origin_at;  ///< of an imported event: when it happened
};

struct LogOptions {
  std::optional<Algorithm> algorithm;  ///< none: all of them
  std::string channel;                 ///< only its moves and holds; empty: everything
  std::optional<std::int64_t> since;   ///< not before; milliseconds since 1970, UTC
  std::optional<std::int64_t> until;   ///< not after
};

/// A field in which two versions differ: `models.model.sha256`, `meta.accuracy`.
struct Difference {
  std::string field;
  std::string left;   ///< empty: not there
  std::string right;  ///< empty: not there
};

}  // namespace algoctl
