#include "store/remote/web_bucket.h"

#include <limits>

#include "store/remote/answers.h"
#include "store/remote/explain.h"

namespace algoctl {

BucketLimits WebBucket::limits() const {
  constexpr std::int64_t kAny = std::numeric_limits<std::int64_t>::max();
  return {1, kAny, 1, false, false, false};
}

http::Request WebBucket::request_for(const std::string& method, const std::string& key) const {
  http::Request request;
  request.method = method;
  request.origin = origin_;
  request.path = prefix_ + key;
  return request;
}

http::Request WebBucket::head(const std::string& key) { return request_for("HEAD", key); }

http::Request WebBucket::get(const std::string& key) { return request_for("GET", key); }

http::Request WebBucket::get(const std::string& key, std::int64_t offset, std::int64_t size) {
  http::Request request = request_for("GET", key);
  request.headers.push_back(range_header(offset, size));
  return request;
}

http::Link WebBucket::link(const std::string& key, std::chrono::seconds /*lifetime*/) {
  return {request_for("GET", key).url(), std::nullopt};
}

Error WebBucket::explain(const http::Request& request, const http::Response& response) {
  return explain_web(request, response, url_);
}

}  // namespace algoctl
