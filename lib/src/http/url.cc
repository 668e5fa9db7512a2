#include "http/url.h"

#include <algorithm>
#include <charconv>

#include "algoctl/error.h"
#include "base/text.h"
#include "http/fields.h"

namespace algoctl::http {
namespace {

int digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape =
        text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0;
    out += escape ? static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2])) : text[i];
    if (escape) i += 2;
  }
  return out;
}

Fields parse_query(std::string_view query) {
  Fields fields;
  for (const std::string& pair : split(query, '&')) {
    if (pair.empty()) continue;
    const std::size_t sign = pair.find('=');
    const bool has_value = sign != std::string::npos;
    fields.push_back({decode(std::string_view(pair).substr(0, sign)),
                      has_value ? decode(std::string_view(pair).substr(sign + 1)) : std::string()});
  }
  return fields;
}

Request request_for(std::string_view url) {
  url = url.substr(0, url.find('#'));
  const std::size_t slashes = url.find("://");
  const std::string scheme = lower(url.substr(0, slashes));
  if (slashes == std::string_view::npos || (scheme != "http" && scheme != "https")) {
    throw Error(Code::usage, quoted(url.substr(0, url.find('?'))) + " is no http or https URL");
  }
  const std::size_t end = std::min(url.find_first_of("/?", slashes + 3), url.size());
  const std::string host = lower(url.substr(slashes + 3, end - slashes - 3));
  if (host.find('@') != std::string::npos) {
    throw Error(Code::usage, "a URL for " + quoted(host.substr(host.rfind('@') + 1)) +
                                 " has a user name or a password in it");
  }
  if (host.empty()) throw Error(Code::usage, quoted(url.substr(0, url.find('?'))) + " has no host");
  Request request;
  request.origin = scheme + "://" + host;
  const std::size_t question = std::min(url.find('?', end), url.size());
  request.path = question == end ? "/" : decode(url.substr(end, question - end));
  if (question < url.size()) request.query = parse_query(url.substr(question + 1));
  return request;
}

bool is_host(std::string_view authority) {
  return !authority.empty() && std::all_of(authority.begin(), authority.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._:[]").find(c) != std::string_view::npos;
  });
}

bool has_valid_port(std::string_view authority) {
  const std::size_t bracket = authority.rfind(']');
  const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon == std::string_view::npos) return true;
  constexpr int kLargest = 65535;
  int port = 0;
  const char* end = authority.data() + authority.size();
  const auto [stop, error] = std::from_chars(authority.data() + colon + 1, end, port);
  return error == std::errc() && stop == end && port >= 1 && port <= kLargest;
}

std::string host_name(const Request& request) {
  const std::string host = request.host();
  const std::size_t colon = host.rfind(':');
  const std::size_t bracket = host.rfind(']');
  const bool has_port =
      colon != std::string::npos && (bracket == std::string::npos || colon > bracket);
  return has_port ? host.substr(0, colon) : host;
}

}  // namespace algoctl::http
