#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "store/transfer.h"

namespace algoctl {

/// Calls `work` with the place of each of `sizes` (bytes), up to `width` at a time, and returns
/// when all are done. With a width of 1 that is in order and on the calling thread, else on threads
/// of its own. What is done is told to `options.progress` as one sum, on the calling thread; `work`
/// is given the options of its share: its progress counts into that sum, all of its size once it
/// returned, and it ends soon once their `stop` is set, which is when the caller's is, or when
/// another has failed. Throws what the first in order threw; Error{interrupted}.
void side_by_side(const std::vector<std::int64_t>& sizes, int width, const TransferOptions& options,
                  const std::function<void(std::size_t, const TransferOptions&)>& work);

}  // namespace algoctl
