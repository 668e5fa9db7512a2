#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "algoctl/replica.h"

namespace algoctl {

/// The state of that name, or nullopt.
std::optional<ReplicaState> find_state(std::string_view name) noexcept;

/// What somebody else wrote, for a message: on one line, and without bytes that a terminal obeys.
std::string printable(std::string text);

/// `scorer (host 4711)`: what messages call a replica.
std::string replica_name(const ReplicaInfo& replica);

}  // namespace algoctl
