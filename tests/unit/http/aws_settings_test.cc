#include "http/aws_settings.h"

#include <doctest/doctest.h>

#include "unit/http/played_surroundings.h"

namespace algoctl::http {

using Addressing = AwsSettings::Addressing;

TEST_CASE("read_aws_settings: nothing is set") {
  Played played;
  const AwsSettings settings = read_aws_settings(played.surroundings(), "");
  CHECK(settings.region.empty());
  CHECK(settings.endpoint.empty());
  CHECK(settings.ca_file.empty());
  CHECK(settings.addressing == Addressing::automatic);
}

TEST_CASE(
    "read_aws_settings: the environment comes before the profile, the particular before the "
    "general") {
  Played played;
  played.files["/h/.aws/config"] =
      "[default]\nregion = from-file\nendpoint_url = https://file\nca_bundle = /file.pem\n"
      "s3 =\n  addressing_style = path\n[profile v]\ns3 =\n addressing_style = virtual\n";
  const Surroundings around = played.surroundings();
  AwsSettings settings = read_aws_settings(around, "");
  CHECK(settings.region == "from-file");
  CHECK(settings.endpoint == "https://file");
  CHECK(settings.ca_file == "/file.pem");
  CHECK(settings.endpoint_from == "endpoint_url of profile 'default' in '/h/.aws/config'");
  CHECK(settings.ca_file_from == "ca_bundle of profile 'default' in '/h/.aws/config'");
  CHECK(settings.addressing == Addressing::path);
  CHECK(read_aws_settings(around, "v").addressing == Addressing::virtual_host);

  played.variables["AWS_DEFAULT_REGION"] = "default-region";
  played.variables["AWS_ENDPOINT_URL"] = "https://all";
  played.variables["AWS_CA_BUNDLE"] = "/variable.pem";
  settings = read_aws_settings(around, "");
  CHECK(settings.region == "default-region");
  CHECK(settings.endpoint == "https://all");
  CHECK(settings.ca_file == "/variable.pem");
  CHECK(settings.endpoint_from == "AWS_ENDPOINT_URL");
  CHECK(settings.ca_file_from == "AWS_CA_BUNDLE");

  played.variables["AWS_REGION"] = "region";
  played.variables["AWS_ENDPOINT_URL_S3"] = "https://s3";
  settings = read_aws_settings(around, "");
  CHECK(settings.region == "region");
  CHECK(settings.endpoint == "https://s3");
}

TEST_CASE("read_aws_settings: an addressing style that is none") {
  Played played;
  played.files["/h/.aws/config"] = "[default]\ns3 =\n addressing_style = sideways\n";
  CHECK(error_of([&] { read_aws_settings(played.surroundings(), ""); }) ==
        "addressing_style of profile 'default' is 'sideways' [usage] "
        "it can be auto, path or virtual");
}

}  // namespace algoctl::http
