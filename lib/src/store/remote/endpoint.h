#pragma once

#include <string>
#include <string_view>

namespace algoctl {

/// Who names an endpoint, as messages call it, and how it is written there.
struct EndpointSource {
  std::string name;  ///< `AWS_ENDPOINT_URL`, `the endpoint in the store's URL`
  std::string form;  ///< `AWS_ENDPOINT_URL=https://HOST`
};

/// The server that a store is on, where a setting names it.
struct Endpoint {
  std::string origin;  ///< `https://host[:port]`, in lower case
  std::string path;    ///< decoded, without a slash at its end; empty: none

  /// Azure's emulator has the account in the path; with others a path would be lost.
  enum class Path { refused, account };

  /// Throws Error{usage} for what is no http or https URL, has no host or no valid port, or holds a
  /// user name, a query, a fragment, or a path where there may be none. Shows nothing of the text:
  /// it may be a secret.
  static Endpoint parse(std::string_view text, const EndpointSource& from, Path path);
};

}  // namespace algoctl
