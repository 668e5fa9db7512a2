#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/scan.h"

namespace algoctl {

// The pieces of semver's grammar that versions and ranges share.

constexpr std::int64_t kMaxVersionNumber =
    9007199254740991;  // 2^53-1, as in npm: exact in a double
constexpr std::size_t kMaxVersionLength = 256;

/// `0|[1-9][0-9]*`. A number over kMaxVersionNumber comes back as kMaxVersionNumber + 1, because a
/// range may ignore it (`^1.x.99999999999999999999`).
std::optional<std::int64_t> take_number(Cursor& in);

/// `-` and what follows it: dot-separated identifiers, numeric ones without leading zeros. Comes
/// back without the `-`; empty when there is no `-`; nullopt when malformed.
std::optional<std::string_view> take_prerelease(Cursor& in);

/// The same for `+`, where leading zeros may stand.
std::optional<std::string_view> take_build(Cursor& in);

bool is_prerelease(std::string_view text) noexcept;
bool is_build(std::string_view text) noexcept;

}  // namespace algoctl
