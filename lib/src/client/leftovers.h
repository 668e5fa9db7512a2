#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "client/state.h"

namespace algoctl {

/// What an upload that will not go on left behind: a row, bytes, or both.
struct Leftover {
  std::string upload_id;
  std::int64_t size;  ///< bytes that were staged
  bool noted;         ///< the registry has a row of it
  std::string why;    ///< in words
};

/// All of them: of processes that have ended, and bytes older than a day that no row knows of.
/// `store` may be nullptr: then rows alone count. Reads only.
std::vector<Leftover> find_leftovers(ClientState& state, const Store* store);

}  // namespace algoctl
