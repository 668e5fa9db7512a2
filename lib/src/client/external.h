#pragma once

#include <functional>
#include <string>
#include <vector>

#include "client/state.h"

namespace algoctl {

/// Calls `read` as read_from_any does (client/mirrors.h). When no store has the object, calls
/// `outside` with the URLs where its bytes stay, if the registry knows of any: true then, and what
/// that throws is thrown.
bool read_from_anywhere(ClientState& state, const Digest& object,
                        const std::function<Store&()>& own,
                        const std::function<bool(const Store&)>& read,
                        const std::function<void(const std::vector<std::string>&)>& outside);

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
