#include "http/aws_metadata.h"

#include <doctest/doctest.h>

#include "unit/http/played_surroundings.h"

namespace algoctl::http {
namespace {

const Response kKeys = {
    200,
    {},
    R"({"Code": "Success", "AccessKeyId": "role", "SecretAccessKey": "s", "Token": "t",
        "Expiration": "2019-02-28T10:11:12Z"})"};

std::string container_failure(Played& played) {
  return error_of([&] { container_credentials(played.surroundings()); });
}

std::string instance_failure(Played& played) {
  return error_of([&] { instance_credentials(played.surroundings()); });
}

}  // namespace

TEST_CASE("container_credentials: asks ECS's own address for a path") {
  Played played;
  played.variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2/credentials/1?id=2";
  played.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "https://not.asked/";
  played.answers = {kKeys};
  const AwsCredentials keys = container_credentials(played.surroundings());
  CHECK(keys.key_id == "role");
  CHECK(keys.session_token.reveal() == "t");
  CHECK(keys.expires_at);
  CHECK(played.requests.at(0).url() == "http://169.254.170.2/v2/credentials/1?id=2");
  CHECK(played.requests.at(0).headers == Fields{{"Accept", "application/json"}});
}

TEST_CASE("container_credentials: shows the token, from its file first, read anew each time") {
  Played played;
  played.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://169.254.170.23/v1/credentials";
  played.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "plain";
  played.answers = {kKeys, kKeys, kKeys};
  container_credentials(played.surroundings());
  played.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = "/token";
  played.files["/token"] = "first\n";
  container_credentials(played.surroundings());
  played.files["/token"] = "second";
  container_credentials(played.surroundings());
  CHECK(find_field(played.requests.at(0).headers, "Authorization") == "plain");
  CHECK(find_field(played.requests.at(1).headers, "Authorization") == "first");
  CHECK(find_field(played.requests.at(2).headers, "Authorization") == "second");
}

TEST_CASE("container_credentials: in the clear only to this machine") {
  struct Case {
    const char* url;
    bool allowed;
  };
  for (const Case& c : {
           Case{"http://127.0.0.1:8080/k", true},
           Case{"http://localhost/k", true},
           Case{"http://[::1]:1/k", true},
           Case{"http://169.254.170.2/k", true},
           Case{"http://[fd00:ec2::23]/k", true},
           Case{"https://keys.example/k", true},
           Case{"http://keys.example/k", false},
           Case{"http://127.0.0.1.example/k", false},
       }) {
    CAPTURE(c.url);
    Played played;
    played.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = c.url;
    played.answers = {kKeys};
    CHECK((container_failure(played) == "") == c.allowed);
    CHECK(played.requests.size() == (c.allowed ? 1 : 0));
  }
  Played played;
  played.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://keys.example/k";
  CHECK(container_failure(played) ==
        "container metadata would come from 'keys.example', which is neither this machine nor "
        "asked over https [unauthorized] see AWS_CONTAINER_CREDENTIALS_FULL_URI");
  played.variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = ".example/k";
  CHECK(container_failure(played) ==
        "container metadata would come from '169.254.170.2.example', which is neither this machine "
        "nor asked over https [unauthorized] see AWS_CONTAINER_CREDENTIALS_FULL_URI");
}

TEST_CASE("container_credentials: what can be wrong") {
  Played played;
  CHECK(container_failure(played) ==
        "no container credentials: neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor "
        "AWS_CONTAINER_CREDENTIALS_FULL_URI is set [unauthorized] "
        "give the task or the pod a role");
  played.variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/k";
  played.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = "/token";
  CHECK(container_failure(played) ==
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names '/token', which is not there "
        "[unauthorized] ");
  played.files["/token"] = "a\r\nX-Evil: 1\n";
  CHECK(container_failure(played) ==
        "the container's authorization token has more than one line [unauthorized] ");
  played.files["/token"] = "a";
  CHECK(container_failure(played) ==
        "container metadata: no route to 169.254.170.2 [storage] is this a container in AWS? if "
        "not, drop credentials=container from the URL, or credential_source from the profile");
  played.requests.clear();
  played.answers = {{403, {}, "s3cret"}};
  CHECK(container_failure(played) ==
        "container metadata at http://169.254.170.2/k answered 403 [unauthorized] "
        "give the task or the pod a role");
  played.requests.clear();
  played.answers = {{200, {}, "s3cret"}};
  CHECK(container_failure(played) == "container metadata gave no JSON object [unauthorized] ");
}

TEST_CASE("instance_credentials: a token first, then the role, then its keys") {
  Played played;
  played.answers = {{200, {}, "tok=\n"}, {200, {}, "my-role\nother"}, kKeys};
  const AwsCredentials keys = instance_credentials(played.surroundings());
  CHECK(keys.key_id == "role");
  CHECK(keys.expires_at);
  REQUIRE(played.requests.size() == 3);
  CHECK(played.requests[0].method == "PUT");
  CHECK(played.requests[0].url() == "http://169.254.169.254/latest/api/token");
  CHECK(played.requests[0].headers == Fields{{"X-aws-ec2-metadata-token-ttl-seconds", "21600"}});
  for (int i = 1; i < 3; ++i) {
    CHECK(played.requests[i].method == "GET");
    CHECK(played.requests[i].headers == Fields{{"X-aws-ec2-metadata-token", "tok="}});
  }
  const std::string base = "http://169.254.169.254/latest/meta-data/iam/security-credentials/";
  CHECK(played.requests[1].url() == base);
  CHECK(played.requests[2].url() == base + "my-role");
}

TEST_CASE("instance_credentials: another endpoint, and what can be wrong") {
  Played played;
  played.variables["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = "http://127.0.0.1:1338/";
  CHECK(instance_failure(played) ==
        "instance metadata: no route to 127.0.0.1:1338 [storage] is this machine in AWS? if not, "
        "drop credentials=instance from the URL, or credential_source from the profile");
  played.requests.clear();
  played.answers = {{200, {}, "tok"}, {404, {}, ""}};
  CHECK(instance_failure(played) ==
        "instance metadata at http://127.0.0.1:1338/latest/meta-data/iam/security-credentials/ "
        "answered 404 [unauthorized] attach a role to the instance, and allow IMDSv2");
  played.requests.clear();
  played.answers = {{200, {}, "tok"}, {200, {}, "r"}, {200, {}, R"({"Code": "Failed"})"}};
  CHECK(instance_failure(played) == "instance metadata gave no AccessKeyId [unauthorized] ");
}

}  // namespace algoctl::http
