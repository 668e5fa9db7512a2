#pragma once

#include "algoctl/borrowing.h"

namespace algoctl {

/// Whether a thread has `snapshot` in its slots. To be asked once it is not current any more: then
/// an answer of false stays true.
bool is_borrowed(const Snapshot* snapshot) noexcept;

}  // namespace algoctl
