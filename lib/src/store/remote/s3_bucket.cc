#include "store/remote/s3_bucket.h"

#include "algoctl/digest.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/xml.h"
#include "store/remote/answers.h"
#include "store/remote/explain.h"

namespace algoctl {
namespace {

/// The digest of nothing.
const std::string& empty_sha256() {
  static const std::string digest = Digest::of("").hex();
  return digest;
}

std::string place_after(const std::string& scheme_and_host, const std::string& bucket) {
  const std::size_t host = scheme_and_host.find("://") + 3;
  return scheme_and_host.substr(0, host) + bucket + "." + scheme_and_host.substr(host);
}

}  // namespace

S3Bucket::S3Bucket(S3Place place, std::shared_ptr<http::Signer> signer,
                   std::function<std::int64_t()> now_ms)
    : place_(std::move(place)), signer_(std::move(signer)), now_ms_(std::move(now_ms)) {}

BucketLimits S3Bucket::limits() const {
  constexpr std::int64_t kMiB = 1 << 20;
  return {5 * kMiB, 5 * 1024 * kMiB, 10'000, true, true, true};
}

http::Request S3Bucket::unsigned_request(const std::string& method, const std::string& key) const {
  http::Request request;
  request.method = method;
  request.origin =
      place_.path_style ? place_.endpoint : place_after(place_.endpoint, place_.bucket);
  request.path = (place_.path_style ? "/" + place_.bucket : "") + "/" + key;
  return request;
}

const char* S3Bucket::sha256_header() const noexcept {
  return place_.is_google ? "x-goog-meta-sha256" : "x-amz-meta-sha256";
}

http::Request S3Bucket::signed_request(http::Request request, const std::string& sha256) const {
  if (signer_) signer_->sign(request, sha256, now_ms_());
  return request;
}

http::Request S3Bucket::signed_request(http::Request request) const {
  return signed_request(std::move(request), empty_sha256());
}

http::Request S3Bucket::head(const std::string& key) {
  return signed_request(unsigned_request("HEAD", place_.prefix + key));
}

http::Request S3Bucket::get(const std::string& key) {
  return signed_request(unsigned_request("GET", place_.prefix + key));
}

http::Request S3Bucket::get(const std::string& key, std::int64_t offset, std::int64_t size) {
  http::Request request = unsigned_request("GET", place_.prefix + key);
  request.headers.push_back(range_header(offset, size));
  return signed_request(std::move(request));
}

http::Request S3Bucket::put(const std::string& key, http::Body body, const std::string& sha256,
                            bool only_new) {
  http::Request request = unsigned_request("PUT", place_.prefix + key);
  request.body = std::move(body);
  if (only_new && place_.is_google) {
    request.headers.push_back({"x-goog-if-generation-match", "0"});
  } else if (only_new) {
    request.headers.push_back({"if-none-match", "*"});
  }
  request.headers.push_back({sha256_header(), sha256});
  return signed_request(std::move(request), sha256);
}

std::string S3Bucket::read_sha256(const http::Response& response) {
  return response.header(sha256_header()).value_or("");
}

http::Request S3Bucket::remove(const std::string& key) {
  return signed_request(unsigned_request("DELETE", place_.prefix + key));
}

http::Request S3Bucket::bucket_request(http::Fields query) const {
  http::Request request = unsigned_request("GET", "");
  request.query = std::move(query);
  return signed_request(std::move(request));
}

http::Request S3Bucket::list(const std::string& prefix, const std::string& next) {
  http::Fields query = {{"list-type", "2"}, {"prefix", place_.prefix + prefix}};
  if (!next.empty()) query.push_back({"continuation-token", next});
  return bucket_request(std::move(query));
}

std::string S3Bucket::without_prefix(const std::string& key) const {
  if (!starts_with(key, place_.prefix)) {
    throw Error(Code::storage, place_.url + " lists a key that was not asked for: " + quoted(key),
                "look at what answers at " + place_.endpoint);
  }
  return key.substr(place_.prefix.size());
}

BucketPage S3Bucket::read_list(const http::Response& response) {
  const XmlNode root = parsed(response, "ListBucketResult", place_.url);
  BucketPage page;
  for (const XmlNode& each : root.children) {
    if (each.name != "Contents") continue;
    page.entries.push_back({without_prefix(each.value("Key")), number_in(each.value("Size")),
                            parse_time(each.value("LastModified")).value_or(0)});
  }
  if (root.value("IsTruncated") == "true")
    page.next = next_in(root, "NextContinuationToken", place_.url);
  return page;
}

http::Request S3Bucket::begin_parts(const std::string& key, const std::string& sha256) {
  http::Request request = unsigned_request("POST", place_.prefix + key);
  request.query = {{"uploads", ""}};
  request.headers.push_back({sha256_header(), sha256});
  return signed_request(std::move(request));
}

std::string S3Bucket::read_upload_id(const http::Response& response) {
  return next_in(parsed(response, "InitiateMultipartUploadResult", place_.url), "UploadId",
                 place_.url);
}

http::Request S3Bucket::put_part(const std::string& key, const std::string& upload, int number,
                                 http::Body body, const std::string& sha256) {
  http::Request request = unsigned_request("PUT", place_.prefix + key);
  request.query = {{"partNumber", std::to_string(number)}, {"uploadId", upload}};
  request.body = std::move(body);
  return signed_request(std::move(request), sha256);
}

std::string S3Bucket::read_part_tag(int number, const std::string& /*sha256*/,
                                    const http::Response& response) {
  if (auto tag = response.header("etag"); tag && !tag->empty()) return *tag;
  throw Error(Code::storage, place_.url + " took part " + std::to_string(number) +
                                 " without an ETag, so that the upload cannot be completed");
}

http::Request S3Bucket::list_parts(const std::string& key, const std::string& upload,
                                   const std::string& next) {
  http::Request request = unsigned_request("GET", place_.prefix + key);
  request.query = {{"uploadId", upload}};
  if (!next.empty()) request.query.push_back({"part-number-marker", next});
  return signed_request(std::move(request));
}

PartPage S3Bucket::read_parts(const http::Response& response) {
  const XmlNode root = parsed(response, "ListPartsResult", place_.url);
  PartPage page;
  for (const XmlNode& each : root.children) {
    if (each.name != "Part") continue;
    page.parts.push_back({static_cast<int>(number_in(each.value("PartNumber"))),
                          number_in(each.value("Size")), each.value("ETag")});
  }
  if (root.value("IsTruncated") == "true") {
    page.next = next_in(root, "NextPartNumberMarker", place_.url);
  }
  return page;
}

http::Request S3Bucket::complete(const std::string& key, const std::string& upload,
                                 const std::vector<Part>& parts, const std::string& /*sha256*/) {
  http::Request request = unsigned_request("POST", place_.prefix + key);
  request.query = {{"uploadId", upload}};
  std::string& text = request.body.text;
  text = "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
  for (const Part& part : parts) {
    text += "<Part><PartNumber>" + std::to_string(part.number) + "</PartNumber><ETag>" +
            xml_escaped(part.tag) + "</ETag></Part>";
  }
  text += "</CompleteMultipartUpload>";
  request.headers.push_back({"content-type", "application/xml"});
  const std::string digest = Digest::of(text).hex();
  return signed_request(std::move(request), digest);
}

/// The status is sent before the server knows whether it succeeds.
std::optional<Bucket::Refusal> S3Bucket::read_complete(const http::Response& response) {
  const auto root = parse_xml(response.body);
  if (root && root->name == "CompleteMultipartUploadResult") return std::nullopt;
  if (!root) return Refusal{"", "what came back is no XML", true};
  const std::string code = root->value("Code");
  return Refusal{code, root->value("Message"), code == "InternalError" || code == "SlowDown"};
}

http::Request S3Bucket::abort(const std::string& key, const std::string& upload) {
  http::Request request = unsigned_request("DELETE", place_.prefix + key);
  request.query = {{"uploadId", upload}};
  return signed_request(std::move(request));
}

http::Request S3Bucket::list_uploads(const std::string& prefix, const std::string& next) {
  http::Fields query = {{"uploads", ""}, {"prefix", place_.prefix + prefix}};
  const std::size_t separator = next.find('\n');  // in no key of ours
  if (separator != std::string::npos) {
    query.push_back({"key-marker", next.substr(0, separator)});
    query.push_back({"upload-id-marker", next.substr(separator + 1)});
  }
  return bucket_request(std::move(query));
}

PartedUploadPage S3Bucket::read_uploads(const http::Response& response) {
  const XmlNode root = parsed(response, "ListMultipartUploadsResult", place_.url);
  PartedUploadPage page;
  for (const XmlNode& each : root.children) {
    if (each.name != "Upload") continue;
    page.uploads.push_back({without_prefix(each.value("Key")), each.value("UploadId"),
                            parse_time(each.value("Initiated")).value_or(0)});
  }
  if (root.value("IsTruncated") == "true") {
    page.next =
        next_in(root, "NextKeyMarker", place_.url) + "\n" + root.value("NextUploadIdMarker");
  }
  return page;
}

http::Link S3Bucket::link(const std::string& key, std::chrono::seconds lifetime) {
  http::Request request = unsigned_request("GET", place_.prefix + key);
  if (!signer_) return {request.url(), std::nullopt};
  return signer_->presign(std::move(request), now_ms_(), lifetime);
}

Error S3Bucket::explain(const http::Request& request, const http::Response& response) {
  return explain_s3(request, response, place_.url, now_ms_());
}

bool S3Bucket::may_not_know_conditions(const http::Response& response) {
  return response.status == 501 || (response.status == 400 && !is_known_to_s3(response));
}

}  // namespace algoctl
