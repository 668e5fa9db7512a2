#pragma once

#include <functional>
#include <memory>
#include <string>

#include "http/signer.h"
#include "store/remote/bucket.h"

namespace algoctl {

/// Where a bucket of the S3 protocol is.
struct S3Place {
  std::string url;       ///< what it is called
  std::string endpoint;  ///< `https://s3.eu-central-1.amazonaws.com`, without a slash at its end
  std::string bucket;
  std::string prefix;      ///< of all keys; empty, or ends with a slash
  bool path_style = true;  ///< `endpoint/bucket/key`; false: `bucket.endpoint/key`
  bool is_google = false;  ///< another header for conditions
};

/// Amazon's S3 and what speaks its protocol (API of 2006-03-01): Ceph, MinIO, R2, and Google's XML
/// API. `signer` may be nullptr: then nothing is signed.
class S3Bucket : public Bucket {
 public:
  S3Bucket(S3Place place, std::shared_ptr<http::Signer> signer,
           std::function<std::int64_t()> now_ms);

  [[nodiscard]] std::string url() const override { return place_.url; }
  [[nodiscard]] BucketLimits limits() const override;
  http::Request head(const std::string& key) override;
  http::Request get(const std::string& key) override;
  http::Request get(const std::string& key, std::int64_t offset, std::int64_t size) override;
  http::Request put(const std::string& key, http::Body body, const std::string& sha256,
                    bool only_new) override;
  std::string read_sha256(const http::Response& response) override;
  http::Request remove(const std::string& key) override;
  http::Request list(const std::string& prefix, const std::string& next) override;
  BucketPage read_list(const http::Response& response) override;
  http::Request begin_parts(const std::string& key, const std::string& sha256) override;
  std::string read_upload_id(const http::Response& response) override;
  http::Request put_part(const std::string& key, const std::string& upload, int number,
                         http::Body body, const std::string& sha256) override;
  std::string read_part_tag(int number, const std::string& sha256,
                            const http::Response& response) override;
  http::Request list_parts(const std::string& key, const std::string& upload,
                           const std::string& next) override;
  PartPage read_parts(const http::Response& response) override;
  http::Request complete(const std::string& key, const std::string& upload,
                         const std::vector<Part>& parts, const std::string& sha256) override;
  std::optional<Refusal> read_complete(const http::Response& response) override;
  http::Request abort(const std::string& key, const std::string& upload) override;
  http::Request list_uploads(const std::string& prefix, const std::string& next) override;
  PartedUploadPage read_uploads(const http::Response& response) override;
  http::Link link(const std::string& key, std::chrono::seconds lifetime) override;
  Error explain(const http::Request& request, const http::Response& response) override;
  bool may_not_know_conditions(const http::Response& response) override;

 private:
  [[nodiscard]] const char* sha256_header() const noexcept;
  [[nodiscard]] http::Request unsigned_request(const std::string& method,
                                               const std::string& key) const;
  http::Request signed_request(http::Request request, const std::string& sha256) const;
  http::Request signed_request(http::Request request) const;  // of no body
  http::Request bucket_request(http::Fields query) const;
  [[nodiscard]] std::string without_prefix(const std::string& key) const;

  S3Place place_;
  std::shared_ptr<http::Signer> signer_;
  std::function<std::int64_t()> now_ms_;
};

}  // namespace algoctl
