#pragma once

#include <string>
#include <vector>

#include "algoctl/digest.h"
#include "client/state.h"

namespace algoctl {

/// An object that is to be read again.
struct ObjectToCheck {
  Digest object;
  std::int64_t size;  ///< bytes
};

/// What was wrong with one.
struct ObjectFault {
  ObjectToCheck object;
  bool missing;
  std::string detail;
};

/// Reads the objects again, on all cores (at most 8 threads). Returns the faults, in the order of
/// the objects. Throws Error{storage} when the store cannot be read, Error{interrupted}.
std::vector<ObjectFault> check_objects(ClientState& state, const Store& store,
                                       const std::vector<ObjectToCheck>& objects);

}  // namespace algoctl
