#pragma once

#include <string>

#include "algoctl/reference.h"

namespace algoctl {

/// What `--from` takes: a reference, `@SELECTOR`, a bare selector or version, of the algorithm
/// `own`. Throws Error{usage} for another algorithm or a label.
Reference starting_point(const std::string& text, const Algorithm& own);

}  // namespace algoctl
