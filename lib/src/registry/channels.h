#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "algoctl/channel.h"
#include "algoctl/resolve.h"
#include "core/channel_plan.h"
#include "registry/algorithms.h"
#include "registry/db.h"

namespace algoctl {

/// A move of a channel to a version, as it is to be written down.
struct ChannelMove {
  std::string channel;
  std::string why;
  std::string who;
  std::int64_t now_ms;
};

std::optional<ChannelInfo> find_channel(Db& db, const AlgorithmRow& algorithm,
                                        const std::string& channel);

/// The channels of an algorithm, by name.
std::vector<ChannelInfo> channels_of(Db& db, const AlgorithmRow& algorithm);

/// The names of the channels that name a version, sorted.
std::vector<std::string> channels_naming(Db& db, const AlgorithmRow& algorithm,
                                         const VersionInfo& version);

/// The names of an algorithm's channels, sorted.
std::vector<std::string> channel_names(Db& db, const AlgorithmRow& algorithm);

/// What a channel's last move came from, and whether it was a rollback.
struct LastMove {
  bool rollback;
  std::optional<Version> from;
};
LastMove last_move(Db& db, const AlgorithmRow& algorithm, const std::string& channel);

/// The versions that a channel named, lowest first; the last is what it names now. Empty when there
/// is no such channel.
std::vector<StackEntry> channel_stack(Db& db, const AlgorithmRow& algorithm,
                                      const std::string& channel);

// The moves, each an event, and the heads that follow from it. To be called in a write transaction
// that read `algorithm` itself.

/// Pushes a version.
void promote_channel(Db& db, AlgorithmRow& algorithm, const ChannelMove& move,
                     const VersionInfo& version);

/// Pops down to `depth` versions.
void roll_back_channel(Db& db, AlgorithmRow& algorithm, const ChannelMove& move, std::size_t depth);

// Heads alone, made to say what the last event says; the moves above and below use them.

void push_channel(Db& db, const AlgorithmRow& algorithm, const std::string& channel,
                  const VersionInfo& version);
/// Pops down to `depth` versions, the last of which is `version`.
void pop_channel(Db& db, const AlgorithmRow& algorithm, const std::string& channel,
                 std::size_t depth, const VersionInfo& version);
/// `why` it is held; nullopt: it is not.
void set_hold(Db& db, const AlgorithmRow& algorithm, const std::string& channel,
              const std::optional<std::string>& why);

/// Starts or ends a hold; nothing happens when it is so already.
void hold_channel(Db& db, AlgorithmRow& algorithm, const ChannelMove& move);
void release_channel(Db& db, AlgorithmRow& algorithm, const ChannelMove& move);

}  // namespace algoctl
