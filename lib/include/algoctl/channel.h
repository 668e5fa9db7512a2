#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "algoctl/export.h"
#include "algoctl/name.h"
#include "algoctl/publish.h"
#include "algoctl/reference.h"
#include "algoctl/require.h"
#include "algoctl/version.h"

namespace algoctl {

/// A channel, and how it came to name what it names.
struct ChannelInfo {
  Algorithm algorithm;
  std::string name;
  Version version;
  std::int64_t moved_at;            ///< milliseconds since 1970, UTC
  std::string moved_by;             ///< who
  std::string why;                  ///< of the last move; may be empty
  std::optional<std::string> hold;  ///< why it is not to be promoted, when it is held
};

struct PromoteOptions {
  Reference reference;  ///< the version to name: anything that resolves
  std::string channel;
  std::optional<ExpectedVersion> expect;  ///< what the channel names now
  std::string why;
  std::vector<Requirement> require;  ///< of the version's metadata
  bool prereleases = false;          ///< ranges and `latest` admit prereleases
  bool force = false;                ///< also to a lower version
  bool release_hold = false;         ///< end a hold first
  bool dry_run = false;
};

struct RollbackOptions {
  Algorithm algorithm;
  std::string channel;
  std::optional<Version> to;      ///< down to this version of the stack
  std::optional<Version> expect;  ///< what the channel names now, or was rolled back from before
  std::string why;
  bool hold = false;  ///< no promote until one releases it
  bool dry_run = false;
};

/// What became of a channel.
struct ChannelResult {
  Algorithm algorithm;
  std::string channel;
  Version version;                  ///< that it names now
  std::optional<Version> previous;  ///< that it named before this move, or before the last one
  bool moved;                       ///< false when nothing changed
  bool held;
  std::vector<std::string> warnings;
};

struct YankOptions {
  Algorithm algorithm;
  Selector selector;  ///< exact, or a digest
  std::string why;
  std::optional<Version> use;  ///< the version to take instead; channels move to it
  bool undo = false;
  bool dry_run = false;
};

struct YankResult {
  Algorithm algorithm;
  Version version;
  bool yanked;                        ///< now
  bool changed;                       ///< false when it was so before
  std::vector<std::string> channels;  ///< that were moved to the replacement
  std::vector<std::string> warnings = {};
};

}  // namespace algoctl
