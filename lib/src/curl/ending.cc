#include "curl/ending.h"

#include <cctype>
#include <system_error>

namespace algoctl::http {
namespace {

using Kind = Failure::Kind;

bool holds(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

std::string lowered(std::string text) {
  const bool acronym = text.size() > 1 && std::isupper(static_cast<unsigned char>(text[1])) != 0;
  if (!text.empty() && !acronym) {
    text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  }
  return text;
}

/// The last part of `error:0A00010B:SSL routines::wrong version number`, of `SSL certificate
/// problem: certificate has expired`, and the like.
std::string reason(const Circumstances& known) {
  const std::size_t colon = known.detail.rfind(':');
  const std::size_t begin = known.detail.find_first_not_of(' ', colon + 1);
  return begin == std::string::npos ? "no reason given" : lowered(known.detail.substr(begin));
}

std::string duration(long ms) {
  return ms % 1000 == 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms";
}

Failure unreachable(const Circumstances& known, const std::string& why) {
  const std::string with = known.proxy.empty() ? "" : " with the proxy " + known.proxy;
  return {Kind::unreachable, "cannot reach " + known.host + with + ": " + why};
}

Failure unconnected(const Circumstances& known) {
  if (known.proxy_status >= 300) {
    return unreachable(known, "the proxy answers " + std::to_string(known.proxy_status));
  }
  const int code = static_cast<int>(known.system_error);
  return unreachable(known,
                     code == 0 ? "no connection" : lowered(std::generic_category().message(code)));
}

Failure untrusted(const Circumstances& known) {
  if (holds(known.detail, "subject name")) {
    return {Kind::misnamed, "the certificate of " + known.host + " is for another name"};
  }
  return {Kind::tls, "the certificate of " + known.host + " is not trusted: " + reason(known)};
}

Failure no_handshake(const Circumstances& known) {
  // OpenSSL's way to say that the other side has gone, which may be better the next time.
  if (holds(known.detail, " SSL_connect: ")) {
    return {Kind::cut, known.host + " closed the connection in the TLS handshake"};
  }
  return {Kind::tls, "no TLS with " + known.host + ": " + reason(known)};
}

Failure stalled(const Circumstances& known) {
  const std::string within = duration(known.timeout_ms);
  if (!known.connected)
    return {Kind::stalled, "no connection to " + known.host + " within " + within};
  const char* moved = known.trickles ? "too little" : "nothing";
  return {Kind::stalled, std::string(moved) + " moved to or from " + known.host + " for " + within};
}

Failure cut(const Circumstances& known) {
  if (known.proxy_status >= 300) return unconnected(known);
  return {Kind::cut, known.host + (known.status == 0 ? " closed the connection without an answer"
                                                     : " ended its answer early")};
}

Failure endless_head(const Circumstances& known) {
  return {Kind::malformed, known.host + " sends headers without an end"};
}

Failure malformed(const Circumstances& known) {
  // What is left of the answer before is no sign that the server speaks something else.
  if (known.reused) return cut(known);
  return {Kind::malformed, "what " + known.host + " answers is not HTTP"};
}

}  // namespace

std::optional<Failure> ending(CURLcode code, const Circumstances& known) {
  switch (code) {
    case CURLE_OK:
      // libcurl is content with half a head.
      if (!known.headed) return cut(known);
      if (known.too_long) return Failure{Kind::cut, known.host + " sent more than it announced"};
      return std::nullopt;
    case CURLE_COULDNT_RESOLVE_HOST: return unreachable(known, "no such host");
    case CURLE_COULDNT_RESOLVE_PROXY: return unreachable(known, "no such proxy");
    case CURLE_COULDNT_CONNECT:
    case CURLE_PROXY:
    case CURLE_INTERFACE_FAILED: return unconnected(known);
    case CURLE_PEER_FAILED_VERIFICATION: return untrusted(known);
    case CURLE_SSL_CACERT_BADFILE:
      return Failure{Kind::tls, "cannot read authorities from '" + known.ca_file + "'"};
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_USE_SSL_FAILED: return no_handshake(known);
    case CURLE_OPERATION_TIMEDOUT: return stalled(known);
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_SEND_FAIL_REWIND:
    case CURLE_RECV_ERROR:
    case CURLE_AGAIN: return cut(known);
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
    // An answer without a status line would be HTTP 0.9.
    case CURLE_UNSUPPORTED_PROTOCOL: return malformed(known);
    case CURLE_WRITE_ERROR:
      if (!known.gave_up) return endless_head(known);
      return Failure{Kind::refused, "the answer of " + known.host + " is refused"};
    case CURLE_OUT_OF_MEMORY:
      // Also libcurl's word for a header that is too long.
      if (known.status != 0 && !known.headed) return endless_head(known);
      break;
    default: break;
  }
  return Failure{Kind::internal,
                 "cannot ask " + known.host + ": " + lowered(curl_easy_strerror(code))};
}

}  // namespace algoctl::http
