#include "store/remote/explain.h"

#include <cstdlib>

#include "base/clock.h"
#include "base/text.h"

namespace algoctl {

namespace {

/// A signature stands in the query, where a server repeats what it was asked.
std::string without_query(const std::string& url) { return url.substr(0, url.find('?')); }

}  // namespace

std::string code_and_message(const std::string& code, const std::string& message) {
  return printable(code + (code.empty() || message.empty() ? "" : ": ") + message);
}

std::string clock_skew(const http::Response& response, std::int64_t now_ms) {
  const auto server = parse_http_time(response.header("date").value_or(""));
  if (!server) return "";
  const std::int64_t seconds = std::llabs(*server - now_ms) / 1000;
  return " by " + std::to_string(seconds) + " s: it is " + format_time(now_ms) + " here and " +
         format_time(*server) + " there";
}

Error refused(const std::string& store, const std::string& why, const std::string& hint) {
  return {Code::unauthorized, store + ": " + why, hint};
}

Error explain_status(const http::Request& request, const http::Response& response,
                     const std::string& store, const std::string& said) {
  const std::string status = std::to_string(response.status) + (said.empty() ? "" : " " + said);
  if (response.status >= 300 && response.status < 400) {
    return {
        Code::storage,
        store + ": the server points elsewhere, which is not followed: " +
            quoted(without_query(response.header("location").value_or("it does not say where"))),
        "name that place in the store's URL, if you trust it"};
  }
  if (response.status == 429 || response.status == 503) {
    return {Code::storage, store + ": the server asks for fewer requests (" + status + ")",
            "run it again later"};
  }
  // As web servers say that TLS was expected.
  const bool wants_tls = response.status == 400 && starts_with(request.origin, "http:") &&
                         response.body.find("HTTPS") != std::string::npos;
  return {Code::storage, store + ": " + request.method + " was answered with " + status,
          wants_tls                ? "does it speak https? then write https:// instead of http://"
          : response.status >= 500 ? "run it again later"
                                   : ""};
}

}  // namespace algoctl
