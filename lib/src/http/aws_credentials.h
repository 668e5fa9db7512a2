#pragma once

#include <memory>
#include <string>

#include "http/signer.h"
#include "http/sigv4.h"
#include "http/surroundings.h"

namespace algoctl::http {

/// Where credentials of AWS are looked for.
struct AwsOptions {
  /// Empty: the environment's keys, then the profile AWS_PROFILE or `default`. A profile that is
  /// named comes before the environment.
  std::string profile;
  /// A metadata service to ask, and nothing else. It is never asked unless this, or
  /// credential_source in the profile, says so.
  enum class Metadata { none, container, instance };
  Metadata metadata = Metadata::none;
};

/// The first credentials of: the metadata service that the options name; AWS_ACCESS_KEY_ID with
/// AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN; the profile in the credentials file; its
/// credential_process; its keys in the config file; the metadata service that it names. Throws
/// Error{unauthorized} that says where was looked, for a command that fails, or for a profile that
/// needs AWS's token service; Error{usage} for a file that cannot be understood; Error{storage}
/// when a service cannot be reached.
AwsCredentials find_aws_credentials(const Surroundings& around, const AwsOptions& options);

/// The HMAC key of GCS: GS_ACCESS_KEY_ID with GS_SECRET_ACCESS_KEY, else AWS_ACCESS_KEY_ID with
/// AWS_SECRET_ACCESS_KEY. Throws Error{unauthorized} when neither is set.
AwsCredentials find_gcs_credentials(const Surroundings& around);

}  // namespace algoctl::http
