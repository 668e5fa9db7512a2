#pragma once

#include <optional>
#include <string>

namespace algoctl {

/// What a store says of itself, in DIR/store.json.
struct Marker {
  std::string id;     ///< 32 hexadecimal digits
  std::string owner;  ///< the id of the registry that may collect here
};

/// The marker of the store in a folder, or nullopt when there is none. Throws Error{storage} when
/// it is damaged, or of a newer kind of store.
std::optional<Marker> read_marker(const std::string& folder);

/// Gives a folder with staging/ a marker with a new id, durable, unless there is one.
/// Throws Error{storage}.
void write_marker_if_none(const std::string& folder, const std::string& owner);

}  // namespace algoctl
