#pragma once

#include <cstdint>
#include <vector>

#include "store/remote/bucket.h"

namespace algoctl {

/// A part of an object: `size` bytes from `offset` on.
struct Span {
  std::int64_t offset;
  std::int64_t size;

  bool operator==(const Span&) const = default;
};

/// How many bytes a part of an object has: the usual part, more when there would be too many, then
/// in whole MiB. Throws Error{storage} for an object that is too large for the server.
std::int64_t part_size_for(std::int64_t size, const BucketLimits& limits);

/// The parts of an object, in order. An empty object has none.
std::vector<Span> spans_of(std::int64_t size, std::int64_t part_size);

}  // namespace algoctl
