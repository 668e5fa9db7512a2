#include "url.h"

#include <algorithm>

#include "base/text.h"

namespace algoctl::cli {

namespace {

bool is_scheme_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
}

/// `user:secret` of `scheme://user:secret@host/path`. The last `@` of the authority ends it, as
/// curl and git have it.
std::string_view user_info(std::string_view url) {
  const std::size_t scheme = url_scheme(url).size();
  if (scheme == 0 || url.substr(scheme, 3) != "://") return {};
  const std::string_view rest = url.substr(scheme + 3);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  const auto at = authority.rfind('@');
  return at == std::string_view::npos ? std::string_view{} : authority.substr(0, at);
}

}  // namespace

std::string_view url_scheme(std::string_view url) {
  const auto colon = url.find(':');
  if (colon == std::string_view::npos || colon < 2 || url[0] < 'a' || url[0] > 'z') return {};
  const std::string_view scheme = url.substr(0, colon);
  return std::all_of(scheme.begin(), scheme.end(), is_scheme_character) ? scheme
                                                                        : std::string_view{};
}

bool has_password(std::string_view url) {
  return user_info(url).find(':') != std::string_view::npos ||
         url.find("?password=") != std::string_view::npos ||
         url.find("&password=") != std::string_view::npos;
}

std::string strip_credentials(std::string_view url) {
  const std::size_t scheme = url_scheme(url).size();
  if (scheme == 0 || url.substr(scheme, 3) != "://") return std::string(url);
  const std::string_view user = user_info(url);
  std::string_view rest = url.substr(scheme + 3);
  if (!user.empty() || starts_with(rest, "@")) rest.remove_prefix(user.size() + 1);
  std::string result = std::string(url.substr(0, scheme + 3));
  const bool is_ssh = url.substr(0, scheme).find("ssh") != std::string_view::npos;
  if (is_ssh && !user.empty()) result += std::string(user.substr(0, user.find(':'))) + "@";
  return result + std::string(rest.substr(0, rest.find_first_of("?#")));
}

}  // namespace algoctl::cli
