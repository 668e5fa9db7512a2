#pragma once

#include <string>
#include <vector>

#include "registry/db.h"

namespace algoctl {

/// A store that has copies of what the registry's store has.
struct MirrorPlace {
  std::string id;   ///< the store's
  std::string url;  ///< or, inside the registry's folder, the path from there
};

/// The registry's mirrors, in the order in which they are asked. Throws Error{integrity} when what
/// is remembered is damaged.
std::vector<MirrorPlace> mirrors_of(Db& db);
void set_mirrors(Db& db, const std::vector<MirrorPlace>& mirrors);

}  // namespace algoctl
