#pragma once

#include <cstdint>
#include <optional>

#include "http/message.h"

namespace algoctl {

/// Which bytes of an object a 200 or 206 says that it brings. -1: it does not say.
struct Brought {
  std::int64_t offset = 0;
  std::int64_t end = -1;    ///< behind the last byte
  std::int64_t total = -1;  ///< the object's size

  bool operator==(const Brought&) const = default;
};

/// True when its length shows at its end only.
bool is_chunked(const http::Response& head);

/// Reads Content-Range of a 206, and Content-Length of any other answer, which does not count for
/// one in chunks (RFC 9110, 14.4; RFC 9112, 6.3). nullopt: a 206 that does not say which bytes it
/// brings, or contradicts itself.
std::optional<Brought> brought_by(const http::Response& head);

}  // namespace algoctl
