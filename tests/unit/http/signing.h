#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"

namespace algoctl::http {

// What the tests of signers sign, and when.
inline const std::int64_t kNow = *parse_time("2019-02-28T10:11:12Z");
inline const std::string kPayload(64, 'a');  ///< its SHA-256

}  // namespace algoctl::http
