#include "setting_values.h"

#include <charconv>
#include <cmath>

#include "algoctl/error.h"
#include "base/file.h"
#include "base/text.h"
#include "url.h"

namespace algoctl::cli {

std::string in_folder(const std::string& folder, const std::string& name) {
  return (folder == "/" ? "" : folder) + "/" + name;
}

std::string parent_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos || path == "/") return "";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string path_in(const std::string& folder, const std::string& path) {
  if (starts_with(path, "/") || folder.empty()) return absolute_path(path);
  return absolute_path(in_folder(folder, path));
}

std::string url_in(const std::string& folder, const std::string& url) {
  const std::string scheme(url_scheme(url));
  if (scheme.empty()) return path_in(folder, url);
  const std::string rest = url.substr(scheme.size() + 1);
  if ((scheme != "sqlite" && scheme != "file") || starts_with(rest, "/")) return url;
  return scheme + ":" + path_in(folder, rest);
}

std::optional<std::chrono::milliseconds> parse_seconds(const std::string& text) {
  constexpr double kLongest = 365.0 * 24 * 60 * 60;
  double seconds = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, seconds);
  if (error != std::errc{} || stop != end || !(seconds >= 0 && seconds <= kLongest)) {
    return std::nullopt;
  }
  return std::chrono::milliseconds(std::llround(seconds * 1000));
}

std::optional<std::int64_t> parse_bytes(const std::string& text) {
  std::int64_t bytes = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, bytes);
  return error == std::errc{} && stop == end && bytes >= 0 ? std::optional(bytes) : std::nullopt;
}

std::chrono::milliseconds parse_duration(const std::string& text) {
  constexpr std::pair<char, std::int64_t> kUnits[] = {
      {'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};
  constexpr std::int64_t kMost = 100000;
  const auto count = parse_bytes(text.substr(0, text.empty() ? 0 : text.size() - 1));
  for (const auto& [unit, seconds] : kUnits) {
    if (count && *count <= kMost && text.back() == unit) {
      return std::chrono::seconds(*count * seconds);
    }
  }
  throw Error(Code::usage, "malformed duration " + quoted(text),
              "write a number and a unit, such as 90d, 12h, 30m or 45s");
}

}  // namespace algoctl::cli
