#pragma once

#include <string>
#include <string_view>

namespace algoctl {

/// The URL of one object in a bucket or behind a web server, taken apart at its last slash:
/// `s3://models/prod/model.pkl?region=eu-west-1`.
struct ObjectUrl {
  std::string folder;  ///< what a conversation is opened by: `s3://models/prod?region=eu-west-1`
  std::string key;     ///< decoded: `model.pkl`

  /// True when the text begins as a URL does: `SCHEME://`.
  static bool matches(std::string_view text);

  /// Throws Error{usage} when it names no object, or holds what may be a secret: a web server's URL
  /// may have no query.
  static ObjectUrl parse(std::string_view url);

  /// What it was parsed from.
  [[nodiscard]] std::string str() const;
};

}  // namespace algoctl
