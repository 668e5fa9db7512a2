#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "algoctl/stores.h"
#include "store/remote/conversation.h"

namespace algoctl {

/// Where probes lie.
constexpr const char* kProbes = "probe/";

/// True for a key that a probe puts, and leaves when it is killed.
bool is_probe_key(const std::string& key);

/// Tries a server before it is trusted, with keys below `probe/` that it removes again: puts, reads
/// back, ranges, lists, creates what is there already, lets twenty create one key at a time, sends
/// a body that is not what was signed, puts in parts, deletes. Reads alone where it may only be
/// read. What fails is a finding; throws only Error{interrupted}.
std::vector<ProbeFinding> probe(const Conversation& talk, const std::atomic<bool>* stop = nullptr);

}  // namespace algoctl
