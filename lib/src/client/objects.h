#pragma once

#include <string>
#include <vector>

#include "algoctl/manifest.h"
#include "client/state.h"

namespace algoctl {

/// The registry's store. Throws Error{integrity} when there is none although the models need it.
Store& require_store(ClientState& state, const std::vector<Model>& models);

/// The path of an object's bytes, verified. Throws Error{integrity} naming the label when they are
/// missing or are others.
std::string verified_object(ClientState& state, const Store& store, const Digest& sha256,
                            std::int64_t size, const Label& label);

/// How reads of an object are watched and ended.
TransferOptions watching(const ClientState& state, const Label& label, std::int64_t size);

}  // namespace algoctl
