#pragma once

#include "http/sigv4.h"
#include "http/surroundings.h"

namespace algoctl::http {

/// The credentials of the role that a container runs as (ECS, EKS): those that
/// AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or AWS_CONTAINER_CREDENTIALS_FULL_URI names, shown the
/// token in AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE or AWS_CONTAINER_AUTHORIZATION_TOKEN. Plain HTTP
/// only to this machine. Throws Error{unauthorized}, Error{storage}.
AwsCredentials container_credentials(const Surroundings& around);

/// The credentials of the role that an EC2 instance runs as (IMDSv2), from
/// AWS_EC2_METADATA_SERVICE_ENDPOINT or the usual address. Throws Error{unauthorized},
/// Error{storage}.
AwsCredentials instance_credentials(const Surroundings& around);

}  // namespace algoctl::http
