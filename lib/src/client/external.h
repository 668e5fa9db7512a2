#pragma once

#include <map>
#include <string>
#include <vector>

#include "client/state.h"

namespace algoctl {

/// Where the bytes of those objects stay that the store does not have: URLs, which are the
/// registry's. The store is asked once, and only when the registry knows of any.
std::map<Digest, std::vector<std::string>> places_outside(
    ClientState& state, const Store& store, const std::vector<Store::Wanted>& objects);
/// The same of one object: empty when there are none, or the store has the bytes.
std::vector<std::string> places_outside(ClientState& state, const Store& store,
                                        const Digest& sha256, std::int64_t size);

/// Writes an object into a file as Store::fetch does, from the first of the places, at least one,
/// that gives it. Throws what the last one does: Error{integrity} when it is not there any more, or
/// holds other bytes.
void fetch_external(ClientState& state, const std::vector<std::string>& places,
                    const Digest& sha256, std::int64_t size, int to, const std::string& to_path,
                    const TransferOptions& options);

/// Reads it there again. Throws as fetch_external.
void check_external(ClientState& state, const std::vector<std::string>& places,
                    const Digest& sha256, const TransferOptions& options);

/// Error{conflict}: a version that needs bytes outside was not allowed.
Error external_refused(const std::string& what, const std::string& url);

}  // namespace algoctl
