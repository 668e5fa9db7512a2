#pragma once

#include <set>
#include <string>
#include <vector>

#include "algoctl/publish.h"
#include "client/state.h"
#include "client/storing.h"

namespace algoctl {

/// Bytes before pointers: every object of the manifest is recorded, is in the store or may stay
/// outside of it, and is what its label named at some time. Of `arriving`, the files that come with
/// it, all of that is taken to have happened. Returns warnings: what stays outside of the store,
/// when the options allow that. Throws Error{integrity}, Error{not_found} for a label that is not
/// there, Error{conflict} for bytes outside that the options do not allow.
std::vector<std::string> require_objects(ClientState& state, Db& db, const Manifest& manifest,
                                         const std::vector<Arrived>& arriving,
                                         const PublishOptions& options);

/// Reads again those of the manifest's objects in a store in this file system of which this machine
/// does not remember that they are sound; `sound` are those that need no look, and gets the others.
/// A store elsewhere vouches for what it has. What is not there at all is require_objects' to say.
/// Throws Error{integrity} for one that is damaged.
void require_sound(ClientState& state, const Manifest& manifest, std::set<Digest>& sound);

}  // namespace algoctl
