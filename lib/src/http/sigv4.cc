#include "http/sigv4.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "algoctl/error.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/text.h"
#include "http/fields.h"

namespace algoctl::http {
namespace {

constexpr char kAlgorithm[] = "AWS4-HMAC-SHA256";
constexpr std::chrono::seconds kLongestLife = std::chrono::hours(24 * 7);

/// Headers that clients, proxies and load balancers add or change.
bool is_signed(const std::string& lower_name) {
  static constexpr std::string_view kUnsigned[] = {
      "authorization", "connection", "expect", "host", "transfer-encoding", "user-agent"};
  return std::find(std::begin(kUnsigned), std::end(kUnsigned), lower_name) == std::end(kUnsigned);
}

/// The headers a signature covers: names in lower case and sorted, values of one name joined.
std::map<std::string, std::string> signed_headers(const Request& request) {
  std::map<std::string, std::string> headers = {{"host", request.host()}};
  for (const Field& field : request.headers) {
    const std::string name = lower(field.name);
    if (!is_signed(name)) continue;
    const auto [place, fresh] = headers.try_emplace(name, fold_blanks(field.value));
    if (!fresh) place->second += "," + fold_blanks(field.value);
  }
  return headers;
}

std::string names_of(const std::map<std::string, std::string>& headers) {
  std::string names;
  for (const auto& [name, value] : headers) names += (names.empty() ? "" : ";") + name;
  return names;
}

/// `20150830T123600Z`
std::string stamp(std::int64_t ms) {
  const std::string time = format_time(ms);
  return format_day(ms) + "T" + time.substr(11, 2) + time.substr(14, 2) + time.substr(17, 2) + "Z";
}

std::string scope(const SigV4& with) {
  return format_day(with.now_ms) + "/" + with.region + "/" + with.service + "/aws4_request";
}

std::string signature(const std::string& canonical, const SigV4& with) {
  std::string key = "AWS4" + with.credentials.secret.reveal();
  for (const std::string& part :
       {format_day(with.now_ms), with.region, with.service, std::string("aws4_request")}) {
    key = hmac_sha256(key, part);
  }
  return to_hex(hmac_sha256(key, string_to_sign(canonical, with)));
}

}  // namespace

std::string canonical_request(const Request& request, const std::string& payload_sha256) {
  const auto headers = signed_headers(request);
  std::string text = request.method + "\n";
  text += encode(request.path.empty() ? "/" : request.path, true) + "\n";
  text += encode_query(request.query) + "\n";
  for (const auto& [name, value] : headers) text += name + ":" + value + "\n";
  return text + "\n" + names_of(headers) + "\n" + payload_sha256;
}

std::string string_to_sign(const std::string& canonical_request, const SigV4& with) {
  return std::string(kAlgorithm) + "\n" + stamp(with.now_ms) + "\n" + scope(with) + "\n" +
         sha256_hex(canonical_request);
}

void sign(Request& request, const std::string& payload_sha256, const SigV4& with) {
  set_field(request.headers, "X-Amz-Date", stamp(with.now_ms));
  remove_field(request.headers, "X-Amz-Security-Token");
  if (!with.credentials.session_token.empty()) {
    set_field(request.headers, "X-Amz-Security-Token", with.credentials.session_token.reveal());
  }
  const std::string canonical = canonical_request(request, payload_sha256);
  set_field(request.headers, "Authorization",
            std::string(kAlgorithm) + " Credential=" + with.credentials.key_id + "/" + scope(with) +
                ", SignedHeaders=" + names_of(signed_headers(request)) +
                ", Signature=" + signature(canonical, with));
}

std::string presign(const Request& request, std::chrono::seconds lifetime, const SigV4& with) {
  if (lifetime.count() < 1 || lifetime > kLongestLife) {
    throw Error(Code::usage,
                "a signed URL lives from one second to seven days, not " +
                    counted(lifetime.count(), "second"),
                lifetime > kLongestLife ? "give at most 7d" : "give at least 1s");
  }
  Request bare = request;
  bare.headers.clear();
  set_field(bare.query, "X-Amz-Algorithm", kAlgorithm);
  set_field(bare.query, "X-Amz-Credential", with.credentials.key_id + "/" + scope(with));
  set_field(bare.query, "X-Amz-Date", stamp(with.now_ms));
  set_field(bare.query, "X-Amz-Expires", std::to_string(lifetime.count()));
  set_field(bare.query, "X-Amz-SignedHeaders", "host");
  if (!with.credentials.session_token.empty()) {
    set_field(bare.query, "X-Amz-Security-Token", with.credentials.session_token.reveal());
  }
  const std::string canonical = canonical_request(bare, "UNSIGNED-PAYLOAD");
  return bare.url() + "&X-Amz-Signature=" + signature(canonical, with);
}

}  // namespace algoctl::http
