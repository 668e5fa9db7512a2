#include "base/clock.h"
#include "base/text.h"
#include "http/aws_credentials.h"
#include "http/aws_settings.h"
#include "http/aws_signer.h"
#include "store/remote/kinds.h"
#include "store/remote/remote_url.h"
#include "store/remote/s3_bucket.h"

namespace algoctl {
namespace {

using http::AwsOptions;

constexpr const char* kGoogle = "https://storage.googleapis.com";

AwsOptions aws_options(const RemoteUrl& url) {
  AwsOptions options;
  options.profile = url.setting("profile");
  const std::string credentials = url.setting("credentials");
  if (credentials == "container") {
    options.metadata = AwsOptions::Metadata::container;
  } else if (credentials == "instance") {
    options.metadata = AwsOptions::Metadata::instance;
  } else if (!credentials.empty() && credentials != "none") {
    url.refuse("credentials", "there are: container, instance, none");
  }
  return options;
}

/// Whoever names an endpoint has a server of his own, and seldom a name for each bucket.
bool is_path_style(const RemoteUrl& url, http::AwsSettings::Addressing configured,
                   bool own_endpoint) {
  const std::string style = url.setting("style");
  if (style == "path") return true;
  if (style == "virtual") return false;
  if (!style.empty()) url.refuse("style", "there are: path, virtual");
  if (configured != http::AwsSettings::Addressing::automatic) {
    return configured == http::AwsSettings::Addressing::path;
  }
  // With a point in it a bucket's name fits no certificate.
  return own_endpoint || url.host.find('.') != std::string::npos;
}

/// Who says where the server is, when the URL does not.
EndpointSource source_of(const http::AwsSettings& configured) {
  const std::string name = configured.endpoint_from.substr(0, configured.endpoint_from.find(' '));
  const bool is_variable = name == configured.endpoint_from;
  return {configured.endpoint_from, name + (is_variable ? "=" : " = ") + "https://HOST"};
}

/// The origin of the endpoint, whoever says it; `otherwise` when nobody does.
std::string origin_of(const std::string& endpoint, const EndpointSource& from,
                      const std::string& otherwise) {
  return endpoint.empty() ? otherwise
                          : Endpoint::parse(endpoint, from, Endpoint::Path::refused).origin;
}

std::string prefix_of(const RemoteUrl& url) { return url.path.empty() ? "" : url.path + "/"; }

}  // namespace

std::unique_ptr<Conversation> talk_to_s3(const std::string& text, const StoreSettings& settings) {
  RemoteUrl url = RemoteUrl::parse(text, {"endpoint", "region", "style", "profile", "credentials"},
                                   settings.url_of);
  const http::Surroundings around = surroundings_of(settings);
  const AwsOptions options = aws_options(url);
  const http::AwsSettings configured = read_aws_settings(around, options.profile);
  // What opens it again for others is said by the URL, whoever wrote it down first.
  const auto settle = [&](const std::string& name, const std::string& other) {
    if (url.setting(name).empty() && !other.empty()) url.settings[name] = other;
    return url.setting(name);
  };
  const EndpointSource endpoint_from =
      url.setting("endpoint").empty() ? source_of(configured) : url.endpoint_source();
  const std::string endpoint = settle("endpoint", configured.endpoint);
  const std::string region = settle("region", configured.region);
  const std::string signed_region = region.empty() ? "us-east-1" : region;
  S3Place place;
  place.url = url.str();
  place.endpoint =
      origin_of(endpoint, endpoint_from, "https://s3." + signed_region + ".amazonaws.com");
  place.bucket = url.host;
  place.prefix = prefix_of(url);
  place.path_style = is_path_style(url, configured.addressing, !endpoint.empty());
  std::shared_ptr<http::Signer> signer;
  if (url.setting("credentials") != "none") {
    signer = std::make_shared<http::AwsSigner>(
        [around, options] { return find_aws_credentials(around, options); }, signed_region);
  }
  const http::LoopOptions loop =
      loop_options(settings, place.endpoint, {configured.ca_file, configured.ca_file_from});
  return std::make_unique<Conversation>(
      std::make_unique<S3Bucket>(std::move(place), std::move(signer), system_now_ms), loop);
}

std::unique_ptr<Conversation> talk_to_google(const std::string& text,
                                             const StoreSettings& settings) {
  const RemoteUrl url = RemoteUrl::parse(text, {"endpoint", "credentials"}, settings.url_of);
  const http::Surroundings around = surroundings_of(settings);
  S3Place place;
  place.url = url.str();
  place.endpoint = origin_of(url.setting("endpoint"), url.endpoint_source(), kGoogle);
  place.bucket = url.host;
  place.prefix = prefix_of(url);
  place.is_google = true;
  std::shared_ptr<http::Signer> signer;
  if (url.setting("credentials") != "none") {
    signer = std::make_shared<http::AwsSigner>([around] { return find_gcs_credentials(around); },
                                               "auto");
  }
  const http::LoopOptions loop = loop_options(settings, place.endpoint);
  return std::make_unique<Conversation>(
      std::make_unique<S3Bucket>(std::move(place), std::move(signer), system_now_ms), loop);
}

}  // namespace algoctl
