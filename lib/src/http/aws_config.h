#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "http/surroundings.h"

namespace algoctl::http {

/// The settings of one section, by name in lower case; those that are nested in another one as
/// `s3.addressing_style`.
using AwsSection = std::map<std::string, std::string>;

/// The sections of a file that AWS's tools share, by what stands between the brackets.
/// Throws Error{usage} `PATH:LINE: …`, which shows nothing of the line: it may be a secret.
std::map<std::string, AwsSection> parse_aws_file(std::string_view text, std::string_view path);

/// One profile, as both files have it.
struct AwsConfig {
  std::string profile;  ///< its name
  struct File {
    std::string path;  ///< empty: there is no home to look in
    bool is_there = false;
    std::optional<AwsSection> section;

    /// A setting; nullopt when it is not there or empty.
    [[nodiscard]] std::optional<std::string> find(const std::string& name) const;
  };
  File credentials;
  File config;

  /// The same, that of the credentials file first.
  [[nodiscard]] std::optional<std::string> find(const std::string& name) const;
  /// Where `find` found it, for messages: `profile 'x' in 'PATH'`.
  [[nodiscard]] std::string place_of(const std::string& name) const;
};

/// Reads AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE, else both files in ~/.aws. The profile is
/// the one named, else AWS_PROFILE, else `default`, which need not be there.
/// Throws Error{unauthorized} for a profile that is in neither file, Error{usage} for a file that
/// cannot be understood.
AwsConfig read_aws_config(const Surroundings& around, const std::string& profile);

}  // namespace algoctl::http
