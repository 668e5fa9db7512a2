#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace algoctl::http {

/// A URL that anybody can get without credentials, and until when.
struct Link {
  std::string url;
  std::optional<std::int64_t> expires_at;  ///< milliseconds since 1970, UTC; none: it does not end
};

}  // namespace algoctl::http
