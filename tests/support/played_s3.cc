#include "support/played_s3.h"

#include "algoctl/digest.h"
#include "base/hash.h"
#include "base/xml.h"
#include "http/url.h"

namespace algoctl::test {
namespace {

constexpr const char* kBucket = "/bucket/";
constexpr const char* kTime = "2019-02-28T10:11:12.000Z";

ScriptedAnswer error(int status, const std::string& code) {
  ScriptedAnswer answer;
  answer.status = status;
  answer.body = "<Error><Code>" + code + "</Code><Message>played</Message></Error>";
  return answer;
}

ScriptedAnswer xml(const std::string& body) {
  ScriptedAnswer answer;
  answer.headers = {{"content-type", "application/xml"}};
  answer.body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + body;
  return answer;
}

std::string md5_tag(const std::string& bytes) {
  Md5 md5;
  md5.update(bytes);
  return "\"" + md5.finish() + "\"";
}

std::string field(const http::Fields& fields, std::string_view name) {
  return http::find_field(fields, name).value_or("");
}

/// What a server keeps beside an object.
http::Fields to_keep(const SeenRequest& request) {
  http::Fields kept;
  for (const http::Field& each : request.headers) {
    if (each.name.rfind("x-amz-meta-", 0) == 0 || each.name.rfind("x-goog-meta-", 0) == 0) {
      kept.push_back(each);
    }
  }
  return kept;
}

}  // namespace

PlayedS3::PlayedS3() {
  server_.always([this](const SeenRequest& request) { return answer(request); });
}

std::string PlayedS3::url() const {
  return std::string(is_google ? "gs" : "s3") + "://bucket/prefix?endpoint=" + server_.origin();
}

void PlayedS3::lie(Lie lie) {
  const std::lock_guard lock(mutex_);
  lie_ = std::move(lie);
}

std::map<std::string, std::string> PlayedS3::objects() const {
  const std::lock_guard lock(mutex_);
  return objects_;
}

void PlayedS3::set(const std::string& key, const std::string& bytes) {
  const std::lock_guard lock(mutex_);
  objects_[key] = bytes;
  kept_.erase(key);
}

void PlayedS3::set_as_sent(const std::string& key, const std::string& bytes) {
  set(key, bytes);
  const std::lock_guard lock(mutex_);
  kept_[key] = {{"x-amz-meta-sha256", Digest::of(bytes).hex()}};
}

void PlayedS3::rot(const std::string& key, const std::string& bytes) {
  const std::lock_guard lock(mutex_);
  objects_.at(key) = bytes;
}

void PlayedS3::remove(const std::string& key) {
  const std::lock_guard lock(mutex_);
  objects_.erase(key);
  kept_.erase(key);
}

void PlayedS3::leave_upload(const std::string& key) {
  const std::lock_guard lock(mutex_);
  uploads_["upload-" + std::to_string(next_upload_++)].key = key;
}

void PlayedS3::lose_part(int number) {
  const std::lock_guard lock(mutex_);
  for (auto& [id, upload] : uploads_) upload.parts.erase(number);
}

std::size_t PlayedS3::open_uploads() const {
  const std::lock_guard lock(mutex_);
  return uploads_.size();
}

int PlayedS3::count(const std::string& method, const std::string& part) const {
  int count = 0;
  for (const SeenRequest& request : server_.requests()) {
    count += request.method == method && request.target.find(part) != std::string::npos ? 1 : 0;
  }
  return count;
}

ScriptedAnswer PlayedS3::answer(const SeenRequest& request) {
  Lie lie;
  {
    const std::lock_guard lock(mutex_);
    lie = lie_;
  }
  if (lie) {
    if (auto told = lie(request)) return *told;
  }
  const std::lock_guard lock(mutex_);
  const http::Request parsed = http::request_for(server_.origin() + request.target);
  if (parsed.path.rfind(kBucket, 0) != 0) return error(404, "NoSuchBucket");
  const std::string key = parsed.path.substr(std::string(kBucket).size());
  const std::string declared = field(request.headers, "x-amz-content-sha256");
  if (!declared.empty() && declared != Digest::of(request.body).hex()) {
    return error(400, "XAmzContentSHA256Mismatch");
  }
  if (request.method == "GET" || request.method == "HEAD") return get(request, key);
  if (request.method == "PUT") return put(request, key);
  if (request.method == "POST") return post(request, key);
  return remove_at(request, key);
}

ScriptedAnswer PlayedS3::get(const SeenRequest& request, const std::string& key) {
  const http::Fields query = http::request_for(server_.origin() + request.target).query;
  if (http::find_field(query, "list-type")) return list(query);
  if (http::find_field(query, "uploads")) return list_uploads(query);
  if (const auto upload = http::find_field(query, "uploadId")) return list_parts(*upload);
  const auto found = objects_.find(key);
  if (found == objects_.end()) return error(404, "NoSuchKey");
  ScriptedAnswer answer;
  answer.headers = {{"etag", md5_tag(found->second)},
                    {"last-modified", "Thu, 28 Feb 2019 10:11:12 GMT"}};
  const auto kept = kept_.find(key);
  if (kept != kept_.end()) {
    answer.headers.insert(answer.headers.end(), kept->second.begin(), kept->second.end());
  }
  answer.body = found->second;
  const std::string range = field(request.headers, "range");
  if (range.empty()) return answer;
  const std::size_t begin = std::stoul(range.substr(range.find('=') + 1));
  const std::size_t end = std::stoul(range.substr(range.find('-') + 1)) + 1;
  const std::size_t size = found->second.size();
  if (begin >= size) return error(416, "InvalidRange");
  answer.status = 206;
  answer.body = found->second.substr(begin, end - begin);
  answer.headers.push_back({"content-range", "bytes " + std::to_string(begin) + "-" +
                                                 std::to_string(begin + answer.body.size() - 1) +
                                                 "/" + std::to_string(size)});
  return answer;
}

ScriptedAnswer PlayedS3::put(const SeenRequest& request, const std::string& key) {
  const http::Fields query = http::request_for(server_.origin() + request.target).query;
  ScriptedAnswer answer;
  answer.headers = {{"etag", md5_tag(request.body)}};
  if (const auto id = http::find_field(query, "uploadId")) {
    const auto upload = uploads_.find(*id);
    if (upload == uploads_.end()) return error(404, "NoSuchUpload");
    upload->second.parts[std::stoi(field(query, "partNumber"))] = request.body;
    return answer;
  }
  const bool only_new = is_google ? field(request.headers, "x-goog-if-generation-match") == "0"
                                  : field(request.headers, "if-none-match") == "*";
  if (only_new && honours_conditions && objects_.count(key) > 0) {
    return error(412, "PreconditionFailed");
  }
  objects_[key] = request.body;
  kept_[key] = to_keep(request);
  return answer;
}

ScriptedAnswer PlayedS3::post(const SeenRequest& request, const std::string& key) {
  const http::Fields query = http::request_for(server_.origin() + request.target).query;
  if (const auto id = http::find_field(query, "uploadId")) return complete(request, *id);
  const std::string id = "upload-" + std::to_string(next_upload_++);
  uploads_[id].key = key;
  uploads_[id].kept = to_keep(request);
  return xml("<InitiateMultipartUploadResult><UploadId>" + id +
             "</UploadId></InitiateMultipartUploadResult>");
}

ScriptedAnswer PlayedS3::complete(const SeenRequest& request, const std::string& id) {
  const auto upload = uploads_.find(id);
  if (upload == uploads_.end()) return error(404, "NoSuchUpload");
  const auto root = parse_xml(request.body);
  std::string bytes;
  for (const XmlNode& part : root.value().children) {
    const auto there = upload->second.parts.find(std::stoi(part.value("PartNumber")));
    if (there == upload->second.parts.end() || md5_tag(there->second) != part.value("ETag")) {
      return error(400, "InvalidPart");
    }
    bytes += there->second;
  }
  objects_[upload->second.key] = bytes;
  kept_[upload->second.key] = upload->second.kept;
  uploads_.erase(upload);
  return xml(
      "<CompleteMultipartUploadResult><ETag>\"whole\"</ETag></CompleteMultipartUploadResult>");
}

ScriptedAnswer PlayedS3::remove_at(const SeenRequest& request, const std::string& key) {
  const http::Fields query = http::request_for(server_.origin() + request.target).query;
  ScriptedAnswer answer;
  answer.status = 204;
  if (const auto id = http::find_field(query, "uploadId")) {
    return uploads_.erase(*id) > 0 ? answer : error(404, "NoSuchUpload");
  }
  objects_.erase(key);
  return answer;
}

ScriptedAnswer PlayedS3::list(const http::Fields& query) {
  const std::string prefix = field(query, "prefix");
  std::string body;
  std::string last = field(query, "continuation-token");
  std::size_t count = 0;
  for (auto at = objects_.upper_bound(last); at != objects_.end(); ++at) {
    if (at->first.rfind(prefix, 0) != 0) continue;
    if (count == page_size) {
      return xml("<ListBucketResult><IsTruncated>true</IsTruncated>" + body +
                 "<NextContinuationToken>" + xml_escaped(last) +
                 "</NextContinuationToken></ListBucketResult>");
    }
    body += "<Contents><Key>" + xml_escaped(at->first) + "</Key><LastModified>" + kTime +
            "</LastModified><Size>" + std::to_string(at->second.size()) + "</Size></Contents>";
    last = at->first;
    ++count;
  }
  return xml("<ListBucketResult><IsTruncated>false</IsTruncated>" + body + "</ListBucketResult>");
}

ScriptedAnswer PlayedS3::list_uploads(const http::Fields& query) {
  std::string body;
  for (const auto& [id, upload] : uploads_) {
    if (upload.key.rfind(field(query, "prefix"), 0) != 0) continue;
    body += "<Upload><Key>" + xml_escaped(upload.key) + "</Key><UploadId>" + id +
            "</UploadId><Initiated>" + kTime + "</Initiated></Upload>";
  }
  return xml("<ListMultipartUploadsResult><IsTruncated>false</IsTruncated>" + body +
             "</ListMultipartUploadsResult>");
}

ScriptedAnswer PlayedS3::list_parts(const std::string& id) {
  const auto upload = uploads_.find(id);
  if (upload == uploads_.end()) return error(404, "NoSuchUpload");
  std::string body;
  for (const auto& [number, bytes] : upload->second.parts) {
    body += "<Part><PartNumber>" + std::to_string(number) + "</PartNumber><ETag>" +
            xml_escaped(md5_tag(bytes)) + "</ETag><Size>" + std::to_string(bytes.size()) +
            "</Size></Part>";
  }
  return xml("<ListPartsResult><IsTruncated>false</IsTruncated>" + body + "</ListPartsResult>");
}

ScriptedAnswer denied() { return error(403, "AccessDenied"); }

}  // namespace algoctl::test
