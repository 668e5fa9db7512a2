#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <string_view>

#include "store/remote/part_plan.h"

namespace algoctl {

/// Gives all of a part of a file to `take`, piece by piece. Throws Error{storage} when it cannot be
/// read or ends before, `name` is what errors call it; Error{interrupted} once `stop` is set.
void read_span(int fd, const Span& span, const std::string& name, const std::atomic<bool>* stop,
               const std::function<void(std::string_view)>& take);

}  // namespace algoctl
