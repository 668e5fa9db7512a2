#include "http/aws_metadata.h"

#include <algorithm>
#include <array>

#include "algoctl/error.h"
#include "base/text.h"
#include "http/aws_keys_json.h"
#include "http/url.h"

namespace algoctl::http {
namespace {

constexpr char kContainerOrigin[] = "http://169.254.170.2";
constexpr char kInstanceOrigin[] = "http://169.254.169.254";
constexpr char kRolePath[] = "/latest/meta-data/iam/security-credentials/";

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

/// A metadata service. Both have hints for messages.
struct Service {
  std::string name;
  std::string grant;  ///< what to do when it answers, and gives nothing
  std::string drop;   ///< what to do when there is none
};

const Service& container_service() {
  static const Service service = {
      "container metadata", "give the task or the pod a role",
      "is this a container in AWS? if not, drop credentials=container from the URL, or "
      "credential_source from the profile"};
  return service;
}

const Service& instance_service() {
  static const Service service = {
      "instance metadata", "attach a role to the instance, and allow IMDSv2",
      "is this machine in AWS? if not, drop credentials=instance from the URL, or "
      "credential_source from the profile"};
  return service;
}

std::string ask(const Surroundings& around, const Request& request, const Service& service) {
  Response response;
  try {
    response = around.fetch(request);
  } catch (const Error& error) {
    throw Error(error.code(), service.name + ": " + error.message(), service.drop);
  }
  if (!response.ok()) {
    throw Error(
        Code::unauthorized,
        service.name + " at " + request.shown() + " answered " + std::to_string(response.status),
        service.grant);
  }
  return response.body;
}

Request container_request(const Surroundings& around) {
  if (const auto path = around.filled("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")) {
    return request_for(kContainerOrigin + *path);
  }
  const auto url = around.filled("AWS_CONTAINER_CREDENTIALS_FULL_URI");
  if (!url) {
    throw Error(Code::unauthorized,
                "no container credentials: neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor "
                "AWS_CONTAINER_CREDENTIALS_FULL_URI is set",
                container_service().grant);
  }
  return request_for(*url);
}

/// Credentials, and the token that gets them, travel in the clear over HTTP.
void require_near(const Request& request) {
  static constexpr std::array<const char*, 6> kNear = {
      "127.0.0.1", "localhost", "[::1]", "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"};
  const std::string host = host_name(request);
  if (starts_with(request.origin, "https://")) return;
  if (std::find(kNear.begin(), kNear.end(), host) != kNear.end()) return;
  throw Error(Code::unauthorized,
              "container metadata would come from " + quoted(host) +
                  ", which is neither this machine nor asked over https",
              "see AWS_CONTAINER_CREDENTIALS_FULL_URI");
}

std::string container_token(const Surroundings& around) {
  std::string token = around.filled("AWS_CONTAINER_AUTHORIZATION_TOKEN").value_or("");
  if (const auto path = around.filled("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")) {
    const auto text = around.read(*path);
    if (!text) {
      throw Error(Code::unauthorized, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names " +
                                          quoted_path(*path) + ", which is not there");
    }
    token = trimmed(*text);
  }
  if (token.find_first_of("\r\n") != std::string::npos) {
    throw Error(Code::unauthorized, "the container's authorization token has more than one line");
  }
  return token;
}

}  // namespace

AwsCredentials container_credentials(const Surroundings& around) {
  Request request = container_request(around);
  require_near(request);
  const std::string token = container_token(around);
  if (!token.empty()) request.headers.push_back({"Authorization", token});
  request.headers.push_back({"Accept", "application/json"});
  const Service& service = container_service();
  return parse_aws_keys(ask(around, request, service), AwsKeysFrom::metadata, service.name);
}

AwsCredentials instance_credentials(const Surroundings& around) {
  const Service& service = instance_service();
  const std::string origin =
      around.filled("AWS_EC2_METADATA_SERVICE_ENDPOINT").value_or(kInstanceOrigin);
  Request request = request_for(origin);
  request.method = "PUT";
  request.path = "/latest/api/token";
  request.headers = {{"X-aws-ec2-metadata-token-ttl-seconds", "21600"}};
  const std::string token = trimmed(ask(around, request, service));

  request.method = "GET";
  request.headers = {{"X-aws-ec2-metadata-token", token}};
  request.path = kRolePath;
  const std::string role = split(ask(around, request, service), '\n').front();
  request.path = kRolePath + trimmed(role);
  return parse_aws_keys(ask(around, request, service), AwsKeysFrom::metadata, service.name);
}

}  // namespace algoctl::http
