#pragma once

#include <string>

#include "http/surroundings.h"

namespace algoctl::http {

/// What AWS's tools are told about S3 beside credentials. Empty texts were not set.
struct AwsSettings {
  std::string region;    ///< AWS_REGION, AWS_DEFAULT_REGION, the profile's region
  std::string endpoint;  ///< URL: AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, the profile's endpoint_url
  std::string endpoint_from;  ///< which of them, for messages
  std::string ca_file;        ///< AWS_CA_BUNDLE, the profile's ca_bundle
  std::string ca_file_from;   ///< the same
  /// Whether a bucket is a part of the path or of the host: the profile's s3.addressing_style.
  enum class Addressing { automatic, path, virtual_host };
  Addressing addressing = Addressing::automatic;
};

/// Reads the environment and the profile, as find_aws_credentials does. Throws Error{unauthorized}
/// for a profile that is not there, Error{usage} for what cannot be understood.
AwsSettings read_aws_settings(const Surroundings& around, const std::string& profile);

}  // namespace algoctl::http
