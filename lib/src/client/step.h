#pragma once

#include <optional>
#include <utility>

#include "client/state.h"

namespace algoctl {

/// Takes a step whose `decide(db)` asks all there is to ask and gives the answer, and whose
/// `record(db)` writes it down. Asked again under the write lock, which is not taken when there is
/// nothing to write. Throws what the step throws.
template <typename Step>
auto take_step(ClientState& state, Step& step, bool dry_run) {
  std::optional<decltype(step.decide(std::declval<Db&>()))> result;
  state.registry.read([&](Db& db) { result = step.decide(db); });
  if (!dry_run && step.changes()) {
    state.registry.write([&](Db& db) {
      result = step.decide(db);
      if (step.changes()) step.record(db);
    });
  }
  return *std::move(result);
}

}  // namespace algoctl
