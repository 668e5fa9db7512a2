// What the library finds by dlopen: http/wire.h, spoken by libcurl. No exception leaves this file.

#include <curl/curl.h>

#include <algorithm>
#include <string>

#include "curl/multi.h"
#include "http/wire.h"

struct AlgoctlHttp {
  algoctl::http::Multi multi;
  std::string message;
};

namespace {

std::string text(const char* given) { return given == nullptr ? "" : given; }

AlgoctlHttp* open(const AlgoctlHttpOptions* options) noexcept {
  // Once in the process, and never undone: others may use libcurl too.
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (ready != CURLE_OK) return nullptr;
  try {
    algoctl::http::Settings settings = {text(options->ca_file), text(options->proxy),
                                        text(options->no_proxy), text(options->user_agent),
                                        std::max(options->timeout_ms, 1L)};
    const algoctl::http::Pace pace(options->bytes_per_second, *options->open_at_ns);
    return new AlgoctlHttp{{std::move(settings), pace, options->connections}, {}};
  } catch (...) {
    return nullptr;
  }
}

void close(AlgoctlHttp* http) noexcept { delete http; }

int start(AlgoctlHttp* http, const AlgoctlHttpRequest* request) noexcept {
  try {
    http->multi.start(*request);
    return 0;
  } catch (...) {
    return -1;
  }
}

void cancel(AlgoctlHttp* http, void* tag) noexcept { http->multi.cancel(tag); }

void run(AlgoctlHttp* http, int wait_ms) noexcept { http->multi.run(wait_ms); }

int next(AlgoctlHttp* http, AlgoctlHttpResult* result) noexcept {
  auto ended = http->multi.next();
  if (!ended) return 0;
  *result = {ended->tag, ended->status, 0, ""};
  if (ended->failure) {
    http->message = std::move(ended->failure->message);
    result->failure = 1 + static_cast<int>(ended->failure->kind);
    result->message = http->message.c_str();
  }
  return 1;
}

constexpr AlgoctlHttpModule kModule = {kAlgoctlHttpVersion, open, close, start, cancel, run, next};

}  // namespace

extern "C" __attribute__((visibility("default"))) const AlgoctlHttpModule* algoctl_http_module() {
  return &kModule;
}
