#include "store/remote/azure_bucket.h"

#include "algoctl/digest.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/xml.h"
#include "http/azure_signer.h"
#include "store/remote/answers.h"
#include "store/remote/explain.h"

namespace algoctl {
namespace {

/// Digits of a part's number in a block's id. With the digest these are 39 of the 64 bytes that an
/// id may have; all ids of a blob must be equally long.
constexpr std::size_t kNumberDigits = 7;

constexpr const char* kSha256Header = "x-ms-meta-sha256";

std::string block_id(int number, const std::string& sha256) {
  const std::string digits = std::to_string(number);
  const Digest::Bytes bytes = Digest::parse(sha256).bytes();
  std::string id = std::string(kNumberDigits - digits.size(), '0') + digits;
  id.append(bytes.begin(), bytes.end());
  return to_base64(id);
}

/// The number of the part that a block is; nullopt of a block that another program put.
std::optional<int> number_of(const std::string& id) {
  const auto bytes = from_base64(id);
  if (!bytes || bytes->size() != kNumberDigits + Digest::Bytes().size()) return std::nullopt;
  const std::int64_t number = number_in(bytes->substr(0, kNumberDigits));
  return number < 1 ? std::nullopt : std::optional(static_cast<int>(number));
}

}  // namespace

AzureBucket::AzureBucket(AzurePlace place, std::shared_ptr<http::Signer> signer,
                         std::function<std::int64_t()> now_ms)
    : place_(std::move(place)), signer_(std::move(signer)), now_ms_(std::move(now_ms)) {}

BucketLimits AzureBucket::limits() const {
  constexpr std::int64_t kMiB = 1 << 20;
  return {1, 4000 * kMiB, 50'000, true, true, false};
}

http::Request AzureBucket::blob_request(const std::string& method, const std::string& key) const {
  http::Request request;
  request.method = method;
  request.origin = place_.origin;
  request.path = place_.base + "/" + place_.container + "/" + place_.prefix + key;
  return request;
}

http::Request AzureBucket::signed_request(http::Request request) const {
  request.headers.push_back({"x-ms-version", http::kAzureVersion});
  if (signer_) signer_->sign(request, "", now_ms_());  // it does not sign the body's digest
  return request;
}

http::Request AzureBucket::head(const std::string& key) {
  return signed_request(blob_request("HEAD", key));
}

http::Request AzureBucket::get(const std::string& key) {
  return signed_request(blob_request("GET", key));
}

http::Request AzureBucket::get(const std::string& key, std::int64_t offset, std::int64_t size) {
  http::Request request = blob_request("GET", key);
  request.headers.push_back(range_header(offset, size));
  return signed_request(std::move(request));
}

http::Request AzureBucket::put(const std::string& key, http::Body body, const std::string& sha256,
                               bool only_new) {
  http::Request request = blob_request("PUT", key);
  request.body = std::move(body);
  request.headers.push_back({"x-ms-blob-type", "BlockBlob"});
  request.headers.push_back({kSha256Header, sha256});
  if (only_new) request.headers.push_back({"if-none-match", "*"});
  return signed_request(std::move(request));
}

std::string AzureBucket::read_sha256(const http::Response& response) {
  return response.header(kSha256Header).value_or("");
}

http::Request AzureBucket::remove(const std::string& key) {
  return signed_request(blob_request("DELETE", key));
}

http::Request AzureBucket::list(const std::string& prefix, const std::string& next) {
  http::Request request;
  request.origin = place_.origin;
  request.path = place_.base + "/" + place_.container;
  request.query = {{"restype", "container"}, {"comp", "list"}, {"prefix", place_.prefix + prefix}};
  if (!next.empty()) request.query.push_back({"marker", next});
  return signed_request(std::move(request));
}

std::string AzureBucket::without_prefix(const std::string& key) const {
  if (!starts_with(key, place_.prefix)) {
    throw Error(Code::storage, place_.url + " lists a key that was not asked for: " + quoted(key),
                "look at what answers at " + place_.origin);
  }
  return key.substr(place_.prefix.size());
}

BucketPage AzureBucket::read_list(const http::Response& response) {
  const XmlNode root = parsed(response, "EnumerationResults", place_.url);
  BucketPage page;
  page.next = root.value("NextMarker");
  const XmlNode* blobs = root.find("Blobs");
  if (blobs == nullptr) return page;
  for (const XmlNode& each : blobs->children) {
    const XmlNode* properties = each.find("Properties");
    if (each.name != "Blob" || properties == nullptr) continue;
    page.entries.push_back({without_prefix(each.value("Name")),
                            number_in(properties->value("Content-Length")),
                            parse_http_time(properties->value("Last-Modified")).value_or(0)});
  }
  return page;
}

http::Request AzureBucket::put_part(const std::string& key, const std::string& /*upload*/,
                                    int number, http::Body body, const std::string& sha256) {
  http::Request request = blob_request("PUT", key);
  request.query = {{"comp", "block"}, {"blockid", block_id(number, sha256)}};
  request.body = std::move(body);
  return signed_request(std::move(request));
}

std::string AzureBucket::read_part_tag(int number, const std::string& sha256,
                                       const http::Response& /*response*/) {
  return block_id(number, sha256);
}

http::Request AzureBucket::list_parts(const std::string& key, const std::string& /*upload*/,
                                      const std::string& /*next*/) {
  http::Request request = blob_request("GET", key);
  request.query = {{"comp", "blocklist"}, {"blocklisttype", "uncommitted"}};
  return signed_request(std::move(request));
}

/// All of them: this list has no pages.
PartPage AzureBucket::read_parts(const http::Response& response) {
  const XmlNode root = parsed(response, "BlockList", place_.url);
  PartPage page;
  const XmlNode* blocks = root.find("UncommittedBlocks");
  if (blocks == nullptr) return page;
  for (const XmlNode& each : blocks->children) {
    const std::string id = each.value("Name");
    const auto number = number_of(id);
    if (number) page.parts.push_back({*number, number_in(each.value("Size")), id});
  }
  return page;
}

http::Request AzureBucket::complete(const std::string& key, const std::string& /*upload*/,
                                    const std::vector<Part>& parts, const std::string& sha256) {
  http::Request request = blob_request("PUT", key);
  request.query = {{"comp", "blocklist"}};
  // The latest of each id: one that is waiting, else one that the blob has already. So it may be
  // asked for again when the answer was lost.
  std::string& text = request.body.text;
  text = R"(<?xml version="1.0" encoding="utf-8"?><BlockList>)";
  for (const Part& part : parts) text += "<Latest>" + xml_escaped(part.tag) + "</Latest>";
  text += "</BlockList>";
  request.headers.push_back({"content-type", "application/xml"});
  request.headers.push_back({kSha256Header, sha256});
  return signed_request(std::move(request));
}

std::optional<Bucket::Refusal> AzureBucket::read_complete(const http::Response& /*response*/) {
  return std::nullopt;
}

http::Link AzureBucket::link(const std::string& key, std::chrono::seconds lifetime) {
  http::Request request = blob_request("GET", key);
  if (!signer_) return {request.url(), std::nullopt};
  return signer_->presign(std::move(request), now_ms_(), lifetime);
}

Error AzureBucket::explain(const http::Request& request, const http::Response& response) {
  return explain_azure(request, response, place_.url, now_ms_());
}

}  // namespace algoctl
