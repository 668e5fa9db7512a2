#include "store/remote/part_plan.h"

#include <doctest/doctest.h>

#include "unit/core/failure.h"
#include "unit/store/store_fixture.h"

namespace algoctl::test {
namespace {

BucketLimits limits(std::int64_t smallest, std::int64_t largest, int parts) {
  return {smallest, largest, parts, true, true, true};
}

}  // namespace

TEST_CASE("part_size_for: a sixteenth, from 16 to 64 MiB, and more when there would be too many") {
  struct Case {
    std::int64_t size;
    BucketLimits limits;
    std::int64_t part;
  };
  const BucketLimits s3 = limits(5 * kMiB, 5120 * kMiB, 10'000);
  for (const Case& c : {
           Case{0, s3, 16 * kMiB},
           Case{1, s3, 16 * kMiB},
           Case{256 * kMiB, s3, 16 * kMiB},
           Case{512 * kMiB + 1, s3, 32 * kMiB},
           Case{528 * kMiB, s3, 48 * kMiB},
           Case{1024 * kMiB, s3, 64 * kMiB},
           Case{640'000 * kMiB, s3, 64 * kMiB},
           Case{640'000 * kMiB + 1, s3, 65 * kMiB},
           Case{5 * kMiB * kMiB, s3, 525 * kMiB},  // 5 TiB
           Case{5120 * kMiB * 10'000, s3, 5120 * kMiB},
           Case{1, limits(20 * kMiB + 1, 100 * kMiB, 10), 21 * kMiB},
           Case{100 * kMiB, limits(1, 100 * kMiB, 3), 34 * kMiB},
           Case{1024 * kMiB, limits(1, 20 * kMiB, 100), 20 * kMiB},
       }) {
    CAPTURE(c.size);
    CHECK(part_size_for(c.size, c.limits) == c.part);
    const auto count = spans_of(c.size, c.part).size();
    CHECK(count <= static_cast<std::size_t>(c.limits.parts));
  }
}

TEST_CASE("part_size_for: an object that no server takes") {
  CHECK(failure([] { part_size_for(100 * kMiB, limits(1, 20 * kMiB, 4)); }) ==
        "storage: 104857600 bytes are more than the store takes, 83886080 | split the model into "
        "several slots");
}

TEST_CASE("spans_of: side by side, and together the whole") {
  CHECK(spans_of(0, 10).empty());
  CHECK(spans_of(9, 10) == std::vector<Span>{{0, 9}});
  CHECK(spans_of(10, 10) == std::vector<Span>{{0, 10}});
  CHECK(spans_of(25, 10) == std::vector<Span>{{0, 10}, {10, 10}, {20, 5}});
}

}  // namespace algoctl::test
