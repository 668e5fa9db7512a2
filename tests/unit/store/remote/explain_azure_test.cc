#include <doctest/doctest.h>

#include "store/remote/explain.h"
#include "unit/store/remote/bucket_fixture.h"

namespace algoctl::test {
namespace {

http::Request by_key(const std::string& method = "GET", http::Fields query = {}) {
  http::Request request;
  request.method = method;
  request.path = "/models/k";
  request.query = std::move(query);
  request.headers = {{"Authorization", "SharedKey acme:c2ln"}};
  return request;
}

http::Request by_sas(const std::string& end = "2024-10-01T00:00:00Z",
                     const std::string& method = "GET") {
  http::Request request;
  request.method = method;
  request.query = {{"se", end}, {"sig", "secret"}};
  return request;
}

/// As Azure writes it: the message says also which request it was, and when.
http::Response failed(int status, const std::string& code, const std::string& detail = {}) {
  return answer(status,
                "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>" + code +
                    "</Code><Message>It is so.\nRequestId:0bad\nTime:2024-09-06T16:00:00Z"
                    "</Message><AuthenticationErrorDetail>" +
                    detail + "</AuthenticationErrorDetail></Error>",
                {{"x-ms-error-code", code}, {"date", "Fri, 06 Sep 2024 17:00:00 GMT"}});
}

std::string azure_said(const http::Request& request, const http::Response& response) {
  return shown(explain_azure(request, response, "azure://a/c", kNow));
}

}  // namespace

TEST_CASE("explain_azure: what each code means") {
  struct Case {
    int status;
    const char* code;
    const char* text;
  };
  for (const Case& c : {
           Case{404, "ContainerNotFound",
                "storage: azure://a/c: there is no such container | make it first, or look at the "
                "name and the endpoint"},
           Case{409, "ContainerBeingDeleted",
                "storage: azure://a/c: the container is being deleted | run it again later"},
           Case{404, "ResourceNotFound",
                "storage: azure://a/c: there is no such account | look at the name and the "
                "endpoint"},
           Case{403, "AccountIsDisabled",
                "unauthorized: azure://a/c: the account is disabled | enable it, or use another "
                "one"},
           Case{400, "Md5Mismatch",
                "storage: azure://a/c: the bytes arrived damaged | run it again"},
           Case{400, "Crc64Mismatch",
                "storage: azure://a/c: the bytes arrived damaged | run it again"},
           Case{400, "InvalidBlockList",
                "storage: azure://a/c: the server does not have all parts any more | run it again: "
                "all parts are sent anew"},
           Case{400, "InvalidBlobOrBlock",
                "storage: azure://a/c: what another program began to upload to /models/k is in the "
                "way | delete that blob, or run it again in a week, when the server has dropped "
                "it"},
           Case{409, "BlockCountExceedsLimit",
                "storage: azure://a/c: what another program began to upload to /models/k is in the "
                "way | delete that blob, or run it again in a week, when the server has dropped "
                "it"},
           Case{409, "BlobArchived",
                "storage: azure://a/c: /models/k is archived and cannot be read now | bring it "
                "back with az storage blob set-tier --tier Hot, and wait"},
           Case{409, "BlobBeingRehydrated",
                "storage: azure://a/c: /models/k is archived and cannot be read now | bring it "
                "back with az storage blob set-tier --tier Hot, and wait"},
           Case{503, "ServerBusy",
                "storage: azure://a/c: the server asks for fewer requests (503 ServerBusy: It is "
                "so.) | run it again later"},
           Case{429, "TooManyRequests",
                "storage: azure://a/c: the server asks for fewer requests (429 TooManyRequests: It "
                "is so.) | run it again later"},
           Case{500, "OperationTimedOut",
                "storage: azure://a/c: GET was answered with 500 OperationTimedOut: It is so. | "
                "run it again later"},
           Case{409, "SnapshotsPresent",
                "storage: azure://a/c: GET was answered with 409 SnapshotsPresent: It is so."},
       }) {
    CAPTURE(std::string(c.code));
    CHECK(azure_said(by_key(), failed(c.status, c.code)) == c.text);
  }
}

TEST_CASE("explain_azure: a key that is not accepted, or a clock that is wrong") {
  const std::string look =
      " | look at AZURE_STORAGE_KEY or AZURE_STORAGE_CONNECTION_STRING, and at the endpoint";
  const std::string no_fit = "unauthorized: azure://a/c: the key does not fit the account";
  CHECK(azure_said(by_key(),
                   failed(403, "AuthenticationFailed",
                          "The MAC signature found in the HTTP request 'c2ln' is not the same "
                          "as any computed signature.")) == no_fit + look);
  CHECK(azure_said(by_key(), failed(400, "InvalidAuthenticationInfo")) == no_fit + look);
  CHECK(azure_said(by_key(), failed(403, "AuthorizationFailure")) ==
        no_fit + ", or its network rules keep this machine out" + look);
  CHECK(azure_said(by_key(),
                   failed(403, "AuthenticationFailed",
                          "Request date header too old: 'Fri, 06 Sep 2024 16:00:00 GMT'")) ==
        "unauthorized: azure://a/c: this machine's clock is wrong by 3600 s: it is "
        "2024-09-06T16:00:00.000Z here and 2024-09-06T17:00:00.000Z there | set the clock: a "
        "signature holds for 15 minutes");
}

TEST_CASE("explain_azure: the code of a HEAD is in a header") {
  CHECK(
      azure_said(by_key("HEAD"), answer(403, "", {{"x-ms-error-code", "AuthenticationFailed"}})) ==
      "unauthorized: azure://a/c: the key does not fit the account | look at AZURE_STORAGE_KEY "
      "or AZURE_STORAGE_CONNECTION_STRING, and at the endpoint");
  CHECK(azure_said(by_key(), answer(404, "<Error><Code>ContainerNotFound</Code></Error>")) ==
        "storage: azure://a/c: there is no such container | make it first, or look at the name "
        "and the endpoint");
}

TEST_CASE("explain_azure: a SAS token that is not accepted") {
  // Azurite says no more than this of an expired one.
  CHECK(azure_said(by_sas("2024-09-06T15:59:59Z"), failed(403, "AuthorizationFailure")) ==
        "unauthorized: azure://a/c: the SAS token has expired: it was good until "
        "2024-09-06T15:59:59Z | get a new one");
  CHECK(
      azure_said(by_sas(), failed(403, "AuthenticationFailed",
                                  "Signature not valid in the specified time frame: Start [x]")) ==
      "unauthorized: azure://a/c: the SAS token has expired, or is not good yet | get a new one");
  CHECK(azure_said(by_sas(), failed(403, "AuthenticationFailed", "Signature did not match.")) ==
        "unauthorized: azure://a/c: the SAS token is not accepted | look at "
        "AZURE_STORAGE_SAS_TOKEN, and whether its key was changed");
}

TEST_CASE("explain_azure: without credentials, what is not for everybody") {
  http::Request request;
  for (const auto& [status, code] : {std::pair{401, "NoAuthenticationInformation"},
                                     {409, "PublicAccessNotPermitted"},
                                     {404, "ResourceNotFound"},
                                     {403, "AuthorizationFailure"}}) {
    CAPTURE(status);
    CHECK(azure_said(request, failed(status, code)) ==
          "unauthorized: azure://a/c: it cannot be read without credentials | take "
          "credentials=none out of the store's URL");
  }
}

TEST_CASE("explain_azure: no permission, and which one") {
  struct Case {
    const char* method;
    http::Fields query;
    const char* permission;
  };
  for (const Case& c : {
           Case{"GET", {}, "read (r)"},
           Case{"HEAD", {}, "read (r)"},
           Case{"GET", {{"comp", "blocklist"}}, "read (r)"},
           Case{"GET", {{"comp", "list"}}, "list (l)"},
           Case{"PUT", {}, "write (w)"},
           Case{"DELETE", {}, "delete (d)"},
       }) {
    const std::string text =
        std::string("unauthorized: azure://a/c: no permission for ") + c.permission;
    const std::string by_key_hint = " | grant it to what is used, or use the account's key";
    http::Request token = by_sas("", c.method);
    token.query.insert(token.query.end(), c.query.begin(), c.query.end());
    CHECK(azure_said(token, failed(403, "AuthorizationPermissionMismatch")) ==
          text + " | get a SAS token with it: a store needs sp=rwdl");
    CHECK(azure_said(by_key(c.method, c.query), failed(403, "InsufficientAccountPermissions")) ==
          text + ": InsufficientAccountPermissions" + by_key_hint);
    CHECK(azure_said(by_key(c.method, c.query), answer(403)) == text + by_key_hint);
  }
}

TEST_CASE("explain_azure: an answer that says nothing") {
  CHECK(azure_said(by_key("PUT"), answer(400)) ==
        "storage: azure://a/c: PUT was answered with 400");
}

}  // namespace algoctl::test
