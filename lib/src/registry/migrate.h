#pragma once

#include <cstddef>
#include <string>

#include "registry/db.h"

namespace algoctl {

/// `algc` in ASCII: SQLite's application_id of a registry.
inline constexpr std::int64_t kApplicationId = 0x616c6763;

/// How a database stands to this program's schema.
struct SchemaState {
  std::int64_t version = 0;  ///< user_version
  bool current = false;
};

/// Throws Error{integrity} when `path` holds no registry, Error{storage} when its schema is newer
/// than this program.
SchemaState check_schema(Db& db, const std::string& path);

/// Runs the migrations that are missing, each in one transaction, up to `target` (0: all of them).
/// Safe to run from several processes at once.
void migrate(Db& db, const std::string& path, std::size_t target = 0);

}  // namespace algoctl
