#include "http/aws_credentials.h"

#include <doctest/doctest.h>

#include "unit/http/played_surroundings.h"

namespace algoctl::http {
namespace {

/// `ID SECRET TOKEN`
std::string found(Played& played, const AwsOptions& options = {}) {
  const AwsCredentials keys = find_aws_credentials(played.surroundings(), options);
  return keys.key_id + " " + keys.secret.reveal() + " " + keys.session_token.reveal();
}

std::string failure(Played& played, const AwsOptions& options = {}) {
  return error_of([&] { find_aws_credentials(played.surroundings(), options); });
}

/// All places at once; a test removes them one by one.
Played everything() {
  Played played;
  played.variables["AWS_ACCESS_KEY_ID"] = "env";
  played.variables["AWS_SECRET_ACCESS_KEY"] = "env-secret";
  played.variables["AWS_SESSION_TOKEN"] = "env-token";
  played.files["/h/.aws/credentials"] =
      "[default]\naws_access_key_id = file\naws_secret_access_key = file-secret\n"
      "aws_session_token = file-token\n"
      "[x]\naws_access_key_id = x\naws_secret_access_key = x-secret\n";
  played.files["/h/.aws/config"] =
      "[default]\naws_access_key_id = config\naws_secret_access_key = config-secret\n"
      "credential_process = get 'the keys'\n";
  played.output = {0, R"({"Version": 1, "AccessKeyId": "run", "SecretAccessKey": "run-secret"})"};
  return played;
}

}  // namespace

TEST_CASE("find_aws_credentials: environment, credentials file, process, config file") {
  Played played = everything();
  CHECK(found(played) == "env env-secret env-token");
  played.variables.erase("AWS_SESSION_TOKEN");
  CHECK(found(played) == "env env-secret ");
  played.variables["AWS_ACCESS_KEY_ID"] = "";
  played.variables.erase("AWS_SECRET_ACCESS_KEY");
  CHECK(found(played) == "file file-secret file-token");
  CHECK(played.commands.empty());
  played.files.erase("/h/.aws/credentials");
  CHECK(found(played) == "run run-secret ");
  CHECK(played.commands == std::vector<std::vector<std::string>>{{"get", "the keys"}});
  played.files["/h/.aws/config"] =
      "[default]\naws_access_key_id = config\naws_secret_access_key = config-secret\n";
  CHECK(found(played) == "config config-secret ");
  CHECK(played.requests.empty());
}

TEST_CASE("find_aws_credentials: the environment may say when its keys end") {
  Played played = everything();
  const auto end = [&] {
    return find_aws_credentials(played.surroundings(), {}).expires_at.value_or(0);
  };
  CHECK(end() == 0);
  played.variables["AWS_CREDENTIAL_EXPIRATION"] = "1970-01-01T00:00:02+00:00";
  CHECK(end() == 2000);
  played.variables["AWS_CREDENTIAL_EXPIRATION"] = "1970-01-01T00:00:03Z";
  CHECK(end() == 3000);
  played.variables["AWS_CREDENTIAL_EXPIRATION"] = "soon";
  CHECK(failure(played) ==
        "AWS_CREDENTIAL_EXPIRATION is no time: 'soon' [unauthorized] set it as aws configure "
        "export-credentials --format env does, or unset it");
}

TEST_CASE(
    "find_aws_credentials: a profile that is named comes before the environment's keys, "
    "AWS_PROFILE does not") {
  Played played = everything();
  AwsOptions options;
  options.profile = "x";
  CHECK(found(played, options) == "x x-secret ");
  played.variables["AWS_PROFILE"] = "x";
  CHECK(found(played) == "env env-secret env-token");
  played.variables.erase("AWS_ACCESS_KEY_ID");
  played.variables.erase("AWS_SECRET_ACCESS_KEY");
  CHECK(found(played) == "x x-secret ");
}

TEST_CASE("find_aws_credentials: nothing anywhere, with all places that were looked at") {
  Played played;
  CHECK(failure(played) ==
        "no AWS credentials\n"
        "  environment: AWS_ACCESS_KEY_ID is not set\n"
        "  credentials: '/h/.aws/credentials' is not there\n"
        "  config:      '/h/.aws/config' is not there\n"
        "  metadata:    not asked, because no credential_source says so [unauthorized] "
        "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run aws configure");
  played.files["/h/.aws/credentials"] = "[other]\n";
  played.files["/h/.aws/config"] = "[profile x]\nregion = r\n";
  AwsOptions options;
  options.profile = "x";
  CHECK(failure(played, options) ==
        "no AWS credentials\n"
        "  environment: not asked, because a profile is named\n"
        "  credentials: '/h/.aws/credentials' has no profile 'x'\n"
        "  config:      '/h/.aws/config' has no keys in profile 'x'\n"
        "  metadata:    not asked, because no credential_source says so [unauthorized] "
        "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run aws configure");
  played.variables.clear();
  CHECK(failure(played) ==
        "no AWS credentials\n"
        "  environment: AWS_ACCESS_KEY_ID is not set\n"
        "  credentials: HOME is not set\n"
        "  config:      HOME is not set\n"
        "  metadata:    not asked, because no credential_source says so [unauthorized] "
        "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run aws configure");
  CHECK(played.requests.empty());
}

TEST_CASE("find_aws_credentials: half of a pair is a mistake, not a reason to look further") {
  Played played = everything();
  played.variables.erase("AWS_SECRET_ACCESS_KEY");
  CHECK(failure(played) ==
        "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not [unauthorized] "
        "set both, or neither");
  played.variables.erase("AWS_ACCESS_KEY_ID");
  played.variables["AWS_SECRET_ACCESS_KEY"] = "s3cret";
  CHECK(failure(played) ==
        "AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not [unauthorized] "
        "set both, or neither");
  played.variables.erase("AWS_SECRET_ACCESS_KEY");
  played.files["/h/.aws/credentials"] = "[default]\naws_access_key_id = a\n";
  CHECK(failure(played) ==
        "profile 'default' in '/h/.aws/credentials' has no aws_secret_access_key [unauthorized] "
        "aws configure --profile default sets both keys");
  played.files["/h/.aws/credentials"] = "[default]\naws_secret_access_key = s3cret\n";
  CHECK(failure(played) ==
        "profile 'default' in '/h/.aws/credentials' has no aws_access_key_id [unauthorized] "
        "aws configure --profile default sets both keys");
}

TEST_CASE("find_aws_credentials: what takes the token service says who can do it") {
  for (const char* setting :
       {"role_arn", "web_identity_token_file", "sso_session", "sso_start_url", "login_session"}) {
    Played played = everything();
    played.files["/h/.aws/config"] = "[profile x]\n" + std::string(setting) + " = it\n";
    AwsOptions options;
    options.profile = "x";
    CHECK(failure(played, options) ==
          "profile 'x' has " + std::string(setting) +
              ", which takes AWS's token service [unauthorized] "
              "name another profile, with credential_process = aws configure export-credentials "
              "--profile x");
  }
  Played played;
  played.variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = "/t";
  CHECK(failure(played) ==
        "AWS_WEB_IDENTITY_TOKEN_FILE is set, which takes AWS's token service [unauthorized] "
        "unset it, and name a profile with credential_process = aws configure export-credentials");
  played = everything();
  played.variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = "/t";
  CHECK(found(played) == "env env-secret env-token");
}

TEST_CASE(
    "find_aws_credentials: a metadata service is asked when the profile or the caller says "
    "so") {
  const Response keys = {
      200, {}, R"({"AccessKeyId": "role", "SecretAccessKey": "s", "Token": "t"})"};
  Played container;
  container.variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2/keys";
  container.answers = {keys};
  CHECK(failure(container).substr(0, 18) == "no AWS credentials");
  CHECK(container.requests.empty());
  AwsOptions options;
  options.metadata = AwsOptions::Metadata::container;
  CHECK(found(container, options) == "role s t");
  container.requests.clear();
  container.files["/h/.aws/config"] = "[default]\ncredential_source = EcsContainer\n";
  CHECK(found(container) == "role s t");

  Played instance;
  instance.answers = {{200, {}, "token"}, {200, {}, "my-role"}, keys};
  options.metadata = AwsOptions::Metadata::instance;
  CHECK(found(instance, options) == "role s t");
  instance.requests.clear();
  instance.files["/h/.aws/config"] = "[default]\ncredential_source = Ec2InstanceMetadata\n";
  CHECK(found(instance) == "role s t");
}

TEST_CASE("find_aws_credentials: a metadata service that is named comes before all else") {
  Played played = everything();
  played.variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2/keys";
  played.answers = {{200, {}, R"({"AccessKeyId": "role", "SecretAccessKey": "s"})"}};
  AwsOptions options;
  options.metadata = AwsOptions::Metadata::container;
  CHECK(found(played, options) == "role s ");
  options.profile = "x";
  played.requests.clear();
  CHECK(found(played, options) == "role s ");
  CHECK(failure(played, options) ==
        "container metadata: no route to 169.254.170.2 [storage] is this a container in AWS? if "
        "not, drop credentials=container from the URL, or credential_source from the profile");
}

TEST_CASE("find_aws_credentials: a credential_source that is none") {
  Played played;
  played.files["/h/.aws/config"] = "[default]\ncredential_source = Moon\n";
  CHECK(failure(played) ==
        "credential_source of profile 'default' is 'Moon' [usage] "
        "it can be Ec2InstanceMetadata, EcsContainer or Environment");
  played.files["/h/.aws/config"] = "[default]\ncredential_source = Environment\n";
  CHECK(failure(played).substr(0, 18) == "no AWS credentials");
}

TEST_CASE("find_gcs_credentials: GCS's own names first, then AWS's") {
  Played played;
  const auto key_id = [&] { return find_gcs_credentials(played.surroundings()).key_id; };
  CHECK(error_of(key_id) ==
        "no GCS credentials: neither GS_ACCESS_KEY_ID nor AWS_ACCESS_KEY_ID is set [unauthorized] "
        "make an HMAC key with gcloud storage hmac create, and set GS_ACCESS_KEY_ID and "
        "GS_SECRET_ACCESS_KEY");
  played.files["/h/.aws/credentials"] =
      "[default]\naws_access_key_id = a\naws_secret_access_key = b\n";
  CHECK(error_of(key_id).substr(0, 18) == "no GCS credentials");
  played.variables["AWS_ACCESS_KEY_ID"] = "GOOG1AWS";
  played.variables["AWS_SECRET_ACCESS_KEY"] = "s";
  played.variables["AWS_SESSION_TOKEN"] = "t";
  CHECK(key_id() == "GOOG1AWS");
  CHECK(find_gcs_credentials(played.surroundings()).session_token.empty());
  played.variables["GS_ACCESS_KEY_ID"] = "GOOG1GS";
  CHECK(error_of(key_id) ==
        "GS_ACCESS_KEY_ID is set, but GS_SECRET_ACCESS_KEY is not [unauthorized] "
        "set both, or neither");
  played.variables["GS_SECRET_ACCESS_KEY"] = "s";
  CHECK(key_id() == "GOOG1GS");
}

}  // namespace algoctl::http
