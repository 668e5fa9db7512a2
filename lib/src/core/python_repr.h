#pragma once

#include <string>
#include <string_view>

#include "base/json.h"

namespace algoctl {

/// What Python's `str(json.loads(TEXT))` gives for the value, in UTF-8: members in the order of the
/// text, strings in its choice of quotes and escapes, numbers as it spells them, True, False, None.
/// `without` names a member of the outermost object that is left out; empty: none is.
/// For values from parse_json, which is stricter than Python: no NaN, no half surrogate pairs.
std::string python_repr(const JsonNode& value, std::string_view without = {});

/// The same for a string's UTF-8, and for a number as JSON spells it.
std::string python_string(std::string_view text);
std::string python_number(std::string_view spelled);

}  // namespace algoctl
