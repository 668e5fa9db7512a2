#include "http/message.h"

#include <algorithm>

#include "http/fields.h"

namespace algoctl::http {
namespace {

bool is_unreserved(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~").find(c) != std::string_view::npos;
}

}  // namespace

std::optional<std::string> find_field(const Fields& fields, std::string_view name) {
  const std::string wanted = lower(name);
  for (const Field& field : fields) {
    if (lower(field.name) == wanted) return field.value;
  }
  return std::nullopt;
}

std::string encode(std::string_view text, bool keep_slash) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c) || (keep_slash && c == '/')) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

std::string encode_query(const Fields& query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const Field& field : query) {
    pairs.emplace_back(encode(field.name, false), encode(field.value, false));
  }
  std::sort(pairs.begin(), pairs.end());
  std::string out;
  for (const auto& [name, value] : pairs) {
    if (!out.empty()) out += '&';
    out += name;
    out += '=';
    out += value;
  }
  return out;
}

std::string Request::url() const {
  const std::string encoded = encode_query(query);
  return shown() + (encoded.empty() ? "" : "?" + encoded);
}

std::string Request::shown() const { return origin + encode(path.empty() ? "/" : path, true); }

std::string Request::host() const {
  const std::size_t slashes = origin.find("://");
  if (slashes == std::string::npos) return origin;
  const std::string scheme = origin.substr(0, slashes);
  const std::string host = origin.substr(slashes + 3);
  const std::string default_port = scheme == "https" ? ":443" : ":80";
  return host.ends_with(default_port) ? host.substr(0, host.size() - default_port.size()) : host;
}

}  // namespace algoctl::http
