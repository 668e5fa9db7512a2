#pragma once

#include <string>

#include "support/shop.h"

namespace algoctl::test {

// What hands, disks and SQLite shells do to a home.

/// Runs SQL in the home's registry as somebody who walks past all protection: triggers are dropped
/// first. Everything is in `registry.db` itself afterwards, and the log is empty.
void tamper(const Shop& shop, const std::string& sql);

/// The path of the object with these bytes.
std::string object_path(const Shop& shop, const std::string& bytes);

/// Writes a file anew in place, whatever its mode.
void overwrite(const std::string& path, const std::string& bytes);

/// `bytes` with one bit changed.
std::string flipped(std::string bytes, std::size_t at);

}  // namespace algoctl::test
