#include "http/azure_signer.h"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "algoctl/error.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/text.h"
#include "http/fields.h"
#include "http/url.h"

namespace algoctl::http {
namespace {

/// `2019-02-28T10:11:12Z`
std::string seconds_of(std::int64_t ms) { return format_time(ms).substr(0, 19) + "Z"; }

/// `Thu, 28 Feb 2019 10:11:12 GMT` (RFC 9110).
std::string format_http_date(std::int64_t ms) {
  static constexpr const char* kDays[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  constexpr std::int64_t kDayMs = 24LL * 60 * 60 * 1000;
  const std::string day = format_day(ms);
  const auto month = static_cast<std::size_t>(std::stoi(day.substr(4, 2)) - 1);
  return std::string(kDays[ms / kDayMs % 7]) + ", " + day.substr(6) + " " + kMonths[month] + " " +
         day.substr(0, 4) + " " + format_time(ms).substr(11, 8) + " GMT";
}

std::string canonical_headers(const Request& request) {
  std::map<std::string, std::string> headers;
  for (const Field& field : request.headers) {
    const std::string name = lower(field.name);
    if (!starts_with(name, "x-ms-")) continue;
    const auto [place, fresh] = headers.try_emplace(name, fold_blanks(field.value));
    if (!fresh) place->second += "," + fold_blanks(field.value);
  }
  std::string text;
  for (const auto& [name, value] : headers) text += name + ":" + value + "\n";
  return text;
}

std::string canonical_resource(const Request& request, const std::string& account) {
  std::map<std::string, std::vector<std::string>> query;
  for (const Field& field : request.query) query[lower(field.name)].push_back(field.value);
  std::string text =
      "/" + account + encode(request.path.empty() ? "/" : request.path, /*keep_slash=*/true);
  for (auto& [name, values] : query) {
    std::sort(values.begin(), values.end());
    text += "\n" + name + ":" + join(values, ",");
  }
  return text;
}

std::string hmac_base64(const Secret& key, const std::string& text) {
  return to_base64(hmac_sha256(key.reveal(), text));
}

/// `/container/blob` of a request's path, where a server that is not Azure's own may have the
/// account in front.
std::string blob_path(const Request& request, const std::string& account) {
  const std::string prefix = "/" + account + "/";
  const bool in_host = starts_with(host_name(request), account + ".");
  std::string path = request.path;
  if (!in_host && starts_with(path, prefix)) path.erase(0, prefix.size() - 1);
  const std::size_t slash = path.find('/', 1);
  if (path.empty() || path[0] != '/' || slash == std::string::npos || slash + 1 == path.size()) {
    throw Error(Code::usage,
                "only a blob in a container can have a signed URL, not " + quoted(request.path));
  }
  return path;
}

}  // namespace

std::string azure_string_to_sign(const Request& request, const std::string& account) {
  const std::int64_t length = request.body.length();
  const auto value = [&](const char* name) {
    return find_field(request.headers, name).value_or("") + "\n";
  };
  return request.method + "\n" + value("Content-Encoding") + value("Content-Language") +
         (length == 0 ? "" : std::to_string(length)) + "\n" + value("Content-MD5") +
         value("Content-Type") + (find_field(request.headers, "x-ms-date") ? "\n" : value("Date")) +
         value("If-Modified-Since") + value("If-Match") + value("If-None-Match") +
         value("If-Unmodified-Since") + value("Range") + canonical_headers(request) +
         canonical_resource(request, account);
}

AzureSigner::AzureSigner(std::string account, const Secret& key) : account_(std::move(account)) {
  auto bytes = from_base64(key.reveal());
  if (!bytes || bytes->empty()) {
    throw Error(Code::unauthorized,
                "the key of storage account " + quoted(account_) + " is not Base64",
                "az storage account keys list --account-name " + account_ + " shows it");
  }
  key_ = Secret(std::move(*bytes));
}

void AzureSigner::sign(Request& request, const std::string& /*payload_sha256*/,
                       std::int64_t now_ms) {
  set_field(request.headers, "x-ms-date", format_http_date(now_ms));
  set_field(request.headers, "x-ms-version", kAzureVersion);
  set_field(
      request.headers, "Authorization",
      "SharedKey " + account_ + ":" + hmac_base64(key_, azure_string_to_sign(request, account_)));
}

Link AzureSigner::presign(Request request, std::int64_t now_ms, std::chrono::seconds lifetime) {
  if (lifetime.count() < 1) {
    throw Error(Code::usage,
                "a signed URL lives a second at least, not " + counted(lifetime.count(), "second"),
                "give at least 1s");
  }
  const std::int64_t end = (now_ms / 1000 + lifetime.count()) * 1000;
  const std::string expiry = seconds_of(end);
  const std::string protocol = starts_with(request.origin, "https:") ? "https" : "https,http";
  // In this order: permissions, start, expiry, resource, identifier, addresses, protocol, version,
  // kind, snapshot, encryption scope, and five headers of the answer.
  const std::string text = "r\n\n" + expiry + "\n/blob/" + account_ + blob_path(request, account_) +
                           "\n\n\n" + protocol + "\n" + kAzureVersion + "\nb\n\n\n\n\n\n\n";
  request.query = {{"sv", kAzureVersion}, {"sr", "b"},       {"sp", "r"},
                   {"se", expiry},        {"spr", protocol}, {"sig", hmac_base64(key_, text)}};
  return {request.url(), end};
}

AzureSasSigner::AzureSasSigner(const Secret& token) {
  const std::string& text = token.reveal();
  parameters_ = parse_query(starts_with(text, "?") ? text.substr(1) : text);
  if (!find_field(parameters_, "sig")) {
    throw Error(Code::unauthorized, "the shared access signature has no sig",
                "az storage container generate-sas makes one");
  }
}

void AzureSasSigner::sign(Request& request, const std::string& /*payload_sha256*/,
                          std::int64_t /*now_ms*/) {
  set_field(request.headers, "x-ms-version", kAzureVersion);
  for (const Field& field : parameters_) set_field(request.query, field.name, field.value);
}

Link AzureSasSigner::presign(Request /*request*/, std::int64_t /*now_ms*/,
                             std::chrono::seconds /*lifetime*/) {
  throw Error(Code::unauthorized,
              "a signed URL takes the account's key: a shared access signature in it would give "
              "away all that the signature is good for",
              "set AZURE_STORAGE_KEY");
}

}  // namespace algoctl::http
