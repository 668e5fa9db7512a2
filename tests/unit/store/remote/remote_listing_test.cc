#include <doctest/doctest.h>

#include <atomic>

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

TEST_CASE("remote listing: what uploads in parts left, and since when") {
  PlayedS3 s3;
  const auto store = store_on(s3);
  const std::string hex(64, '7');
  s3.lie([hex](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
    if (request.target.find("prefix=objects") == std::string::npos) return std::nullopt;
    ScriptedAnswer answer;
    answer.body =
        "<ListMultipartUploadsResult><IsTruncated>false</IsTruncated>"
        "<Upload><Key>objects/sha256/77/" +
        hex +
        "</Key><UploadId>u</UploadId><Initiated>2024-09-06T16:00:00Z</Initiated></Upload>"
        "<Upload><Key>objects/sha256/78/" +
        hex + "</Key><UploadId>u</UploadId></Upload></ListMultipartUploadsResult>";
    return answer;
  });
  const auto staged = store->staged();
  REQUIRE(staged.size() == 1);
  CHECK(staged.at(0).upload_id == hex + "+u");
  CHECK(staged.at(0).staged_at == 1'725'638'400'000);
}

TEST_CASE("remote listing: a list of uploads that does not move on is an error") {
  PlayedS3 s3;
  const auto store = store_on(s3);
  say_always(s3,
             "<ListMultipartUploadsResult><IsTruncated>true</IsTruncated><NextKeyMarker>x"
             "</NextKeyMarker></ListMultipartUploadsResult>");
  CHECK(failure([&] { static_cast<void>(store->staged()); }) ==
        "storage: s3://bucket: the list of uploads in parts does not move on | look at what "
        "answers there: is it an object store?");
  CHECK(s3.count("GET", "uploads") == 2);
}

TEST_CASE("remote listing: a list that goes in circles is an error") {
  // Ever another page, which names nothing, or the same again.
  for (const char* entry : {"", "<Contents><Key>objects/sha256/a</Key></Contents>"}) {
    PlayedS3 s3;
    const auto store = store_on(s3);
    std::atomic<int> pages{0};
    s3.lie([&](const SeenRequest& request) {
      const std::string next = std::to_string(++pages % 2);
      const bool of_keys = request.target.find("list-type") != std::string::npos;
      ScriptedAnswer answer;
      answer.body = of_keys ? "<ListBucketResult><IsTruncated>true</IsTruncated>" +
                                  std::string(entry) + "<NextContinuationToken>" + next +
                                  "</NextContinuationToken></ListBucketResult>"
                            : "<ListMultipartUploadsResult><IsTruncated>true</IsTruncated>"
                              "<NextKeyMarker>" +
                                  next + "</NextKeyMarker></ListMultipartUploadsResult>";
      // So that the test ends where nothing else does.
      if (pages > 300) answer.status = 403;
      return answer;
    });
    const std::string moves = "does not move on";
    CHECK(failure([&] { store->list([](const Digest&) {}); }).find(moves) != std::string::npos);
    CHECK(failure([&] { static_cast<void>(store->staged()); }).find(moves) != std::string::npos);
    CHECK(pages > 200);
    CHECK(pages < 210);
  }
}

TEST_CASE("remote listing: empty pages are no end, and one after another may be") {
  PlayedS3 s3;
  const auto store = store_on(s3);
  std::atomic<int> pages{0};
  const auto hex = [](int number) { return Digest::of(std::to_string(number)).hex(); };
  s3.lie([&](const SeenRequest&) {
    const int page = ++pages;
    std::string entry;
    if (page % 100 == 0) {
      entry = "<Contents><Key>objects/sha256/" +
              std::string(1, static_cast<char>('a' + page / 100)) + "</Key></Contents>";
    }
    const std::string object =
        "<Contents><Key>objects/sha256/" + hex(1).substr(0, 2) + "/" + hex(1) + "</Key></Contents>";
    ScriptedAnswer answer;
    answer.body = "<ListBucketResult><IsTruncated>" + std::string(page < 350 ? "true" : "false") +
                  "</IsTruncated>" + entry + (page == 350 ? object : "") +
                  "<NextContinuationToken>" + std::to_string(page) +
                  "</NextContinuationToken></ListBucketResult>";
    return answer;
  });
  int seen = 0;
  store->list([&](const Digest&) { ++seen; });
  CHECK(seen == 1);
}

TEST_CASE("remote listing: what a probe left is found and discarded, and nothing else there") {
  PlayedS3 s3;
  const auto store = store_on(s3);
  const std::string probe = "probe/0123456789abcdef0123456789abcdef";
  s3.set(probe, "bytes");
  s3.set("probe/notes.txt", "mine");
  s3.leave_upload(probe + "-parts");
  s3.leave_upload("probe/notes.bin");
  const auto staged = store->staged();
  REQUIRE(staged.size() == 2);
  for (const Store::Staged& each : staged) {
    CHECK_FALSE(each.is_given);
    CHECK(each.staged_at == 1'551'348'672'000);
    store->discard(each.upload_id);
    store->discard(each.upload_id);  // nothing there: nothing happens
  }
  CHECK(store->staged().empty());
  CHECK(s3.objects().count(probe) == 0);
  CHECK(s3.objects().count("probe/notes.txt") == 1);
  CHECK(s3.open_uploads() == 1);
}

}  // namespace algoctl::test
