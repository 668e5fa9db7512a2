#pragma once

#include <string>
#include <string_view>

#include "http/sigv4.h"

namespace algoctl::http {

/// Who wrote it: a credential_process says `Version` and `SessionToken`, a metadata service
/// `Token`.
enum class AwsKeysFrom { process, metadata };

/// The credentials in a JSON object as AWS has it: AccessKeyId, SecretAccessKey, the token, and
/// Expiration (RFC 3339). `where` is what errors call it. Throws Error{unauthorized} that shows
/// nothing of the text.
AwsCredentials parse_aws_keys(std::string_view json, AwsKeysFrom from, const std::string& where);

}  // namespace algoctl::http
