#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "algoctl/digest.h"
#include "registry/db.h"

namespace algoctl {

/// The size of an object that the registry knows, in bytes.
std::optional<std::int64_t> object_size(Db& db, const Digest& object);

/// Records that a store holds an object. Known already: nothing changes.
/// Throws Error{integrity} when it is known with another size.
void record_object(Db& db, const Digest& object, std::int64_t size, const std::string& store_id);

}  // namespace algoctl
