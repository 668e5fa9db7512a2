#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "algoctl/digest.h"
#include "registry/db.h"

namespace algoctl {

/// The size of an object that the registry knows, in bytes.
std::optional<std::int64_t> object_size(Db& db, const Digest& object);

/// Records that a store holds an object. Known already: nothing changes.
/// Throws Error{integrity} when it is known with another size.
void record_object(Db& db, const Digest& object, std::int64_t size, const std::string& store_id);

/// Records that an object's bytes stay where others keep them, and no store owns them: `url` opens
/// them, without a secret. Throws as record_object.
void record_external(Db& db, const Digest& object, std::int64_t size, const std::string& url);

/// The URLs of such places, sorted; of one object, or of each that has any.
std::vector<std::string> external_places(Db& db, const Digest& object);
std::map<Digest, std::vector<std::string>> external_places(Db& db);

}  // namespace algoctl
