#include "http/aws_keys_json.h"

#include <doctest/doctest.h>

#include "base/clock.h"
#include "unit/http/played_surroundings.h"

namespace algoctl::http {

TEST_CASE("parse_aws_keys: as a process and as a metadata service write them") {
  const AwsCredentials process = parse_aws_keys(
      R"({"Version": 1, "AccessKeyId": "a", "SecretAccessKey": "b", "SessionToken": "c",
          "Token": "no", "Expiration": "2019-02-28T11:11:12+01:00"})",
      AwsKeysFrom::process, "it");
  CHECK(process.key_id == "a");
  CHECK(process.secret.reveal() == "b");
  CHECK(process.session_token.reveal() == "c");
  CHECK(process.expires_at == parse_time("2019-02-28T10:11:12Z"));

  const AwsCredentials metadata =
      parse_aws_keys(R"({"AccessKeyId": "a", "SecretAccessKey": "b", "SessionToken": "no",
                         "Token": "c", "Expiration": null, "Other": []})",
                     AwsKeysFrom::metadata, "it");
  CHECK(metadata.session_token.reveal() == "c");
  CHECK(!metadata.expires_at);
}

TEST_CASE("parse_aws_keys: what is missing is said, and nothing that is there") {
  struct Case {
    const char* json;
    const char* error;
  };
  for (
      const Case& c : {
          Case{"", "it gave no JSON object [unauthorized] "},
          Case{"s3cret", "it gave no JSON object [unauthorized] "},
          Case{"[\"s3cret\"]", "it gave no JSON object [unauthorized] "},
          Case{R"({"AccessKeyId": "a", "SecretAccessKey": "s3cret"})",
               "it gave no credentials of Version 1 [unauthorized] "},
          Case{R"({"Version": 2, "AccessKeyId": "a", "SecretAccessKey": "s3cret"})",
               "it gave no credentials of Version 1 [unauthorized] "},
          Case{R"({"Version": 1, "SecretAccessKey": "s3cret"})",
               "it gave no AccessKeyId [unauthorized] "},
          Case{R"({"Version": 1, "AccessKeyId": "a", "SecretAccessKey": 5})",
               "it gave no SecretAccessKey [unauthorized] "},
          Case{
              R"({"Version": 1, "AccessKeyId": "a", "SecretAccessKey": "b", "Expiration": "soon"})",
              "it gave an Expiration that is no time [unauthorized] "},
      }) {
    CHECK(error_of([&] { parse_aws_keys(c.json, AwsKeysFrom::process, "it"); }) == c.error);
  }
}

}  // namespace algoctl::http
