#include "store/remote/object_url.h"

#include <algorithm>

#include "algoctl/error.h"
#include "base/text.h"
#include "http/message.h"
#include "store/store_url.h"

namespace algoctl {
namespace {

constexpr std::string_view kSlashes = "://";

/// Never the URL itself: it may hold a secret.
[[noreturn]] void refuse_object_url(const std::string& scheme, const std::string& why,
                                    const std::string& hint) {
  throw Error(Code::usage, "the object's URL " + quoted(scheme + "://…") + " " + why, hint);
}

/// A slash in it was written as %2F, and will be one when it is read again.
bool is_plain_key(std::string_view key) {
  for (const std::string& part : split(key, '/')) {
    if (part.empty() || part == "." || part == "..") return false;
  }
  return std::none_of(key.begin(), key.end(),
                      [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
}

}  // namespace

bool ObjectUrl::matches(std::string_view text) {
  const std::string scheme = scheme_of(text);
  return !scheme.empty() && text.substr(scheme.size(), kSlashes.size()) == kSlashes;
}

ObjectUrl ObjectUrl::parse(std::string_view url) {
  const std::string scheme = scheme_of(url);
  if (scheme == "file") refuse_object_url(scheme, "names a file", "write its path");
  const std::size_t query = std::min(url.find('?'), url.size());
  if (query < url.size() && (scheme == "https" || scheme == "http")) {
    refuse_object_url(
        scheme, "holds a query, which may be a signature",
        "leave it out: what is recorded opens the object for everybody, and is no secret");
  }
  const std::string_view place = url.substr(0, query);
  const std::size_t host = scheme.size() + kSlashes.size();
  const std::size_t slash = place.rfind('/');
  if (slash < host || slash == std::string_view::npos || slash + 1 == place.size()) {
    refuse_object_url(
        scheme, "names no object",
        "write " + scheme + "://NAME/KEY; what is in a folder is uploaded object by object");
  }
  if (slash > host && place[slash - 1] == '/') {
    refuse_object_url(scheme, "has a prefix with an empty part, '.', '..' or a control character",
                      "choose a plain prefix");
  }
  ObjectUrl parsed;
  parsed.folder = std::string(place.substr(0, slash)) + std::string(url.substr(query));
  parsed.key = decode_url(place.substr(slash + 1), url);
  if (!is_plain_key(parsed.key)) {
    refuse_object_url(scheme, "has a key with an empty part, '.', '..' or a control character",
                      "give the object a plain name");
  }
  return parsed;
}

std::string ObjectUrl::str() const {
  const std::size_t query = std::min(folder.find('?'), folder.size());
  return folder.substr(0, query) + "/" + http::encode(key, true) + folder.substr(query);
}

}  // namespace algoctl
