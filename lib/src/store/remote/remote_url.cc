#include "store/remote/remote_url.h"

#include <algorithm>

#include "algoctl/error.h"
#include "base/text.h"
#include "http/fields.h"
#include "http/message.h"
#include "store/store_url.h"

namespace algoctl {
namespace {

/// Never the URL itself: it may hold a password.
[[noreturn]] void refuse_store_url(const std::string& scheme, const std::string& why,
                                   const std::string& hint) {
  throw Error(Code::usage, "the store's URL " + quoted(scheme + "://…") + " " + why, hint);
}

std::string trimmed_of_slashes(std::string path) {
  while (!path.empty() && path.back() == '/') path.pop_back();
  path.erase(0, std::min(path.find_first_not_of('/'), path.size()));
  return path;
}

bool is_plain_path(std::string_view path) {
  for (const std::string& part : split(path, '/')) {
    if (part.empty() || part == "." || part == "..") return false;
  }
  return std::none_of(path.begin(), path.end(),
                      [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
}

bool is_host(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._:[]").find(c) != std::string_view::npos;
  });
}

}  // namespace

RemoteUrl RemoteUrl::parse(std::string_view url, const std::vector<std::string>& known) {
  RemoteUrl parsed;
  parsed.scheme = scheme_of(url);
  std::string_view rest = url.substr(parsed.scheme.size() + 1);
  if (!starts_with(rest, "//")) {
    refuse_store_url(parsed.scheme, "does not begin with two slashes",
                     "write " + parsed.scheme + "://NAME/PREFIX");
  }
  rest.remove_prefix(2);
  if (rest.find('#') != std::string_view::npos) {
    refuse_store_url(parsed.scheme, "holds a '#'", "write it as %23");
  }
  const std::size_t query = rest.find('?');
  if (query != std::string_view::npos) {
    for (const std::string& pair : split(rest.substr(query + 1), '&')) {
      const std::size_t equals = pair.find('=');
      const std::string name = decode_url(pair.substr(0, equals), url);
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        const std::string meant = did_you_mean(name, known);
        refuse_store_url(
            parsed.scheme, "holds the unknown setting " + quoted(name),
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
    refuse_store_url(parsed.scheme, "holds a user name or a password",
                     "take it out: credentials come from the environment or from files");
  }
  if (!is_host(host)) {
    refuse_store_url(parsed.scheme, "names no bucket, account or host",
                     "write " + parsed.scheme + "://NAME/PREFIX");
  }
  parsed.host = http::lower(host);
  if (slash != std::string_view::npos) {
    parsed.path = trimmed_of_slashes(decode_url(rest.substr(slash), url));
  }
  if (!parsed.path.empty() && !is_plain_path(parsed.path)) {
    refuse_store_url(parsed.scheme,
                     "has a prefix with an empty part, '.', '..' or a control character",
                     "choose a plain prefix");
  }
  return parsed;
}

std::string RemoteUrl::setting(const std::string& name) const {
  const auto found = settings.find(name);
  return found == settings.end() ? std::string() : found->second;
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
