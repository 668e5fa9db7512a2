#pragma once

#include <string>
#include <vector>

#include "algoctl/resolve.h"
#include "client/objects.h"
#include "client/state.h"

namespace algoctl {

/// A folder whose files bear their labels: links to verified objects.
struct View {
  std::string folder;
  std::vector<PulledFile> files;  ///< in the order of the models
};

/// Verifies the models' objects and makes, or finds, their folder in the cache. `key` names it: a
/// digest that is the same only for the same labels and bytes. A folder that is there is checked
/// link by link, and never without a file while it is mended. Throws Error{integrity} for an object
/// that is missing or damaged, Error{storage}.
View make_view(ClientState& state, const std::vector<ModelFile>& models, const Digest& key,
               Network network);

/// The paths that `make_view` would give. Writes and verifies nothing.
View foresee_view(ClientState& state, const std::vector<ModelFile>& models, const Digest& key);

}  // namespace algoctl
