#include "store/remote/azure_bucket.h"

#include <doctest/doctest.h>

#include "base/hash.h"
#include "unit/core/failure.h"
#include "unit/store/remote/bucket_fixture.h"

namespace algoctl::test {
namespace {

const std::string kSigned = "\nx-ms-version: 2021-08-06\nauthorization: - at 1725638400000";
const std::string kKept = "\nx-ms-meta-sha256: " + std::string(kSha256);
const std::string kContainer = "https://acme.blob.core.windows.net/models";
const std::string kAzureRoot = kContainer + "/a%20b/";

AzurePlace azure_place() {
  return {"azure://acme/models/a%20b", "https://acme.blob.core.windows.net", "", "models", "a b/"};
}

AzureBucket azure_bucket(AzurePlace where = azure_place()) {
  return {std::move(where), std::make_shared<ShownSigner>(), [] { return kNow; }};
}

std::string id_of(int number) {
  return to_base64("000000" + std::to_string(number) + std::string(32, 'w'));
}

}  // namespace

TEST_CASE("azure bucket: what it asks of a key") {
  AzureBucket b = azure_bucket();
  CHECK(b.url() == "azure://acme/models/a%20b");
  CHECK(shown(b.head("k+1")) == "HEAD " + kAzureRoot + "k%2B1" + kSigned);
  CHECK(shown(b.get("k")) == "GET " + kAzureRoot + "k" + kSigned);
  CHECK(shown(b.get("k", 10, 5)) == "GET " + kAzureRoot + "k\nrange: bytes=10-14" + kSigned);
  CHECK(shown(b.remove("k")) == "DELETE " + kAzureRoot + "k" + kSigned);
  CHECK(shown(b.put("k", {"hello", -1, 0, 0}, kSha256, false)) ==
        "PUT " + kAzureRoot + "k\nx-ms-blob-type: BlockBlob" + kKept + kSigned + "\nhello");
  CHECK(shown(b.put("k", {"", 3, 16, 32}, kSha256, true)) ==
        "PUT " + kAzureRoot + "k\nx-ms-blob-type: BlockBlob" + kKept + "\nif-none-match: *" +
            kSigned + "\nfd 3 from 16, 32");
}

TEST_CASE("azure bucket: an account that the host does not name is in the path") {
  AzurePlace where = azure_place();
  where.origin = "http://127.0.0.1:10000";
  where.base = "/acme";
  CHECK(azure_bucket(where).get("k").url() == "http://127.0.0.1:10000/acme/models/a%20b/k");
  CHECK(azure_bucket(where).list("", "").url() ==
        "http://127.0.0.1:10000/acme/models?comp=list&prefix=a%20b%2F&restype=container");
}

TEST_CASE("azure bucket: without credentials nothing is signed, but the version is said") {
  AzureBucket b(azure_place(), nullptr, [] { return kNow; });
  CHECK(shown(b.get("k")) == "GET " + kAzureRoot + "k\nx-ms-version: 2021-08-06");
  CHECK(shown(b.link("k", std::chrono::seconds(60))) == kAzureRoot + "k for ever");
}

TEST_CASE("azure bucket: a link is signed for now") {
  CHECK(shown(azure_bucket().link("k", std::chrono::seconds(60))) ==
        kAzureRoot + "k?signed until 1725638460000");
}

TEST_CASE("azure bucket: lists, as Azurite writes them") {
  AzureBucket b = azure_bucket();
  CHECK(shown(b.list("objects/", "")) ==
        "GET " + kContainer + "?comp=list&prefix=a%20b%2Fobjects%2F&restype=container" + kSigned);
  CHECK(shown(b.list("objects/", "2!76!MDA+")) ==
        "GET " + kContainer +
            "?comp=list&marker=2%2176%21MDA%2B&prefix=a%20b%2Fobjects%2F&restype=container" +
            kSigned);
  const std::string list =
      "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><EnumerationResults "
      "ServiceEndpoint=\"http://127.0.0.1:39953/acme\" ContainerName=\"models\"><Prefix>a b/"
      "</Prefix><Marker/><MaxResults>2</MaxResults><Blobs><Blob><Name>a b/x&amp;&lt;y</Name>"
      "<Properties><Creation-Time>Sat, 28 Nov 2020 00:54:54 GMT</Creation-Time><Last-Modified>"
      "Fri, 06 Sep 2024 16:00:00 GMT</Last-Modified><Etag>0x27</Etag><Content-Length>17"
      "</Content-Length><BlobType>BlockBlob</BlobType></Properties></Blob><Blob><Name>a b/z"
      "</Name><Properties><Content-Length>none</Content-Length></Properties></Blob></Blobs>";
  CHECK(shown(b.read_list(
            answer(200, list + "<NextMarker>a b/z&amp;+</NextMarker></EnumerationResults>"))) ==
        "x&<y 17 1725638400000\nz -1 0\nnext: a b/z&+");
  CHECK(shown(b.read_list(answer(200,
                                 "<EnumerationResults><Prefix>none/</Prefix><Marker/><Blobs/>"
                                 "<NextMarker/></EnumerationResults>"))) == "next: ");
}

TEST_CASE("azure bucket: a page without blobs may be followed by others") {
  CHECK(
      shown(azure_bucket().read_list(answer(200,
                                            "<EnumerationResults><Blobs/><NextMarker>m</NextMarker>"
                                            "</EnumerationResults>"))) == "next: m");
}

TEST_CASE("azure bucket: a list that is none, or not the one that was asked for") {
  AzureBucket b = azure_bucket();
  const auto fault = [&](const std::string& body) {
    return failure([&] { b.read_list(answer(200, body)); });
  };
  CHECK(fault("<ListBucketResult/>") ==
        "storage: azure://acme/models/a%20b did not answer with 'EnumerationResults', but with "
        "'ListBucketResult' | look at what answers there: is it an object store?");
  CHECK(fault("<EnumerationResults><Blobs><Blob><Name>other/k</Name><Properties/></Blob></Blobs>"
              "</EnumerationResults>") ==
        "storage: azure://acme/models/a%20b lists a key that was not asked for: 'other/k' | look "
        "at what answers at https://acme.blob.core.windows.net");
}

TEST_CASE("azure bucket: a part is a block, called by its number and its digest") {
  AzureBucket b = azure_bucket();
  const http::Request request = b.put_part("k", "up", 3, {"", 4, 0, 9}, kSha256);
  CHECK(http::find_field(request.query, "comp") == "block");
  CHECK(http::find_field(request.query, "blockid") == id_of(3));
  CHECK(shown(request) == "PUT " + kAzureRoot + "k?blockid=" + http::encode(id_of(3), false) +
                              "&comp=block" + kSigned + "\nfd 4 from 0, 9");
  CHECK(b.read_part_tag(3, kSha256, answer(201)) == id_of(3));
  // All ids of a blob must be equally long, up to the last that there can be.
  CHECK(b.read_part_tag(50'000, std::string(64, 'f'), answer(201)).size() == id_of(3).size());
}

TEST_CASE("azure bucket: which blocks are there, of all that wait, those that are ours") {
  AzureBucket b = azure_bucket();
  CHECK(shown(b.list_parts("k", "up", "")) ==
        "GET " + kAzureRoot + "k?blocklisttype=uncommitted&comp=blocklist" + kSigned);
  const auto block = [](const std::string& id, const char* size) {
    return "<Block><Name>" + id + "</Name><Size>" + size + "</Size></Block>";
  };
  CHECK(
      shown(b.read_parts(answer(
          200, "<BlockList><CommittedBlocks>" + block(id_of(9), "1") +
                   "</CommittedBlocks><UncommittedBlocks>" + block(id_of(2), "4194304") +
                   block("MDAwMDAw", "5") + block("no Base64", "6") +
                   block(to_base64("-000001" + std::string(32, 'w')), "7") + block(id_of(0), "8") +
                   block(id_of(1), "3") + "</UncommittedBlocks></BlockList>"))) ==
      "2 4194304 " + id_of(2) + "\n1 3 " + id_of(1) + "\nnext: ");
  CHECK(shown(b.read_parts(answer(200, "<BlockList><CommittedBlocks/></BlockList>"))) == "next: ");
  CHECK(failure([&] { b.read_parts(answer(200, "<html/>")); }) ==
        "storage: azure://acme/models/a%20b did not answer with 'BlockList', but with 'html' | "
        "look at what answers there: is it an object store?");
}

TEST_CASE("azure bucket: completing takes the latest block of each id, in order") {
  AzureBucket b = azure_bucket();
  CHECK(shown(b.complete("k", "up", {{1, 5, "aa=="}, {2, 3, "b<"}}, kSha256)) ==
        "PUT " + kAzureRoot + "k?comp=blocklist\ncontent-type: application/xml" + kKept + kSigned +
            "\n<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList><Latest>aa==</Latest><Latest>"
            "b&lt;</Latest></BlockList>");
  CHECK(!b.read_complete(answer(201)));
}

TEST_CASE("azure bucket: the server knows of no uploads, and is not asked for them") {
  AzureBucket b = azure_bucket();
  CHECK(!b.limits().tracks_uploads);
  CHECK(b.limits().writable);
  CHECK(b.limits().listable);
  const std::string text = "storage: store azure://acme/models/a%20b keeps no list of uploads";
  CHECK(failure([&] { b.begin_parts("k", kSha256); }) == text);
  CHECK(failure([&] { b.read_upload_id(answer(200)); }) == text);
  CHECK(failure([&] { b.abort("k", "up"); }) == text);
  CHECK(failure([&] { b.list_uploads("", ""); }) == text);
  CHECK(failure([&] { b.read_uploads(answer(200)); }) == text);
}

}  // namespace algoctl::test
