#pragma once

#include <optional>
#include <string>

#include "algoctl/channel.h"
#include "registry/algorithms.h"
#include "registry/channels.h"
#include "registry/db.h"

namespace algoctl {

/// A channel that is to name a version, and under which conditions.
struct ChannelTarget {
  std::string channel;
  Version version;
  std::optional<ExpectedVersion> expect = {};
  bool force = false;
  bool release_hold = false;
};

/// True when the channel has to be moved; false when it names the version already. Throws
/// Error{conflict} when it may not move, saying who moved it last; Error{usage} for a name that no
/// channel may have.
bool needs_promotion(Db& db, const AlgorithmRow& algorithm, const ChannelTarget& target);

/// `acme/sentiment@stable`: what messages call a channel.
std::string channel_name(const Algorithm& algorithm, const std::string& channel);

}  // namespace algoctl
