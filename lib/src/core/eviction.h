#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace algoctl {

/// Something in a cache that can be removed by itself.
struct Evictable {
  std::int64_t size;     ///< bytes on disk
  std::int64_t used_at;  ///< milliseconds since 1970, UTC
  bool useless = false;  ///< it can serve nobody any more
  bool held = false;     ///< a process has it open: it is not to be removed
};

struct EvictionRules {
  std::int64_t now;                       ///< milliseconds since 1970, UTC
  std::int64_t capacity;                  ///< bytes
  std::optional<std::int64_t> keep_last;  ///< this many stay, the ones used last
  std::optional<std::int64_t> keep_for;   ///< milliseconds; those used since then stay
  std::int64_t young = 0;  ///< milliseconds; those used since then are not too much: somebody may
                           ///< have just got their path
};

enum class EvictionReason { useless, unused, over_capacity };

struct Eviction {
  std::size_t index;  ///< in what was given
  EvictionReason reason;
};

/// What is to go: the useless; with a rule to keep some, those that no such rule keeps; and then,
/// least recently used first, whatever is more than the capacity. In that order.
std::vector<Eviction> plan_eviction(const std::vector<Evictable>& entries,
                                    const EvictionRules& rules);

}  // namespace algoctl
