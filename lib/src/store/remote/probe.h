#pragma once

#include <string>
#include <vector>

#include "store/remote/conversation.h"

namespace algoctl {

/// One thing that a server was tried for.
struct ProbeFinding {
  std::string what;    ///< `create only what is new`
  bool holds = false;  ///< it does what is hoped for
  bool needed = true;  ///< a store cannot do without
  std::string detail;  ///< what it did
};

/// Tries a server before it is trusted, with keys below `probe/` that it removes again: puts, reads
/// back, ranges, lists, creates what is there already, lets twenty create one key at a time, sends
/// a body that is not what was signed, puts in parts, deletes. Reads alone where it may only be
/// read. What fails is a finding; throws only Error{interrupted}.
std::vector<ProbeFinding> probe(const Conversation& talk, const std::atomic<bool>* stop = nullptr);

}  // namespace algoctl
