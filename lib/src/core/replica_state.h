#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "algoctl/replica.h"

namespace algoctl {

/// The state of that name, or nullopt.
std::optional<ReplicaState> find_state(std::string_view name) noexcept;

/// `scorer (host 4711)`: what messages call a replica.
std::string replica_name(const ReplicaInfo& replica);

}  // namespace algoctl
