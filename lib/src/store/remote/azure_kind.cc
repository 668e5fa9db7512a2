#include "algoctl/error.h"
#include "base/clock.h"
#include "base/text.h"
#include "http/azure_account.h"
#include "store/remote/azure_bucket.h"
#include "store/remote/kinds.h"
#include "store/remote/remote_url.h"

namespace algoctl {
namespace {

http::AzureAccount account_for(const RemoteUrl& url, const http::Surroundings& around) {
  http::AzureAccount account = http::find_azure_account(around);
  if (!account.name.empty() && account.name != url.host) {
    throw Error(Code::unauthorized,
                "the credentials are for another account\nwanted: " + quoted(url.host) +
                    "\nfound:  " + quoted(account.name),
                "look at AZURE_STORAGE_CONNECTION_STRING and AZURE_STORAGE_ACCOUNT");
  }
  return account;
}

}  // namespace

std::unique_ptr<Conversation> talk_to_azure(const std::string& text,
                                            const StoreSettings& settings) {
  RemoteUrl url = RemoteUrl::parse(text, {"endpoint", "credentials"}, settings.url_of);
  const std::string credentials = url.setting("credentials");
  if (!credentials.empty() && credentials != "none") url.refuse("credentials", "there is: none");
  const std::size_t slash = url.path.find('/');
  AzurePlace place;
  place.container = url.path.substr(0, slash);
  if (place.container.empty()) {
    throw Error(Code::usage, "the " + url.owner + "'s URL 'azure://…' names no container",
                "write azure://ACCOUNT/CONTAINER/PREFIX");
  }
  if (slash != std::string::npos) place.prefix = url.path.substr(slash + 1) + "/";
  std::shared_ptr<http::Signer> signer;
  EndpointSource endpoint_from = url.endpoint_source();
  endpoint_from.form += "/ACCOUNT";
  if (credentials.empty()) {
    const http::AzureAccount account = account_for(url, surroundings_of(settings));
    signer = http::azure_signer(account);
    // What opens it again for others is said by the URL, whoever wrote it down first.
    if (url.setting("endpoint").empty() && account.endpoint != http::azure_endpoint(url.host)) {
      url.settings["endpoint"] = account.endpoint;
      endpoint_from = {"BlobEndpoint in AZURE_STORAGE_CONNECTION_STRING",
                       "BlobEndpoint=https://HOST/ACCOUNT"};
    }
  }
  const Endpoint endpoint = Endpoint::parse(
      url.setting("endpoint").empty() ? http::azure_endpoint(url.host) : url.setting("endpoint"),
      endpoint_from, Endpoint::Path::account);
  place.url = url.str();
  place.origin = endpoint.origin;
  place.base = endpoint.path;
  const http::LoopOptions loop = loop_options(settings, place.origin);
  return std::make_unique<Conversation>(
      std::make_unique<AzureBucket>(std::move(place), std::move(signer), system_now_ms), loop);
}

}  // namespace algoctl
