#include "http/aws_credentials.h"

#include <array>
#include <utility>

#include "algoctl/error.h"
#include "base/clock.h"
#include "base/text.h"
#include "http/aws_config.h"
#include "http/aws_metadata.h"
#include "http/credential_process.h"

namespace algoctl::http {
namespace {

using Metadata = AwsOptions::Metadata;

[[noreturn]] void throw_half(const std::string& there, const std::string& missing) {
  throw Error(Code::unauthorized, there + " is set, but " + missing + " is not",
              "set both, or neither");
}

/// A pair of variables, which may both be missing.
std::optional<AwsCredentials> keys_in_environment(const Surroundings& around,
                                                  const std::string& id_name,
                                                  const std::string& secret_name) {
  const auto id = around.filled(id_name);
  const auto secret = around.filled(secret_name);
  if (!id && !secret) return std::nullopt;
  if (!id) throw_half(secret_name, id_name);
  if (!secret) throw_half(id_name, secret_name);
  return AwsCredentials{*id, Secret(*secret), {}, {}};
}

std::optional<AwsCredentials> aws_keys_in_environment(const Surroundings& around) {
  auto keys = keys_in_environment(around, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
  if (!keys) return keys;
  keys->session_token = Secret(around.filled("AWS_SESSION_TOKEN").value_or(""));
  if (const auto end = around.filled("AWS_CREDENTIAL_EXPIRATION")) {
    keys->expires_at = parse_time(*end);
    if (!keys->expires_at) {
      throw Error(Code::unauthorized, "AWS_CREDENTIAL_EXPIRATION is no time: " + quoted(*end),
                  "set it as aws configure export-credentials --format env does, or unset it");
    }
  }
  return keys;
}

std::optional<AwsCredentials> keys_in(const AwsConfig::File& file, const std::string& profile) {
  const auto value = [&](const char* name) {
    if (!file.section) return std::string();
    const auto found = file.section->find(name);
    return found == file.section->end() ? std::string() : found->second;
  };
  const std::string id = value("aws_access_key_id");
  const std::string secret = value("aws_secret_access_key");
  if (id.empty() && secret.empty()) return std::nullopt;
  if (id.empty() || secret.empty()) {
    const char* missing = id.empty() ? "aws_access_key_id" : "aws_secret_access_key";
    throw Error(
        Code::unauthorized,
        "profile " + quoted(profile) + " in " + quoted_path(file.path) + " has no " + missing,
        "aws configure --profile " + profile + " sets both keys");
  }
  return AwsCredentials{id, Secret(secret), Secret(value("aws_session_token")), {}};
}

/// Settings by which AWS's own tools would ask its token service, which this library cannot.
void refuse_token_service(const Surroundings& around, const AwsConfig& config) {
  static constexpr std::array<const char*, 5> kSettings = {
      "role_arn", "web_identity_token_file", "sso_session", "sso_start_url", "login_session"};
  for (const char* name : kSettings) {
    if (!config.find(name)) continue;
    throw Error(
        Code::unauthorized,
        "profile " + quoted(config.profile) + " has " + name + ", which takes AWS's token service",
        "name another profile, with credential_process = aws configure export-credentials "
        "--profile " +
            config.profile);
  }
  if (!around.filled("AWS_WEB_IDENTITY_TOKEN_FILE")) return;
  throw Error(Code::unauthorized,
              "AWS_WEB_IDENTITY_TOKEN_FILE is set, which takes AWS's token service",
              "unset it, and name a profile with credential_process = aws configure "
              "export-credentials");
}

Metadata metadata_source(const AwsConfig& config) {
  const std::string source = config.find("credential_source").value_or("Environment");
  if (source == "EcsContainer") return Metadata::container;
  if (source == "Ec2InstanceMetadata") return Metadata::instance;
  if (source == "Environment") return Metadata::none;
  throw Error(Code::usage,
              "credential_source of profile " + quoted(config.profile) + " is " + quoted(source),
              "it can be Ec2InstanceMetadata, EcsContainer or Environment");
}

std::string place(const AwsConfig::File& file, const std::string& profile) {
  if (file.path.empty()) return "HOME is not set";
  const std::string path = quoted_path(file.path);
  if (!file.is_there) return path + " is not there";
  return path + " has no " + (file.section ? "keys in profile " : "profile ") + quoted(profile);
}

[[noreturn]] void throw_nothing(const AwsConfig& config, const AwsOptions& options) {
  throw Error(Code::unauthorized,
              "no AWS credentials\n  environment: " +
                  std::string(options.profile.empty() ? "AWS_ACCESS_KEY_ID is not set"
                                                      : "not asked, because a profile is named") +
                  "\n  credentials: " + place(config.credentials, config.profile) +
                  "\n  config:      " + place(config.config, config.profile) +
                  "\n  metadata:    not asked, because no credential_source says so",
              "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run aws configure");
}

}  // namespace

AwsCredentials find_aws_credentials(const Surroundings& around, const AwsOptions& options) {
  // Who names one means it, whatever else lies around.
  switch (options.metadata) {
    case Metadata::container: return container_credentials(around);
    case Metadata::instance: return instance_credentials(around);
    case Metadata::none: break;
  }
  if (options.profile.empty()) {
    if (auto keys = aws_keys_in_environment(around)) return *keys;
  }
  const AwsConfig config = read_aws_config(around, options.profile);
  refuse_token_service(around, config);
  if (auto keys = keys_in(config.credentials, config.profile)) return *keys;
  if (const auto command = config.find("credential_process")) {
    return run_credential_process(around, *command, config.place_of("credential_process"));
  }
  if (auto keys = keys_in(config.config, config.profile)) return *keys;
  switch (metadata_source(config)) {
    case Metadata::container: return container_credentials(around);
    case Metadata::instance: return instance_credentials(around);
    case Metadata::none: break;
  }
  throw_nothing(config, options);
}

AwsCredentials find_gcs_credentials(const Surroundings& around) {
  if (auto keys = keys_in_environment(around, "GS_ACCESS_KEY_ID", "GS_SECRET_ACCESS_KEY")) {
    return *keys;
  }
  if (auto keys = keys_in_environment(around, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")) {
    return *keys;
  }
  throw Error(Code::unauthorized,
              "no GCS credentials: neither GS_ACCESS_KEY_ID nor AWS_ACCESS_KEY_ID is set",
              "make an HMAC key with gcloud storage hmac create, and set GS_ACCESS_KEY_ID and "
              "GS_SECRET_ACCESS_KEY");
}

}  // namespace algoctl::http
