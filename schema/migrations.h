#pragma once

#include <string_view>
#include <vector>

namespace algoctl {

/// The numbered migrations of schema/sqlite, compiled in: the n-th (from 1) leads to user_version
/// n.
std::vector<std::string_view> sqlite_migrations();

}  // namespace algoctl
