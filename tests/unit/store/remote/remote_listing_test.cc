#include <doctest/doctest.h>

#include "store/remote/remote_store.h"
#include "store/remote/s3_bucket.h"
#include "support/played_s3.h"
#include "unit/core/failure.h"

namespace algoctl::test {
namespace {

std::unique_ptr<RemoteStore> store_on(PlayedS3& s3) {
  S3Place place;
  place.url = "s3://bucket";
  place.endpoint = s3.server().origin();
  place.bucket = "bucket";
  auto talk = std::make_unique<Conversation>(
      std::make_unique<S3Bucket>(place, nullptr, [] { return std::int64_t{0}; }),
      http::LoopOptions{});
  return RemoteStore::create(std::move(talk), "owner-1", {"", Stamps()});
}

/// Whatever is asked for, the same page again.
void say_always(PlayedS3& s3, const std::string& body) {
  s3.lie([body](const SeenRequest&) {
    ScriptedAnswer answer;
    answer.body = body;
    return answer;
  });
}

}  // namespace

TEST_CASE("remote listing: a list of keys that does not move on is an error") {
  PlayedS3 s3;
  const auto store = store_on(s3);
  say_always(s3,
             "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>x"
             "</NextContinuationToken></ListBucketResult>");
  CHECK(failure([&] { store->list([](const Digest&) {}); }) ==
        "storage: s3://bucket: the list of keys does not move on | look at what answers there: is "
        "it an object store?");
}

TEST_CASE("remote listing: a list of uploads that does not move on ends") {
  PlayedS3 s3;
  const auto store = store_on(s3);
  const std::string hex(64, '7');
  say_always(s3,
             "<ListMultipartUploadsResult><IsTruncated>true</IsTruncated><NextKeyMarker>x"
             "</NextKeyMarker><Upload><Key>objects/sha256/77/" +
                 hex +
                 "</Key><UploadId>u</UploadId><Initiated>2024-09-06T16:00:00Z</Initiated></Upload>"
                 "<Upload><Key>objects/sha256/78/" +
                 hex + "</Key><UploadId>u</UploadId></Upload></ListMultipartUploadsResult>");
  const auto staged = store->staged();
  CHECK(s3.count("GET", "uploads") == 2);
  CHECK(staged.size() == 2);
  CHECK(staged.at(0).upload_id == hex + "+u");
  CHECK(staged.at(0).staged_at == 1'725'638'400'000);
}

}  // namespace algoctl::test
