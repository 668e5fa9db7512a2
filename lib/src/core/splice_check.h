#pragma once

#include <string_view>

#include "base/json.h"
#include "core/splice.h"

namespace algoctl {

/// Parses `after` and compares it with `before` value by value, number spelling and order included.
/// Throws Error{internal} unless the two differ at exactly the places that `edit` names. Knows
/// nothing of how the text was made.
void check_splice(const JsonNode& before, std::string_view after, const ManifestEdit& edit,
                  std::string_view where);

}  // namespace algoctl
