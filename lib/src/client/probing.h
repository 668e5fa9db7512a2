#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "algoctl/stores.h"

namespace algoctl {

/// Throws Error{storage} naming what a store cannot do without and does not hold.
void require_needed(const std::vector<ProbeFinding>& findings, const std::string& url);

/// What does not hold and would only have helped, in a sentence; empty when all holds.
std::string what_it_lacks(const std::vector<ProbeFinding>& findings);

/// What the registry remembers of a probe (docs/formats.md, "Store").
std::string verdict_text(const std::vector<ProbeFinding>& findings, std::int64_t now_ms);

/// The same text for a person, when it was and what was found: `tried TIME, all holds`; empty for
/// what cannot be read.
std::string recalled(const std::string& verdict);

}  // namespace algoctl
