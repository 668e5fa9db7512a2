#include "http/url.h"
#include "store/remote/kinds.h"
#include "store/remote/remote_url.h"
#include "store/remote/web_bucket.h"

namespace algoctl {

std::unique_ptr<Conversation> talk_to_web(const std::string& text, const StoreSettings& settings) {
  const RemoteUrl url = RemoteUrl::parse(text, {}, settings.url_of);
  const http::Request root = http::request_for(url.str());
  const std::string prefix = url.path.empty() ? "/" : "/" + url.path + "/";
  return std::make_unique<Conversation>(std::make_unique<WebBucket>(url.str(), root.origin, prefix),
                                        loop_options(settings, root.origin));
}

}  // namespace algoctl
