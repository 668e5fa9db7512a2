#pragma once

#include <optional>
#include <string>
#include <vector>

#include "algoctl/error.h"
#include "algoctl/manifest.h"
#include "client/state.h"

namespace algoctl {

/// The registry's store. Throws Error{integrity} when there is none; `needed_by` is
/// what says so: `label 'm'`.
Store& require_store(ClientState& state, const std::string& needed_by);

/// What it means that the store does not have the object of a label.
Error no_object(const Label& label, const Digest& sha256);

/// The path of an object's bytes, verified: in the store, else in the first mirror that has them.
/// Throws Error{integrity} naming the label when they are missing or are others everywhere.
std::string verified_object(ClientState& state, const Digest& sha256, std::int64_t size,
                            const Label& label);

/// The same of one store; nullopt when it does not have the object. One that is elsewhere is kept
/// in the cache, where a transfer that was cut off goes on.
std::optional<std::string> object_in(const ClientState& state, const Store& store,
                                     const Digest& sha256, std::int64_t size,
                                     const TransferOptions& options);

/// An object whose bytes are about to be read, unverified, once.
struct OpenedObject {
  Fd copy;  ///< of a store elsewhere: a file without a name
  ObjectSource source;
};

/// Opens an object in the store; one that is elsewhere is fetched into `folder` first. Throws
/// Error{integrity} when it is not there.
OpenedObject open_object(const Store& store, const Digest& sha256, std::int64_t size,
                         const std::string& folder, const TransferOptions& options);

/// How reads of an object are watched and ended.
TransferOptions watching(const ClientState& state, const Label& label, std::int64_t size);

}  // namespace algoctl
