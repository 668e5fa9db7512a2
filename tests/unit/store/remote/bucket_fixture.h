#pragma once

#include <cstdint>
#include <string>

#include "http/signer.h"
#include "store/remote/bucket.h"

namespace algoctl::test {

/// Fri, 06 Sep 2024 16:00:00 GMT
constexpr std::int64_t kNow = 1'725'638'400'000;

inline const std::string kSha256(64, '7');  ///< as bytes: `w`, 32 times

/// A signer whose signature says what was signed.
class ShownSigner final : public http::Signer {
 public:
  void sign(http::Request& request, const std::string& payload_sha256,
            std::int64_t now_ms) override {
    const std::string sha256 = payload_sha256.empty() ? "-" : payload_sha256.substr(0, 8);
    request.headers.push_back({"authorization", sha256 + " at " + std::to_string(now_ms)});
  }
  http::Link presign(http::Request request, std::int64_t now_ms,
                     std::chrono::seconds lifetime) override {
    return {request.url() + "?signed", now_ms + lifetime.count() * 1000};
  }
};

/// `URL until MILLISECONDS`, or `URL for ever`.
inline std::string shown(const http::Link& link) {
  return link.url + (link.expires_at ? " until " + std::to_string(*link.expires_at) : " for ever");
}

/// All of a request, a line each for method with URL, headers, and what it carries.
inline std::string shown(const http::Request& request) {
  std::string text = request.method + " " + request.url();
  for (const http::Field& header : request.headers) {
    text += "\n" + header.name + ": " + header.value;
  }
  if (request.body.fd >= 0) {
    text += "\nfd " + std::to_string(request.body.fd) + " from " +
            std::to_string(request.body.offset) + ", " + std::to_string(request.body.size);
  } else if (!request.body.text.empty()) {
    text += "\n" + request.body.text;
  }
  return text;
}

inline http::Response answer(int status, std::string body = {}, http::Fields headers = {}) {
  return {status, std::move(headers), std::move(body)};
}

/// `key size changed_at` of each, then `next`.
inline std::string shown(const BucketPage& page) {
  std::string text;
  for (const BucketEntry& each : page.entries) {
    text +=
        each.key + " " + std::to_string(each.size) + " " + std::to_string(each.changed_at) + "\n";
  }
  return text + "next: " + page.next;
}

inline std::string shown(const PartPage& page) {
  std::string text;
  for (const Part& each : page.parts) {
    text += std::to_string(each.number) + " " + std::to_string(each.size) + " " + each.tag + "\n";
  }
  return text + "next: " + page.next;
}

inline std::string shown(const PartedUploadPage& page) {
  std::string text;
  for (const PartedUpload& each : page.uploads) {
    text += each.key + " " + each.id + " " + std::to_string(each.begun_at) + "\n";
  }
  return text + "next: " + page.next;
}

/// An error as `failure` shows one.
inline std::string shown(const Error& error) {
  const std::string text = std::string(code_name(error.code())) + ": " + error.message();
  return error.hint().empty() ? text : text + " | " + error.hint();
}

}  // namespace algoctl::test
