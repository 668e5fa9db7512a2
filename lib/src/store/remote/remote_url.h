#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "store/remote/endpoint.h"

namespace algoctl {

/// A store's URL taken apart: `s3://bucket/a/prefix?endpoint=http://127.0.0.1:7480&style=path`.
struct RemoteUrl {
  std::string scheme;  ///< in lower case
  std::string host;    ///< bucket, account, or host with port
  std::string path;    ///< decoded, without slashes at its ends; empty: none
  std::map<std::string, std::string> settings;  ///< the query, decoded
  std::string owner;                            ///< whose it is, for messages: `store`

  /// Throws Error{usage} when it does not parse, names nobody, holds a user name or password, a
  /// prefix with an empty part, or a setting that is not one of `known`.
  static RemoteUrl parse(std::string_view url, const std::vector<std::string>& known,
                         const std::string& owner = "store");

  /// The setting, or empty.
  [[nodiscard]] std::string setting(const std::string& name) const;
  /// Throws Error{usage}: `the store's URL says NAME=VALUE`.
  [[noreturn]] void refuse(const std::string& name, const std::string& hint) const;
  /// The setting `endpoint`, as who names the server.
  [[nodiscard]] EndpointSource endpoint_source() const;
  /// What it was parsed from, normalised: settings sorted, the path encoded.
  [[nodiscard]] std::string str() const;
};

}  // namespace algoctl
