#pragma once

#include <functional>
#include <memory>
#include <string>

#include "store/store.h"

namespace algoctl::test {

/// What every kind of store must do, whatever keeps its bytes. `open` opens the same store, which
/// is new and empty at first; its owner is `owner-1`. `folder` is for files that come and go.
/// Objects of more than `part` bytes are among what it keeps. `overwrite` puts other bytes where an
/// object is, as another program would. Checks with doctest.
void check_conformance(
    const std::function<std::unique_ptr<Store>()>& open, const std::string& folder,
    std::size_t part,
    const std::function<void(const Digest& object, const std::string& bytes)>& overwrite);

}  // namespace algoctl::test
