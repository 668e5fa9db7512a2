#pragma once

#include <optional>
#include <string>
#include <vector>

#include "algoctl/error.h"
#include "algoctl/manifest.h"
#include "client/state.h"

namespace algoctl {

/// Whether servers may be asked for bytes.
enum class Network { asked, left_alone };

/// The registry's store. Throws Error{integrity} when there is none; `needed_by` is
/// what says so: `label 'm'`.
Store& require_store(ClientState& state, const std::string& needed_by);

/// What it means that the store does not have the object of a label.
Error no_object(const Label& label, const Digest& sha256);

/// The registry's store, or nullptr when there is none, or it cannot be asked: whoever reads an
/// object then finds out why.
const Store* reachable_store(ClientState& state);

/// The paths of the models' objects, verified: in the store, else in the first mirror that has
/// them, else where they stay outside. What is not in this file system is brought into the user's
/// cache. Throws Error{integrity} naming the label when bytes are missing or are others everywhere.
std::vector<std::string> verified_objects(ClientState& state, const std::vector<ModelFile>& models,
                                          Network network);

/// The cache's copy of an object, verified; nullopt when there is none. Asks nobody.
std::optional<std::string> object_in_cache(const ClientState& state, const Digest& sha256,
                                           std::int64_t size, const TransferOptions& options);

/// The path of an object's bytes, verified, where that takes no network: the cache's copy, or that
/// of a store in this file system. Throws Error{storage} when it would take one, Error{integrity}.
std::string object_here(ClientState& state, const ModelFile& model, const TransferOptions& options);

/// The path of one in one store; nullopt when it does not have the object. One that is elsewhere is
/// kept in the cache, where a transfer that was cut off goes on.
std::optional<std::string> object_in(const ClientState& state, const Store& store,
                                     const Digest& sha256, std::int64_t size,
                                     const TransferOptions& options);
/// The same of one that stays outside. Throws as fetch_external (client/external.h).
std::string object_outside(ClientState& state, const std::vector<std::string>& places,
                           const Digest& sha256, std::int64_t size, const TransferOptions& options);

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
