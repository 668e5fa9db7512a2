#include <fcntl.h>

#include <algorithm>

#include "algoctl/error.h"
#include "base/file.h"
#include "base/text.h"
#include "http/loop.h"
#include "http/run_command.h"
#include "store/remote/kinds.h"

namespace algoctl {
namespace {

constexpr std::int64_t kLongestFile = std::int64_t{1} << 20;
constexpr std::int64_t kLongestBundle = std::int64_t{64} << 20;
// What gives credentials is on this machine, or there is none.
constexpr std::chrono::milliseconds kNear{2000};

/// Asks once, and keeps what came.
class Once final : public http::Job {
 public:
  Once(const http::Request& request, http::Response& answer) : request_(request), answer_(answer) {}
  http::Request request() override { return request_; }
  void answered(const http::Response& response) override { answer_ = response; }
  void failed(const http::Failure& failure, const http::Response* response) override {
    if (response == nullptr) throw Error(Code::storage, failure.message);
    answer_ = *response;
  }

 private:
  http::Request request_;
  http::Response& answer_;
};

/// Throws Error{storage} when a file holds no authorities, and names who says that it does: libcurl
/// would name the server, which is not to blame.
void require_authorities(const CaFile& file) {
  const char* hint =
      "name a file of certificates (PEM), or unset it to trust the system's authorities";
  std::optional<std::string> text;
  try {
    text = read_file(file.path, kLongestBundle);
  } catch (const Error& error) {
    throw Error(Code::storage, file.from + ": " + error.message(), hint);
  }
  if (text && text->find("-----BEGIN ") != std::string::npos) return;
  throw Error(Code::storage,
              file.from + " names " + quoted_path(file.path) + ", which " +
                  (text ? "holds no certificate" : "is not there"),
              hint);
}

}  // namespace

http::Surroundings surroundings_of(const StoreSettings& settings) {
  http::Surroundings around;
  around.variable = settings.variable ? settings.variable : [](const std::string&) {
    return std::optional<std::string>();
  };
  around.read = [](const std::string& path) { return read_file(path, kLongestFile); };
  around.run = [timeout = settings.timeout,
                stop = settings.stop](const std::vector<std::string>& command) {
    return http::run_command(command, timeout, stop);
  };
  around.fetch = [user_agent = settings.user_agent, timeout = settings.timeout,
                  stop = settings.stop](const http::Request& request) {
    http::LoopOptions options;
    options.user_agent = user_agent;
    options.stop = stop;
    options.timeout = std::min(kNear, timeout);
    http::RetryOptions retry;
    retry.tries = 2;
    retry.budget = timeout;
    http::Loop loop(options, retry);
    http::Response answer;
    loop.add(std::make_unique<Once>(request, answer));
    loop.run();
    return answer;
  };
  return around;
}

http::LoopOptions loop_options(const StoreSettings& settings, const std::string& origin,
                               const CaFile& ca_file) {
  const http::Surroundings around = surroundings_of(settings);
  const auto first = [&](std::initializer_list<const char*> names) {
    for (const char* name : names) {
      if (auto value = around.filled(name)) return CaFile{*value, name};
    }
    return CaFile();
  };
  const auto first_of = [&](std::initializer_list<const char*> names) { return first(names).path; };
  http::LoopOptions options;
  const CaFile authorities =
      ca_file.path.empty() ? first({"AWS_CA_BUNDLE", "SSL_CERT_FILE"}) : ca_file;
  options.ca_file = authorities.path;
  // The names that curl and others go by; HTTP_PROXY in capitals can be set by a web request.
  const bool is_tls = starts_with(origin, "https:");
  if (is_tls && !authorities.path.empty()) require_authorities(authorities);
  options.proxy = is_tls ? first_of({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
                         : first_of({"http_proxy", "all_proxy", "ALL_PROXY"});
  options.no_proxy = first_of({"no_proxy", "NO_PROXY"});
  options.user_agent = settings.user_agent;
  options.bytes_per_second = settings.bytes_per_second;
  options.pace = settings.pace;
  options.stop = settings.stop;
  options.timeout = settings.timeout;
  return options;
}

}  // namespace algoctl
