#pragma once

#include <optional>
#include <string>

namespace algoctl {

/// What a store says of itself, in DIR/store.json.
struct Marker {
  std::string id;     ///< 32 hexadecimal digits
  std::string owner;  ///< the id of the registry that may collect here
};

/// A marker as it is written, and read back. `store` is what errors call the store, `where` the
/// marker. Throws Error{storage} when it is damaged, or of a newer kind of store.
std::string marker_text(const Marker& marker);
Marker parse_marker(const std::string& text, const std::string& where, const std::string& store);
/// A marker with a new id.
Marker new_marker(const std::string& owner);

/// The marker of the store in a folder, or nullopt when there is none. Throws Error{storage} when
/// it is damaged, or of a newer kind of store.
std::optional<Marker> read_marker(const std::string& folder);

/// Gives a folder with staging/ a marker with a new id, durable, unless there is one.
/// Throws Error{storage}.
void write_marker_if_none(const std::string& folder, const std::string& owner);

}  // namespace algoctl
