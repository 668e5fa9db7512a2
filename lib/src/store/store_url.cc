#include "store/store_url.h"

#include "algoctl/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "core/scan.h"

namespace algoctl {
namespace {

constexpr std::string_view kFile = "file:";
constexpr std::string_view kLocalHost = "localhost/";

char lower(char c) noexcept { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

int hex_value(char c) noexcept {
  if (is_digit(c)) return c - '0';
  const char small = lower(c);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

}  // namespace

std::string decode_url(std::string_view text, std::string_view url) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
    if (high < 0 || low < 0 || high * 16 + low == 0) {
      const bool remote = scheme_of(url) != "file";  // it may hold a password
      throw Error(Code::usage,
                  "malformed URL " + quoted(remote ? scheme_of(url) + "://…" : std::string(url)),
                  "write % as %25");
    }
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

std::string scheme_of(std::string_view url) {
  std::string scheme;
  for (const char c : url) {
    // One letter before the colon is more likely a folder than a scheme.
    if (c == ':') return scheme.size() > 1 ? scheme : std::string();
    const bool fits =
        is_lower(c) || is_upper(c) || (!scheme.empty() && (is_digit(c) || c == '+' || c == '-'));
    if (!fits) return {};
    scheme += lower(c);
  }
  return {};
}

bool is_folder_url(std::string_view url) {
  const std::string scheme = scheme_of(url);
  return scheme.empty() || scheme == "file";
}

std::string file_url(std::string_view path) {
  std::string url = "file://";
  for (const char c : path) {
    if (is_alphanumeric(c) || std::string_view("-._~/+=@:,").find(c) != std::string_view::npos) {
      url += c;
    } else {
      url += "%" + to_hex({&c, 1});
    }
  }
  return url;
}

std::string path_of_file_url(std::string_view url) {
  std::string_view rest = url.substr(kFile.size());
  if (starts_with(rest, "//")) {
    rest.remove_prefix(2);
    if (starts_with(rest, kLocalHost)) rest.remove_prefix(kLocalHost.size() - 1);
    if (!starts_with(rest, "/")) {
      throw Error(Code::usage, quoted(url) + " names another host",
                  "write file:///PATH, with three slashes");
    }
  }
  if (rest.empty())
    throw Error(Code::usage, quoted(url) + " names no folder", "write file:///PATH");
  return decode_url(rest, url);
}

}  // namespace algoctl
