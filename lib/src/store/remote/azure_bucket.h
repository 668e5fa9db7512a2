#pragma once

#include <functional>
#include <memory>
#include <string>

#include "http/signer.h"
#include "store/remote/bucket.h"

namespace algoctl {

/// Where a container of Azure Blob Storage is.
struct AzurePlace {
  std::string url;     ///< what it is called
  std::string origin;  ///< `https://acme.blob.core.windows.net`
  std::string base;    ///< of all paths; empty, or as `/acme` where the host does not name it
  std::string container;
  std::string prefix;  ///< of all keys; empty, or ends with a slash
};

/// Azure Blob Storage (its REST API) and Azurite. `signer` may be nullptr: then nothing is signed.
///
/// A part is a block, and the id of a block says its number and the SHA-256 of its bytes. So two
/// that upload the same object at once do each other no harm, whoever is done first. Blocks of
/// which no blob is made are dropped by the server a week after the last one came. To remove them
/// earlier is to remove the blob, which somebody else may have completed meanwhile: no condition
/// prevents that.
class AzureBucket final : public Bucket {
 public:
  AzureBucket(AzurePlace place, std::shared_ptr<http::Signer> signer,
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
  http::Link link(const std::string& key, std::chrono::seconds lifetime) override;
  Error explain(const http::Request& request, const http::Response& response) override;

 private:
  [[nodiscard]] http::Request blob_request(const std::string& method, const std::string& key) const;
  http::Request signed_request(http::Request request) const;
  [[nodiscard]] std::string without_prefix(const std::string& key) const;

  AzurePlace place_;
  std::shared_ptr<http::Signer> signer_;
  std::function<std::int64_t()> now_ms_;
};

}  // namespace algoctl
