#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace algoctl {

/// A store's URL taken apart: `s3://bucket/a/prefix?endpoint=http://127.0.0.1:7480&style=path`.
struct RemoteUrl {
  std::string scheme;  ///< in lower case
  std::string host;    ///< bucket, account, or host with port
  std::string path;    ///< decoded, without slashes at its ends; empty: none
  std::map<std::string, std::string> settings;  ///< the query, decoded

  /// Throws Error{usage} when it does not parse, names nobody, holds a user name or password, or a
  /// setting that is not one of `known`.
  static RemoteUrl parse(std::string_view url, const std::vector<std::string>& known);

  /// The setting, or empty.
  [[nodiscard]] std::string setting(const std::string& name) const;
  /// What it was parsed from, normalised: settings sorted, the path encoded.
  [[nodiscard]] std::string str() const;
};

}  // namespace algoctl
