#pragma once

#include <functional>

#include "client/state.h"

namespace algoctl {

/// True for what another copy may make good: a store that cannot be reached, lacks the object, or
/// has other bytes.
bool may_be_elsewhere(const Error& error) noexcept;

/// Calls `read` with the registry's store, then with each mirror, until one call returns true.
/// A mirror that fails is passed over, and where there are mirrors a store that could not be asked
/// is not asked again for ten seconds: each object would wait for it as long. What failed of the
/// registry's own store is thrown when no other has it either. False: none has it.
bool read_from_any(ClientState& state, const std::function<Store&()>& own,
                   const std::function<bool(const Store&)>& read);

}  // namespace algoctl
