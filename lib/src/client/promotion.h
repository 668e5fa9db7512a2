#pragma once

#include "algoctl/channel.h"
#include "client/state.h"

namespace algoctl {

/// What Client::promote does.
ChannelResult promote(ClientState& state, const PromoteOptions& options);

}  // namespace algoctl
