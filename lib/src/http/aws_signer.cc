#include "http/aws_signer.h"

#include <algorithm>
#include <utility>

#include "algoctl/error.h"
#include "base/clock.h"
#include "base/text.h"
#include "http/fields.h"

namespace algoctl::http {
namespace {

constexpr std::int64_t kRefreshBeforeMs = 5 * 60 * 1000;
constexpr std::int64_t kRetryAfterMs = 60 * 1000;

void require_alive(const AwsCredentials& credentials, std::int64_t now_ms) {
  if (!credentials.expires_at || now_ms < *credentials.expires_at) return;
  throw Error(Code::unauthorized,
              "the credentials of key " + quoted(credentials.key_id) + " have expired\n" +
                  "expired: " + format_time(*credentials.expires_at) + "\n" +
                  "now:     " + format_time(now_ms),
              "get new ones from where these came from, or set this machine's clock");
}

}  // namespace

AwsSigner::AwsSigner(Provider provider, std::string region)
    : provider_(std::move(provider)), region_(std::move(region)) {}

AwsCredentials AwsSigner::credentials(std::int64_t now_ms) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const bool old = !kept_ || (kept_->expires_at && now_ms >= *kept_->expires_at - kRefreshBeforeMs);
  const bool valid = kept_ && (!kept_->expires_at || now_ms < *kept_->expires_at);
  if (!old || (valid && now_ms < try_again_at_)) return *kept_;
  try {
    AwsCredentials fresh = provider_();
    require_alive(fresh, now_ms);
    kept_ = std::move(fresh);
  } catch (const Error&) {
    if (!valid) throw;
  }
  try_again_at_ = now_ms + kRetryAfterMs;
  return *kept_;
}

void AwsSigner::sign(Request& request, const std::string& payload_sha256, std::int64_t now_ms) {
  const AwsCredentials with = credentials(now_ms);
  set_field(request.headers, "X-Amz-Content-Sha256", payload_sha256);
  http::sign(request, payload_sha256, {with, region_, "s3", now_ms});
}

Link AwsSigner::presign(Request request, std::int64_t now_ms, std::chrono::seconds lifetime) {
  const AwsCredentials with = credentials(now_ms);
  std::string url = http::presign(request, lifetime, {with, region_, "s3", now_ms});
  // What is signed is the second in which it began.
  const std::int64_t end = (now_ms / 1000 + lifetime.count()) * 1000;
  return {std::move(url), std::min(end, with.expires_at.value_or(end))};
}

}  // namespace algoctl::http
