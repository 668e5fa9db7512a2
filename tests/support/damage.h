#pragma once

#include <cstdint>
#include <string>

#include "support/shop.h"

namespace algoctl::test {

// What hands, disks and SQLite shells do to a home.

/// Runs SQL in the home's registry as somebody who walks past all protection: without the triggers,
/// which are there again afterwards, but for `lost_trigger`. Everything is in `registry.db` itself
/// afterwards, and the log is empty.
void tamper(const Shop& shop, const std::string& sql, const std::string& lost_trigger = "");

/// The number that a query of the home's registry answers; -1 when it has no rows.
std::int64_t count_in_registry(const Shop& shop, const char* sql);

/// The path of the object with these bytes.
std::string object_path(const Shop& shop, const std::string& bytes);

/// Writes a file anew in place, whatever its mode.
void overwrite(const std::string& path, const std::string& bytes);

/// `bytes` with one bit changed.
std::string flipped(std::string bytes, std::size_t at);

}  // namespace algoctl::test
