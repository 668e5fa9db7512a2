#include "http/azure_signer.h"

#include <doctest/doctest.h>

#include "base/clock.h"
#include "unit/http/played_surroundings.h"
#include "unit/http/signing.h"

namespace algoctl::http {
namespace {

// Signatures under this key, the emulator's, were computed apart from this code: those of requests
// by a script after Azure's documentation, those of URLs by Azure's own library.
const Secret kKey(
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==");

Request request_of(std::string method, std::string origin, std::string path) {
  Request request;
  request.method = std::move(method);
  request.origin = std::move(origin);
  request.path = std::move(path);
  return request;
}

std::string signed_with(Request request, const std::string& account) {
  AzureSigner signer(account, kKey);
  signer.sign(request, kPayload, kNow);
  return find_field(request.headers, "Authorization").value_or("");
}

}  // namespace

TEST_CASE("AzureSigner: a PUT to the emulator, step by step") {
  Request request = request_of("PUT", "http://127.0.0.1:10000", "/devstoreaccount1/models/a b.bin");
  request.headers = {{"Content-Type", "application/octet-stream"},
                     {"If-None-Match", "*"},
                     {"X-Ms-Blob-Type", " BlockBlob "}};
  request.body.text = "bytes";
  AzureSigner signer("devstoreaccount1", kKey);
  signer.sign(request, kPayload, kNow);
  CHECK(azure_string_to_sign(request, "devstoreaccount1") ==
        "PUT\n\n\n5\n\napplication/octet-stream\n\n\n\n*\n\n\n"
        "x-ms-blob-type:BlockBlob\nx-ms-date:Thu, 28 Feb 2019 10:11:12 GMT\n"
        "x-ms-version:2021-08-06\n/devstoreaccount1/devstoreaccount1/models/a%20b.bin");
  CHECK(find_field(request.headers, "Authorization") ==
        "SharedKey devstoreaccount1:itS4844LlAq6sei2HmQRyVbFvFGI7AprS6my5kzOrXU=");

  // Signed again for the next try: one header of each name.
  const std::size_t count = request.headers.size();
  signer.sign(request, kPayload, kNow + 1000);
  CHECK(request.headers.size() == count);
  CHECK(find_field(request.headers, "x-ms-date") == "Thu, 28 Feb 2019 10:11:13 GMT");
}

TEST_CASE("AzureSigner: the query is signed decoded and sorted, a range and no body are") {
  Request list = request_of("GET", "https://acme.blob.core.windows.net", "/models");
  list.query = {{"restype", "container"}, {"Prefix", "a/b c"}, {"comp", "list"}};
  CHECK(signed_with(list, "acme") == "SharedKey acme:7g0+IrQivvE1/q3R3idpgpyDVkVrEGudd6+W3Z6sXgA=");
  Request range = request_of("GET", "https://acme.blob.core.windows.net", "/models/k");
  range.headers = {{"Range", "bytes=0-9"}};
  CHECK(signed_with(range, "acme") ==
        "SharedKey acme:Fup9w4hiWkGTiRXqGD31/1YcJ7KoPh7yiYzUwSeWSaI=");
}

TEST_CASE("azure_string_to_sign: every header that counts, in Azure's order") {
  Request request = request_of("PUT", "https://acme.blob.core.windows.net", "");
  request.query = {{"b", "2"}, {"B", "1"}, {"a", ""}};
  request.headers = {{"Content-Encoding", "e"},
                     {"Content-Language", "l"},
                     {"Content-MD5", "m"},
                     {"Content-Type", "t"},
                     {"Date", "d"},
                     {"If-Modified-Since", "ims"},
                     {"If-Match", "im"},
                     {"If-None-Match", "inm"},
                     {"If-Unmodified-Since", "ius"},
                     {"Range", "r"},
                     {"x-ms-b", "1  2"},
                     {"x-ms-a", "3"},
                     {"x-ms-b", "4"},
                     {"Accept", "no"}};
  request.body.fd = 5;
  request.body.size = 10000000000;
  CHECK(azure_string_to_sign(request, "acme") ==
        "PUT\ne\nl\n10000000000\nm\nt\nd\nims\nim\ninm\nius\nr\n"
        "x-ms-a:3\nx-ms-b:1 2,4\n/acme/\na:\nb:1,2");
  request.headers.push_back({"x-ms-date", "D"});
  CHECK(azure_string_to_sign(request, "acme") ==
        "PUT\ne\nl\n10000000000\nm\nt\n\nims\nim\ninm\nius\nr\n"
        "x-ms-a:3\nx-ms-b:1 2,4\nx-ms-date:D\n/acme/\na:\nb:1,2");
}

TEST_CASE("AzureSigner: the days of a week and the months of a year") {
  struct Case {
    const char* time;
    const char* date;
  };
  for (const Case& c : {
           Case{"1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT"},
           Case{"2000-02-29T23:59:59Z", "Tue, 29 Feb 2000 23:59:59 GMT"},
           Case{"2024-12-31T01:02:03Z", "Tue, 31 Dec 2024 01:02:03 GMT"},
           Case{"2025-06-01T12:00:00Z", "Sun, 01 Jun 2025 12:00:00 GMT"},
           Case{"2025-09-05T12:00:00Z", "Fri, 05 Sep 2025 12:00:00 GMT"},
       }) {
    Request request = request_of("GET", "https://acme.blob.core.windows.net", "/c/k");
    AzureSigner("acme", kKey).sign(request, kPayload, *parse_time(c.time));
    CHECK(find_field(request.headers, "x-ms-date") == c.date);
  }
}

TEST_CASE("AzureSigner: a URL to read one blob, as Azure's library signs it") {
  Request request = request_of("PUT", "https://acme.blob.core.windows.net", "/models/a b/c.bin");
  request.query = {{"comp", "block"}};
  const Link link = AzureSigner("acme", kKey).presign(request, kNow + 999, std::chrono::hours(1));
  CHECK(link.expires_at == parse_time("2019-02-28T11:11:12Z"));
  CHECK(link.url ==
        "https://acme.blob.core.windows.net/models/a%20b/c.bin?se=2019-02-28T11%3A11%3A12Z"
        "&sig=QXdHacMJ%2FCjdnzZluWe2CFU1DkAg4m5CNNWfm415TKM%3D&sp=r&spr=https&sr=b"
        "&sv=2021-08-06");
  const Request emulated =
      request_of("GET", "http://127.0.0.1:10000", "/devstoreaccount1/models/c");
  CHECK(AzureSigner("devstoreaccount1", kKey).presign(emulated, kNow, std::chrono::hours(1)).url ==
        "http://127.0.0.1:10000/devstoreaccount1/models/c?se=2019-02-28T11%3A11%3A12Z"
        "&sig=43xImGygxJ%2Fue%2B1OJetFC87hDtgQkDeFK85UA2zKKnI%3D&sp=r&spr=https%2Chttp&sr=b"
        "&sv=2021-08-06");
}

TEST_CASE("AzureSigner: a container that is called like the account") {
  AzureSigner signer("acme", kKey);
  // Of a host that is the account's own, `/acme/` is the container.
  const Request own = request_of("GET", "https://acme.blob.core.windows.net", "/acme/k");
  CHECK(error_of([&] { signer.presign(own, kNow, std::chrono::seconds(1)); }) == "");
  const Request other = request_of("GET", "http://127.0.0.1:10000", "/acme/k");
  CHECK(error_of([&] { signer.presign(other, kNow, std::chrono::seconds(1)); }) ==
        "only a blob in a container can have a signed URL, not '/acme/k' [usage] ");
}

TEST_CASE("AzureSigner: what cannot be signed") {
  AzureSigner signer("acme", kKey);
  const auto failure = [&](const char* path, int seconds) {
    const Request request = request_of("GET", "https://acme.blob.core.windows.net", path);
    return error_of([&] { signer.presign(request, kNow, std::chrono::seconds(seconds)); });
  };
  CHECK(failure("/c/k", 0) ==
        "a signed URL lives a second at least, not 0 seconds [usage] "
        "give at least 1s");
  for (const std::string path : {"", "/", "/c", "/c/"}) {
    CHECK(failure(path.c_str(), 1) ==
          "only a blob in a container can have a signed URL, not '" + path + "' [usage] ");
  }
  CHECK(error_of([] { AzureSigner("acme", Secret("s3cret!")); }) ==
        "the key of storage account 'acme' is not Base64 [unauthorized] "
        "az storage account keys list --account-name acme shows it");
  CHECK(error_of([] { AzureSigner("acme", Secret("")); }) ==
        "the key of storage account 'acme' is not Base64 [unauthorized] "
        "az storage account keys list --account-name acme shows it");
}

TEST_CASE("AzureSasSigner: adds what the token says, once") {
  for (const char* token :
       {"sv=2021-08-06&sp=rl&sig=a%2Fb%2Bc%3D", "?sv=2021-08-06&sp=rl&sig=a%2Fb%2Bc%3D"}) {
    AzureSasSigner signer{Secret(token)};
    Request request = request_of("GET", "https://acme.blob.core.windows.net", "/models");
    request.query = {{"comp", "list"}};
    signer.sign(request, kPayload, kNow);
    signer.sign(request, kPayload, kNow);
    CHECK(request.url() ==
          "https://acme.blob.core.windows.net/models?comp=list&sig=a%2Fb%2Bc%3D&sp=rl"
          "&sv=2021-08-06");
    CHECK(request.headers == Fields{{"x-ms-version", "2021-08-06"}});
    CHECK(request.shown() == "https://acme.blob.core.windows.net/models");
  }
}

TEST_CASE("AzureSasSigner: gives its token to nobody, and takes none that is none") {
  AzureSasSigner signer{Secret("sig=a")};
  CHECK(error_of([&] { signer.presign({}, kNow, std::chrono::seconds(1)); }) ==
        "a signed URL takes the account's key: a shared access signature in it would give away all "
        "that the signature is good for [unauthorized] set AZURE_STORAGE_KEY");
  CHECK(error_of([] { AzureSasSigner{Secret("s3cret")}; }) ==
        "the shared access signature has no sig [unauthorized] "
        "az storage container generate-sas makes one");
}

}  // namespace algoctl::http
