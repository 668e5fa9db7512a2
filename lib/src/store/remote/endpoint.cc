#include "store/remote/endpoint.h"

#include <algorithm>

#include "algoctl/error.h"
#include "http/fields.h"
#include "http/url.h"

namespace algoctl {

Endpoint Endpoint::parse(std::string_view text, const EndpointSource& from, Path path) {
  const auto refuse = [&](const char* why, const std::string& hint) {
    throw Error(Code::usage, from.name + " " + why, hint);
  };
  const std::string form = "write " + from.form;
  const std::size_t slashes = std::min(text.find("://"), text.size());
  const std::string scheme = http::lower(text.substr(0, slashes));
  if (slashes == text.size() || (scheme != "http" && scheme != "https")) {
    refuse("is no http or https URL", form);
  }
  const std::string_view rest = text.substr(slashes + 3);
  const std::string_view host = rest.substr(0, rest.find_first_of("/?#"));
  if (host.find('@') != std::string_view::npos) {
    refuse("holds a user name or a password",
           "take it out: credentials come from the environment or from files");
  }
  if (rest.find('?') != std::string_view::npos) {
    refuse("holds a query", path == Path::account
                                ? "take it out: a SAS token belongs in AZURE_STORAGE_SAS_TOKEN"
                                : form + ", without what follows the host");
  }
  if (rest.find('#') != std::string_view::npos) refuse("holds a '#'", form);
  if (!http::is_host(host)) refuse("names no host", form);
  if (!http::has_valid_port(host)) {
    refuse("has no valid port", "a port is a number from 1 to 65535");
  }
  http::Request request = http::request_for(text);
  while (!request.path.empty() && request.path.back() == '/') request.path.pop_back();
  if (!request.path.empty() && path == Path::refused) {
    refuse("holds a path", form + " alone: bucket and prefix are said before the settings");
  }
  return {std::move(request.origin), std::move(request.path)};
}

}  // namespace algoctl
