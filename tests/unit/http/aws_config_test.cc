#include "http/aws_config.h"

#include <doctest/doctest.h>

#include "unit/http/played_surroundings.h"

namespace algoctl::http {
namespace {

using Sections = std::map<std::string, AwsSection>;

}  // namespace

TEST_CASE("parse_aws_file: sections, comments, nested settings, values that go on") {
  CHECK(parse_aws_file("", "f").empty());
  CHECK(parse_aws_file("\xef\xbb\xbf# a comment\r\n"
                       "\r\n"
                       "[default]\r\n"
                       "Region=eu-central-1\r\n"
                       "aws_access_key_id = user:tester\r\n"
                       "; another = comment\r\n"
                       "s3 =\r\n"
                       "    addressing_style = path\r\n"
                       "\tMax_Queue = 3\r\n"
                       "output =   json   \r\n"
                       "long = one\r\n"
                       "  two = three\r\n"
                       "\r\n"
                       "[ profile x ] # told so\r\n"
                       "  empty =\r\n"
                       "  secret = a=b#c\r\n"
                       "[default]\r\n"
                       "region = eu-west-1",
                       "f") == Sections{{"default",
                                         {{"region", "eu-west-1"},
                                          {"aws_access_key_id", "user:tester"},
                                          {"s3", ""},
                                          {"s3.addressing_style", "path"},
                                          {"s3.max_queue", "3"},
                                          {"output", "json"},
                                          {"long", "one\ntwo = three"}}},
                                        {"profile x", {{"empty", ""}, {"secret", "a=b#c"}}}});
}

TEST_CASE("parse_aws_file: what cannot be understood is said by its line, and not shown") {
  struct Case {
    const char* text;
    const char* error;
  };
  for (const Case& c : {
           Case{"a = b", "/h/f:1: a setting before the first [section] [usage] "},
           Case{"\n[x\na = b", "/h/f:2: a section without ] [usage] "},
           Case{"[x]\n\nwJalrXUtnFEMI", "/h/f:3: expected NAME = VALUE [usage] "},
           Case{"[x]\n = wJalrXUtnFEMI", "/h/f:2: expected NAME = VALUE [usage] "},
           Case{"[x]\ns3 =\n  wJalrXUtnFEMI", "/h/f:3: expected NAME = VALUE [usage] "},
       }) {
    CHECK(error_of([&] { parse_aws_file(c.text, "/h/f"); }) == c.error);
  }
}

TEST_CASE("read_aws_config: which profile, of which files") {
  Played played;
  played.files["/h/.aws/credentials"] = "[default]\nk = cd\n[x]\nk = cx\nempty =\n";
  played.files["/h/.aws/config"] =
      "[profile default]\nk = d2\nonly = 2\n[default]\nk = d1\n[x]\nk = no\n"
      "[profile x]\nk = x\nregion = r\nempty = e\n[profile \"y z\"]\nk = yz\n[sso-session q]\n";
  const Surroundings around = played.surroundings();

  const AwsConfig config = read_aws_config(around, "");
  CHECK(config.profile == "default");
  CHECK(config.find("k") == "cd");
  CHECK(config.find("only") == "2");
  CHECK(config.config.section->at("k") == "d2");

  const AwsConfig x = read_aws_config(around, "x");
  CHECK(x.find("k") == "cx");
  CHECK(x.find("region") == "r");
  CHECK(x.find("empty") == "e");
  CHECK(x.find("more") == std::nullopt);
  CHECK(x.config.section->at("k") == "x");

  played.variables["AWS_PROFILE"] = "y z";
  CHECK(read_aws_config(around, "").find("k") == "yz");
  CHECK(read_aws_config(around, "x").find("k") == "cx");
  played.variables["AWS_PROFILE"] = "";
  CHECK(read_aws_config(around, "").find("k") == "cd");
}

TEST_CASE("read_aws_config: files that variables name, and none at all") {
  Played played;
  played.files["/e/cred"] = "[default]\nk = v\n";
  played.files["/h/c/config"] = "[default]\nregion = r\n";
  played.variables["AWS_SHARED_CREDENTIALS_FILE"] = "/e/cred";
  played.variables["AWS_CONFIG_FILE"] = "~/c/config";
  const AwsConfig config = read_aws_config(played.surroundings(), "");
  CHECK(config.find("k") == "v");
  CHECK(config.find("region") == "r");

  Played bare;
  bare.variables.clear();
  const AwsConfig nothing = read_aws_config(bare.surroundings(), "");
  CHECK(nothing.profile == "default");
  CHECK(nothing.credentials.path.empty());
  CHECK(!nothing.config.is_there);
  CHECK(nothing.find("k") == std::nullopt);
}

TEST_CASE("read_aws_config: a profile that was named must be there") {
  Played played;
  played.files["/h/.aws/config"] = "[profile x]\nk = v\n";
  const char* const want =
      "no AWS profile 'ops'\n"
      "  credentials: '/h/.aws/credentials' is not there\n"
      "  config:      '/h/.aws/config' has no such section [unauthorized] "
      "aws configure --profile ops makes it; aws configure list-profiles shows those that are "
      "there";
  CHECK(error_of([&] { read_aws_config(played.surroundings(), "ops"); }) == want);
  played.variables["AWS_PROFILE"] = "ops";
  CHECK(error_of([&] { read_aws_config(played.surroundings(), ""); }) == want);
  CHECK(read_aws_config(played.surroundings(), "x").find("k") == "v");
  CHECK(error_of([&] { read_aws_config(played.surroundings(), "default"); }) == "");

  played.variables.erase("HOME");
  CHECK(error_of([&] { read_aws_config(played.surroundings(), ""); }) ==
        "no AWS profile 'ops'\n"
        "  credentials: no home folder to look in\n"
        "  config:      no home folder to look in [unauthorized] "
        "aws configure --profile ops makes it; aws configure list-profiles shows those that are "
        "there");
}

}  // namespace algoctl::http
