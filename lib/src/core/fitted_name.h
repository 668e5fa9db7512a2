#pragma once

#include <string>
#include <string_view>

#include "algoctl/name.h"

namespace algoctl {

/// `text` as a slot or a label, with `_` for each character that does not fit, `/` at the wrong
/// place included. Throws Error{usage} when it is empty or too long even so.
Slot fitted_slot(std::string_view text);
Label fitted_label(std::string_view text);

}  // namespace algoctl
