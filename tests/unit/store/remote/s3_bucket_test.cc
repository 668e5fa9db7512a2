#include "store/remote/s3_bucket.h"

#include <doctest/doctest.h>

#include "algoctl/digest.h"
#include "unit/core/failure.h"
#include "unit/store/remote/bucket_fixture.h"

namespace algoctl::test {
namespace {

const std::string kAtNow = "\nauthorization: e3b0c442 at 1725638400000";  // of no body
const std::string kKept = "\nx-amz-meta-sha256: " + std::string(kSha256);
const std::string kS3Root = "https://s3.example.com/bucket/a%20b/";

S3Place s3_place() {
  S3Place place;
  place.url = "s3://bucket/a%20b";
  place.endpoint = "https://s3.example.com";
  place.bucket = "bucket";
  place.prefix = "a b/";
  return place;
}

S3Bucket s3_bucket(S3Place where = s3_place()) {
  return {std::move(where), std::make_shared<ShownSigner>(), [] { return kNow; }};
}

}  // namespace

TEST_CASE("s3 bucket: what it asks of a key") {
  S3Bucket b = s3_bucket();
  CHECK(b.url() == "s3://bucket/a%20b");
  CHECK(shown(b.head("k+1")) == "HEAD " + kS3Root + "k%2B1" + kAtNow);
  CHECK(shown(b.get("k")) == "GET " + kS3Root + "k" + kAtNow);
  CHECK(shown(b.get("k", 10, 5)) == "GET " + kS3Root + "k\nrange: bytes=10-14" + kAtNow);
  CHECK(shown(b.remove("k")) == "DELETE " + kS3Root + "k" + kAtNow);
  const std::string put = "PUT " + kS3Root + "k";
  CHECK(shown(b.put("k", {"hello", -1, 0, 0}, kSha256, false)) ==
        put + kKept + "\nauthorization: 77777777 at 1725638400000\nhello");
  CHECK(shown(b.put("k", {"", 3, 16, 32}, kSha256, true)) ==
        put + "\nif-none-match: *" + kKept +
            "\nauthorization: 77777777 at 1725638400000\nfd 3 from 16, 32");
}

TEST_CASE("s3 bucket: Google has another word for what is only new") {
  S3Place where = s3_place();
  where.is_google = true;
  CHECK(shown(s3_bucket(where).put("k", {}, kSha256, true)) ==
        "PUT " + kS3Root + "k\nx-goog-if-generation-match: 0\nx-goog-meta-sha256: " + kSha256 +
            "\nauthorization: 77777777 at 1725638400000");
}

TEST_CASE("s3 bucket: a bucket may be named by the host") {
  S3Place where = s3_place();
  where.path_style = false;
  where.endpoint = "http://s3.example.com:7480";
  CHECK(s3_bucket(where).get("k").url() == "http://bucket.s3.example.com:7480/a%20b/k");
  CHECK(s3_bucket(where).list("", "").url() ==
        "http://bucket.s3.example.com:7480/?list-type=2&prefix=a%20b%2F");
}

TEST_CASE("s3 bucket: without credentials nothing is signed") {
  S3Bucket b(s3_place(), nullptr, [] { return kNow; });
  CHECK(shown(b.get("k")) == "GET " + kS3Root + "k");
  CHECK(shown(b.link("k", std::chrono::seconds(60))) == kS3Root + "k for ever");
}

TEST_CASE("s3 bucket: a link is signed for now") {
  CHECK(shown(s3_bucket().link("k", std::chrono::seconds(60))) ==
        kS3Root + "k?signed until 1725638460000");
}

TEST_CASE("s3 bucket: lists, as Ceph and Swift write them") {
  S3Bucket b = s3_bucket();
  const std::string list = "https://s3.example.com/bucket/?";
  CHECK(shown(b.list("objects/", "")) ==
        "GET " + list + "list-type=2&prefix=a%20b%2Fobjects%2F" + kAtNow);
  CHECK(shown(b.list("objects/", "a b/objects/k+2")) ==
        "GET " + list +
            "continuation-token=a%20b%2Fobjects%2Fk%2B2&list-type=2&prefix=a%20b%2Fobjects%2F" +
            kAtNow);
  CHECK(shown(b.read_list(answer(
            200,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListBucketResult "
            "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>bucket</Name><Prefix>a "
            "b/</Prefix><MaxKeys>2</MaxKeys><IsTruncated>true</IsTruncated><Contents><Key>a "
            "b/x&amp;&lt;y</Key><LastModified>2024-09-06T16:00:00.044Z</LastModified>"
            "<ETag>&quot;9dd4&quot;</ETag><Size>17</Size><Type>Normal</Type></Contents><Contents>"
            "<Key>a b/z</Key><LastModified>never</LastModified><Size>-1</Size></Contents>"
            "<NextContinuationToken>a b/z&amp;+</NextContinuationToken></ListBucketResult>"))) ==
        "x&<y 17 1725638400044\nz -1 0\nnext: a b/z&+");
  CHECK(shown(b.read_list(answer(200,
                                 "<?xml version='1.0' encoding='UTF-8'?>\n<ListBucketResult>"
                                 "<NextContinuationToken>of no use</NextContinuationToken>"
                                 "<KeyCount>0</KeyCount><IsTruncated>false</IsTruncated>"
                                 "</ListBucketResult>"))) == "next: ");
}

TEST_CASE("s3 bucket: a list that is none, or not the one that was asked for") {
  S3Bucket b = s3_bucket();
  const auto fault = [&](const std::string& body) {
    return failure([&] { b.read_list(answer(200, body)); });
  };
  CHECK(fault("<html>hello</html>") ==
        "storage: s3://bucket/a%20b did not answer with 'ListBucketResult', but with 'html' | look "
        "at what answers there: is it an object store?");
  CHECK(fault("It works!") ==
        "storage: s3://bucket/a%20b did not answer with 'ListBucketResult', but with 'It works!' | "
        "look at what answers there: is it an object store?");
  CHECK(fault("<ListBucketResult><Contents><Key>other/k</Key></Contents></ListBucketResult>") ==
        "storage: s3://bucket/a%20b lists a key that was not asked for: 'other/k' | look at what "
        "answers at https://s3.example.com");
  CHECK(fault("<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>") ==
        "storage: s3://bucket/a%20b answered without 'NextContinuationToken' | look at what "
        "answers there: is it an object store?");
}

TEST_CASE("s3 bucket: an upload in parts") {
  S3Bucket b = s3_bucket();
  CHECK(b.limits().tracks_uploads);
  CHECK(shown(b.begin_parts("k", kSha256)) == "POST " + kS3Root + "k?uploads=" + kKept + kAtNow);
  CHECK(b.read_upload_id(answer(200,
                                "<InitiateMultipartUploadResult><Key>k</Key><UploadId>2~M/+"
                                "</UploadId></InitiateMultipartUploadResult>")) == "2~M/+");
  CHECK(failure([&] {
          b.read_upload_id(
              answer(200, "<InitiateMultipartUploadResult></InitiateMultipartUploadResult>"));
        }) ==
        "storage: s3://bucket/a%20b answered without 'UploadId' | look at what answers there: is "
        "it an object store?");
  CHECK(shown(b.put_part("k", "2~M/+", 3, {"", 4, 0, 9}, kSha256)) ==
        "PUT " + kS3Root +
            "k?partNumber=3&uploadId=2~M%2F%2B\nauthorization: 77777777 at 1725638400000\n"
            "fd 4 from 0, 9");
  CHECK(b.read_part_tag(3, kSha256, answer(200, "", {{"etag", "\"7f02\""}})) == "\"7f02\"");
  CHECK(failure([&] { b.read_part_tag(3, kSha256, answer(200)); }) ==
        "storage: s3://bucket/a%20b took part 3 without an ETag, so that the upload cannot be "
        "completed");
  CHECK(shown(b.abort("k", "2~M/+")) == "DELETE " + kS3Root + "k?uploadId=2~M%2F%2B" + kAtNow);
}

TEST_CASE("s3 bucket: which parts are there") {
  S3Bucket b = s3_bucket();
  CHECK(shown(b.list_parts("k", "u", "")) == "GET " + kS3Root + "k?uploadId=u" + kAtNow);
  CHECK(shown(b.list_parts("k", "u", "2")) ==
        "GET " + kS3Root + "k?part-number-marker=2&uploadId=u" + kAtNow);
  const std::string part =
      "<Part><LastModified>2024-09-06T16:00:00Z</LastModified><PartNumber>1</PartNumber>"
      "<ETag>&quot;9001&quot;</ETag><Size>3</Size></Part>";
  CHECK(shown(b.read_parts(answer(200,
                                  "<ListPartsResult><NextPartNumberMarker>1</NextPartNumberMarker>"
                                  "<IsTruncated>true</IsTruncated>" +
                                      part + "</ListPartsResult>"))) == "1 3 \"9001\"\nnext: 1");
  CHECK(shown(b.read_parts(answer(200,
                                  "<ListPartsResult><NextPartNumberMarker>1</NextPartNumberMarker>"
                                  "<IsTruncated>false</IsTruncated></ListPartsResult>"))) ==
        "next: ");
}

TEST_CASE("s3 bucket: completing names all parts and signs for it") {
  const http::Request request =
      s3_bucket().complete("k", "u", {{1, 5, "\"aa\""}, {2, 3, "\"b<b\""}}, kSha256);
  const std::string body =
      "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Part>"
      "<PartNumber>1</PartNumber><ETag>&quot;aa&quot;</ETag></Part><Part><PartNumber>2"
      "</PartNumber><ETag>&quot;b&lt;b&quot;</ETag></Part></CompleteMultipartUpload>";
  CHECK(shown(request) == "POST " + kS3Root +
                              "k?uploadId=u\ncontent-type: application/xml\nauthorization: " +
                              Digest::of(body).hex().substr(0, 8) + " at 1725638400000\n" + body);
}

TEST_CASE("s3 bucket: a 200 of completing may hold an error") {
  struct Case {
    const char* body;
    const char* refusal;
  };
  for (const Case& c : {
           Case{"<CompleteMultipartUploadResult><ETag></ETag></CompleteMultipartUploadResult>", ""},
           Case{"<?xml version=\"1.0\"?>\n<Error><Code>InternalError</Code>"
                "<Message>We met one.</Message></Error>",
                "InternalError: We met one. (transient)"},
           Case{"<Error><Code>SlowDown</Code></Error>", "SlowDown:  (transient)"},
           Case{"<Error><Code>InvalidPart</Code><Message>no</Message></Error>", "InvalidPart: no"},
           Case{"<Other/>", ": "},
           Case{"", ": what came back is no XML (transient)"},
       }) {
    CAPTURE(std::string(c.body));
    const auto refusal = s3_bucket().read_complete(answer(200, c.body));
    CHECK((refusal ? refusal->code + ": " + refusal->message +
                         (refusal->transient ? " (transient)" : "")
                   : "") == c.refusal);
  }
}

TEST_CASE("s3 bucket: which uploads nobody has completed") {
  S3Bucket b = s3_bucket();
  const std::string uploads = "https://s3.example.com/bucket/?";
  CHECK(shown(b.list_uploads("objects/", "")) ==
        "GET " + uploads + "prefix=a%20b%2Fobjects%2F&uploads=" + kAtNow);
  const PartedUploadPage page = b.read_uploads(
      answer(200,
             "<ListMultipartUploadsResult><NextKeyMarker>a b/k</NextKeyMarker>"
             "<NextUploadIdMarker>2~D</NextUploadIdMarker><IsTruncated>true</IsTruncated><Upload>"
             "<Key>a b/k</Key><UploadId>2~D</UploadId><Initiator><ID>test</ID></Initiator>"
             "<Initiated>2024-09-06T16:00:00.000Z</Initiated></Upload>"
             "</ListMultipartUploadsResult>"));
  CHECK(shown(page) == "k 2~D 1725638400000\nnext: a b/k\n2~D");
  CHECK(
      shown(b.list_uploads("objects/", page.next)) ==
      "GET " + uploads +
          "key-marker=a%20b%2Fk&prefix=a%20b%2Fobjects%2F&upload-id-marker=2~D&uploads=" + kAtNow);
  CHECK(shown(b.read_uploads(
            answer(200,
                   "<ListMultipartUploadsResult><NextKeyMarker>k</NextKeyMarker><IsTruncated>false"
                   "</IsTruncated></ListMultipartUploadsResult>"))) == "next: ");
  CHECK(failure([&] {
          b.read_uploads(answer(200,
                                "<ListMultipartUploadsResult><Upload><Key>x</Key></Upload>"
                                "</ListMultipartUploadsResult>"));
        }) ==
        "storage: s3://bucket/a%20b lists a key that was not asked for: 'x' | look at what answers "
        "at https://s3.example.com");
}

TEST_CASE("s3 bucket: explains by its URL and its clock") {
  CHECK(
      shown(s3_bucket().explain({}, answer(403, "<Error><Code>RequestTimeTooSkewed</Code></Error>",
                                           {{"date", "Fri, 06 Sep 2024 17:00:00 GMT"}}))) ==
      "unauthorized: s3://bucket/a%20b: this machine's clock is wrong by 3600 s: it is "
      "2024-09-06T16:00:00.000Z here and 2024-09-06T17:00:00.000Z there | set the clock: a "
      "signature holds for 15 minutes");
}

}  // namespace algoctl::test
