#pragma once

#include <string>
#include <vector>

#include "algoctl/manifest.h"
#include "client/state.h"

namespace algoctl {

/// The registry's store. Throws Error{integrity} when there is none although the models need it.
Store& require_store(ClientState& state, const std::vector<ModelFile>& models);

/// The paths of the models' objects, verified: the store's, else those of the places outside. What
/// is not in this file system is brought into the user's cache. Throws Error{integrity} naming the
/// label when bytes are missing or are others.
std::vector<std::string> verified_objects(ClientState& state, const Store& store,
                                          const std::vector<ModelFile>& models);

/// An object whose bytes are about to be read, unverified, once.
struct OpenedObject {
  Fd copy;  ///< of bytes elsewhere: a file without a name
  ObjectSource source;
};

/// Opens an object in the store; one that is elsewhere is fetched into `folder` first. Throws
/// Error{integrity} when it is not there.
OpenedObject open_object(const Store& store, const Digest& sha256, std::int64_t size,
                         const std::string& folder, const TransferOptions& options);

/// The same of an object that stays elsewhere (client/external.h). Throws as fetch_external.
OpenedObject open_external(ClientState& state, const std::vector<std::string>& places,
                           const Digest& sha256, std::int64_t size, const std::string& folder,
                           const TransferOptions& options);

}  // namespace algoctl
