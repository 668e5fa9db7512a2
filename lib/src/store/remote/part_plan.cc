#include "store/remote/part_plan.h"

#include <algorithm>

namespace algoctl {
namespace {

constexpr std::int64_t kMiB = 1 << 20;
// Servers take longer over many parts than over few; few are enough to fill the way there.
constexpr std::int64_t kEnoughParts = 16;
constexpr std::int64_t kMostUsual = 4;  // times the usual part: that much is sent again after a cut

std::int64_t rounded_up(std::int64_t size, std::int64_t to) { return (size + to - 1) / to * to; }

}  // namespace

std::int64_t part_size_for(std::int64_t size, const BucketLimits& limits) {
  const std::int64_t smallest = limits.smallest_part <= limits.usual_part
                                    ? limits.usual_part
                                    : rounded_up(limits.smallest_part, kMiB);
  const std::int64_t even =
      std::min(rounded_up(size / kEnoughParts, limits.usual_part), kMostUsual * limits.usual_part);
  const std::int64_t few = std::max(smallest, std::min(even, limits.largest_part));
  const std::int64_t needed = (size + limits.parts - 1) / limits.parts;
  const std::int64_t part = needed <= few ? few : rounded_up(needed, kMiB);
  if (part <= limits.largest_part) return part;
  throw Error(Code::storage,
              std::to_string(size) + " bytes are more than the store takes, " +
                  std::to_string(limits.largest_part * limits.parts),
              "split the model into several slots");
}

std::vector<Span> spans_of(std::int64_t size, std::int64_t part_size) {
  std::vector<Span> spans;
  for (std::int64_t at = 0; at < size; at += part_size) {
    spans.push_back({at, std::min(part_size, size - at)});
  }
  return spans;
}

}  // namespace algoctl
