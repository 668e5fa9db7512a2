#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "client/state.h"

namespace algoctl {

/// One of several transfers to or from a store.
struct Transfer {
  std::string name;   ///< what whoever watches it is told
  std::int64_t size;  ///< bytes; -1 when it is not known
  std::function<void(const TransferOptions&)> run;
};

/// Runs all of them. Those of which the store, if there is one, takes several at once go side by
/// side, on threads of their own, and are told of together, as `30 files`; the others one after
/// another before them, in order. Throws what one threw, of several the first; Error{interrupted}.
void run_all(const ClientState& state, const Store* store, const std::vector<Transfer>& transfers);

/// How one transfer is watched and ended.
TransferOptions watching(const ClientState& state, const std::string& name, std::int64_t size);

}  // namespace algoctl
