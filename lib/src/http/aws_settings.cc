#include "http/aws_settings.h"

#include <initializer_list>
#include <tuple>
#include <utility>

#include "algoctl/error.h"
#include "base/text.h"
#include "http/aws_config.h"

namespace algoctl::http {
namespace {

AwsSettings::Addressing addressing_of(const AwsConfig& config) {
  const std::string style = config.find("s3.addressing_style").value_or("auto");
  if (style == "auto") return AwsSettings::Addressing::automatic;
  if (style == "path") return AwsSettings::Addressing::path;
  if (style == "virtual") return AwsSettings::Addressing::virtual_host;
  throw Error(Code::usage,
              "addressing_style of profile " + quoted(config.profile) + " is " + quoted(style),
              "it can be auto, path or virtual");
}

}  // namespace

AwsSettings read_aws_settings(const Surroundings& around, const std::string& profile) {
  const AwsConfig config = read_aws_config(around, profile);
  // The value, and where it was found.
  const auto first = [&](std::initializer_list<const char*> variables, const char* setting) {
    for (const char* name : variables) {
      if (auto value = around.filled(name)) return std::pair(*value, std::string(name));
    }
    const std::string value = config.find(setting).value_or("");
    return std::pair(value, value.empty() ? "" : setting + (" of " + config.place_of(setting)));
  };
  AwsSettings settings;
  settings.region = first({"AWS_REGION", "AWS_DEFAULT_REGION"}, "region").first;
  std::tie(settings.endpoint, settings.endpoint_from) =
      first({"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"}, "endpoint_url");
  std::tie(settings.ca_file, settings.ca_file_from) = first({"AWS_CA_BUNDLE"}, "ca_bundle");
  settings.addressing = addressing_of(config);
  return settings;
}

}  // namespace algoctl::http
