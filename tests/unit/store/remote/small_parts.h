#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "store/remote/conversation.h"
#include "store/remote/s3_bucket.h"
#include "support/played_s3.h"

namespace algoctl::test {

/// How large a part is there: bytes.
constexpr std::size_t kPart = 64 << 10;

/// So many are never moved at once: the last begins when one of the others is done.
constexpr std::size_t kManyParts = 17;

/// Cuts objects into small parts, so that tests need not move large ones.
class SmallParts final : public S3Bucket {
 public:
  using S3Bucket::S3Bucket;
  [[nodiscard]] BucketLimits limits() const override {
    BucketLimits limits = S3Bucket::limits();
    limits.smallest_part = 1;
    limits.usual_part = kPart;
    return limits;
  }
};

/// Talks with a played server about what lies below a prefix, and does not wait between tries.
inline std::unique_ptr<Conversation> talk_in_small_parts(const PlayedS3& s3,
                                                         const std::string& prefix) {
  S3Place place;
  place.url = (s3.is_google ? "gs://bucket/" : "s3://bucket/") + prefix;
  place.is_google = s3.is_google;
  place.endpoint = s3.server().origin();
  place.bucket = "bucket";
  place.prefix = prefix + "/";
  http::RetryOptions retry;
  retry.first_delay = std::chrono::milliseconds(1);
  retry.longest_delay = std::chrono::milliseconds(1);
  retry.tries = 3;
  return std::make_unique<Conversation>(
      std::make_unique<SmallParts>(place, nullptr, [] { return std::int64_t{1'000'000'000'000}; }),
      http::LoopOptions{}, retry);
}

}  // namespace algoctl::test
