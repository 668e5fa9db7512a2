#include <optional>

#include "base/text.h"
#include "base/xml.h"
#include "store/remote/explain.h"

namespace algoctl {
namespace {

/// The permission that a request needs, as policies name it.
std::string s3_permission(const http::Request& request) {
  const bool uploads = http::find_field(request.query, "uploads").has_value();
  const bool parts = http::find_field(request.query, "uploadId").has_value();
  if (request.method == "DELETE") return parts ? "s3:AbortMultipartUpload" : "s3:DeleteObject";
  if (request.method == "PUT" || request.method == "POST") return "s3:PutObject";
  if (uploads) return "s3:ListBucketMultipartUploads";
  if (parts) return "s3:ListMultipartUploadParts";
  return http::find_field(request.query, "list-type") ? "s3:ListBucket" : "s3:GetObject";
}

std::string region_in(const XmlNode& error, const http::Response& response) {
  const std::string region = error.value("Region");
  return region.empty() ? response.header("x-amz-bucket-region").value_or("") : region;
}

/// The reasons that have a code of their own.
std::optional<Error> explain_code(const std::string& code, const http::Response& response,
                                  const std::string& store, std::int64_t now_ms) {
  if (code == "InvalidAccessKeyId") {
    return refused(store, "the access key is not known there",
                   "look at AWS_ACCESS_KEY_ID or the profile, and at the endpoint");
  }
  if (code == "SignatureDoesNotMatch") {
    return refused(store, "the secret key does not fit the access key",
                   "look at AWS_SECRET_ACCESS_KEY or the profile, and at the region");
  }
  if (code == "ExpiredToken" || code == "TokenRefreshRequired") {
    return refused(store, "the session token has expired", "get new credentials");
  }
  if (code == "InvalidToken") {
    return refused(store, "the session token is not known there",
                   "get new credentials, or unset AWS_SESSION_TOKEN");
  }
  if (code == "RequestTimeTooSkewed") {
    return refused(store, "this machine's clock is wrong" + clock_skew(response, now_ms),
                   "set the clock: a signature holds for 15 minutes");
  }
  if (code == "NoSuchBucket") {
    return Error(Code::storage, store + ": there is no such bucket",
                 "make it first, or look at the name and the endpoint");
  }
  if (code == "XAmzContentSHA256Mismatch" || code == "BadDigest") {
    return Error(Code::storage, store + ": the bytes arrived damaged", "run it again");
  }
  return std::nullopt;
}

/// The region of a bucket that was asked for in another one, or empty.
std::string other_region(const XmlNode& error, const http::Response& response) {
  const int status = response.status;
  return status == 301 || status == 307 || status == 400 ? region_in(error, response) : "";
}

}  // namespace

bool is_known_to_s3(const http::Response& response) {
  const XmlNode error = parse_xml(response.body).value_or(XmlNode());
  return explain_code(error.value("Code"), response, "", 0) ||
         !other_region(error, response).empty();
}

Error explain_s3(const http::Request& request, const http::Response& response,
                 const std::string& store, std::int64_t now_ms) {
  const XmlNode error = parse_xml(response.body).value_or(XmlNode());
  const std::string code = error.value("Code");
  if (auto known = explain_code(code, response, store, now_ms)) return *known;
  if (const std::string region = other_region(error, response); !region.empty()) {
    return {Code::storage, store + ": the bucket is in region " + quoted(region),
            "add region=" + printable(region) + " to the store's URL, or set AWS_REGION"};
  }
  if (response.status == 401 || response.status == 403) {
    return refused(store,
                   "no permission for " + s3_permission(request) +
                       (code.empty() || code == "AccessDenied" ? "" : ": " + printable(code)),
                   "grant it to the key that is used, or use another key");
  }
  return explain_status(request, response, store, code_and_message(code, error.value("Message")));
}

}  // namespace algoctl
