#include "store/remote/remote_url.h"

#include <algorithm>

#include "algoctl/error.h"
#include "base/text.h"
#include "http/fields.h"
#include "http/message.h"
#include "http/url.h"
#include "store/store_url.h"

namespace algoctl {
namespace {

/// Without the slash after the host, and one at the end. More of them are empty parts.
std::string trimmed_of_slashes(std::string path) {
  if (starts_with(path, "/")) path.erase(0, 1);
  if (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

bool is_plain_path(std::string_view path) {
  for (const std::string& part : split(path, '/')) {
    if (part.empty() || part == "." || part == "..") return false;
  }
  return std::none_of(path.begin(), path.end(),
                      [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
}

}  // namespace

RemoteUrl RemoteUrl::parse(std::string_view url, const std::vector<std::string>& known,
                           const std::string& owner) {
  RemoteUrl parsed;
  parsed.scheme = scheme_of(url);
  parsed.owner = owner;
  // Never the URL itself: it may hold a password.
  const auto refuse_url = [&](const std::string& why, const std::string& hint) {
    throw Error(Code::usage,
                "the " + owner + "'s URL " + quoted(parsed.scheme + "://…") + " " + why, hint);
  };
  std::string_view rest = url.substr(parsed.scheme.size() + 1);
  if (!starts_with(rest, "//")) {
    refuse_url("does not begin with two slashes", "write " + parsed.scheme + "://NAME/PREFIX");
  }
  rest.remove_prefix(2);
  if (rest.find('#') != std::string_view::npos) {
    refuse_url("holds a '#'", "write it as %23");
  }
  const std::size_t query = rest.find('?');
  if (query != std::string_view::npos) {
    for (const std::string& pair : split(rest.substr(query + 1), '&')) {
      const std::size_t equals = pair.find('=');
      const std::string name = decode_url(pair.substr(0, equals), url);
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        const std::string meant = did_you_mean(name, known);
        refuse_url("holds the unknown setting " + quoted(name),
                   !meant.empty() ? meant
                   : known.empty()
                       ? "leave out what follows the question mark; secrets never belong in a URL"
                       : "there are: " + join(known, ", "));
      }
      parsed.settings[name] =
          equals == std::string::npos ? "" : decode_url(pair.substr(equals + 1), url);
    }
    rest = rest.substr(0, query);
  }
  const std::size_t slash = rest.find('/');
  const std::string_view host = rest.substr(0, slash);
  if (host.find('@') != std::string_view::npos) {
    refuse_url("holds a user name or a password",
               "take it out: credentials come from the environment or from files");
  }
  if (!http::is_host(host)) {
    refuse_url("names no bucket, account or host", "write " + parsed.scheme + "://NAME/PREFIX");
  }
  if (starts_with(parsed.scheme, "http") && !http::has_valid_port(host)) {
    refuse_url("has no valid port", "a port is a number from 1 to 65535");
  }
  parsed.host = http::lower(host);
  if (slash != std::string_view::npos) {
    parsed.path = trimmed_of_slashes(decode_url(rest.substr(slash), url));
  }
  if (!parsed.path.empty() && !is_plain_path(parsed.path)) {
    refuse_url("has a prefix with an empty part, '.', '..' or a control character",
               "choose a plain prefix");
  }
  return parsed;
}

std::string RemoteUrl::setting(const std::string& name) const {
  const auto found = settings.find(name);
  return found == settings.end() ? std::string() : found->second;
}

void RemoteUrl::refuse(const std::string& name, const std::string& hint) const {
  throw Error(Code::usage, "the " + owner + "'s URL says " + name + "=" + setting(name), hint);
}

EndpointSource RemoteUrl::endpoint_source() const {
  return {"the endpoint in the " + owner + "'s URL", "endpoint=https://HOST"};
}

std::string RemoteUrl::str() const {
  std::string text = scheme + "://" + host;
  if (!path.empty()) text += "/" + http::encode(path, true);
  char separator = '?';
  for (const auto& [name, value] : settings) {
    text += separator + name + "=";
    // A URL inside a query stays readable: `:` and `/` need no encoding there.
    for (const char c : value) {
      text += c == ':' || c == '/' ? std::string(1, c) : http::encode({&c, 1}, false);
    }
    separator = '&';
  }
  return text;
}

}  // namespace algoctl
