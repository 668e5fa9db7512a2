#pragma once

#include <string>

#include "store/remote/bucket.h"

namespace algoctl {

/// A folder that a web server shows: can only be read, by keys that are known.
class WebBucket final : public Bucket {
 public:
  /// `url` is what the store is called; `prefix` of all paths begins and ends with a slash.
  WebBucket(std::string url, std::string origin, std::string prefix)
      : url_(std::move(url)), origin_(std::move(origin)), prefix_(std::move(prefix)) {}

  [[nodiscard]] std::string url() const override { return url_; }
  [[nodiscard]] BucketLimits limits() const override;
  http::Request head(const std::string& key) override;
  http::Request get(const std::string& key) override;
  http::Request get(const std::string& key, std::int64_t offset, std::int64_t size) override;
  /// The plain URL, which lives as long as the server shows it.
  http::Link link(const std::string& key, std::chrono::seconds lifetime) override;
  Error explain(const http::Request& request, const http::Response& response) override;

 private:
  [[nodiscard]] http::Request request_for(const std::string& method, const std::string& key) const;

  std::string url_;
  std::string origin_;
  std::string prefix_;
};

}  // namespace algoctl
