// What an exchange asks of libcurl before it begins.

#include <algorithm>
#include <new>
#include <stdexcept>

#include "curl/exchange.h"

namespace algoctl::http {
namespace {

constexpr long kLargestBuffer = 512 * 1024;

/// What is moved at a time: much when there is no limit, else at most what a quarter of a second
/// may move.
long buffer_size(const Pace& pace, long smallest) {
  if (pace.bytes_per_second() <= 0) return kLargestBuffer;
  return std::clamp(static_cast<long>(pace.bytes_per_second() / 4), smallest, kLargestBuffer);
}

}  // namespace

template <typename Value>
void Exchange::set(CURLoption option, Value value) {
  if (curl_easy_setopt(easy_.get(), option, value) != CURLE_OK) {
    throw std::invalid_argument("an option of libcurl");
  }
}

void Exchange::set_up() {
  set(CURLOPT_PRIVATE, static_cast<void*>(this));
  set(CURLOPT_ERRORBUFFER, detail_.data());
  set(CURLOPT_URL, url_.c_str());
  set(CURLOPT_PATH_AS_IS, 1L);  // a key may hold `/../`
  set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_QUICK_EXIT, 1L);  // whoever is cut off does not wait for a name server
  set(CURLOPT_BUFFERSIZE, buffer_size(shared_.pace, 4096));
  set(CURLOPT_UPLOAD_BUFFERSIZE, buffer_size(shared_.pace, 16384));
  const std::string& user_agent = shared_.settings.user_agent;
  if (!user_agent.empty()) set(CURLOPT_USERAGENT, user_agent.c_str());
  set(CURLOPT_HEADERFUNCTION, &Exchange::on_header);
  set(CURLOPT_HEADERDATA, static_cast<void*>(this));
  set(CURLOPT_WRITEFUNCTION, &Exchange::on_write);
  set(CURLOPT_WRITEDATA, static_cast<void*>(this));
  // libcurl takes an answer that is longer than it announced for whole, and says so only here.
  set(CURLOPT_DEBUGFUNCTION, &Exchange::on_debug);
  set(CURLOPT_DEBUGDATA, static_cast<void*>(this));
  set(CURLOPT_VERBOSE, 1L);
  set(CURLOPT_PREREQFUNCTION, &Exchange::on_connected);
  set(CURLOPT_PREREQDATA, static_cast<void*>(this));
  shared_.sockets.watch(easy_.get());
}

void Exchange::set_up_network() {
  set(CURLOPT_CONNECTTIMEOUT_MS, shared_.settings.timeout_ms);
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  // Set even when empty: otherwise libcurl asks the environment.
  set(CURLOPT_PROXY, shared_.settings.proxy.c_str());
  set(CURLOPT_NOPROXY, shared_.settings.no_proxy.c_str());
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (shared_.settings.ca_file.empty()) return;
  set(CURLOPT_CAINFO, shared_.settings.ca_file.c_str());
  set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));  // those of the system would be added
}

void Exchange::set_headers(const char* const* headers) {
  const auto add = [&](const std::string& line) {
    if (line.find_first_of("\r\n") != std::string::npos) throw std::invalid_argument("header");
    curl_slist* list = curl_slist_append(headers_.get(), line.c_str());
    if (list == nullptr) throw std::bad_alloc();
    static_cast<void>(headers_.release());
    headers_.reset(list);
  };
  add("Expect:");  // nobody waits for 100 Continue
  for (; headers != nullptr && *headers != nullptr; ++headers) {
    std::string line = *headers;
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) throw std::invalid_argument("header");
    // `Name:` would take the header out; this is how libcurl wants one without a value.
    if (line.find_first_not_of(" \t", colon + 1) == std::string::npos) {
      line.replace(colon, std::string::npos, ";");
    }
    add(line);
  }
  set(CURLOPT_HTTPHEADER, headers_.get());
}

void Exchange::set_body() {
  if (method_ == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
    return;
  }
  if (request_.body_size >= 0) {
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request_.body_size));
    set(CURLOPT_READFUNCTION, &Exchange::on_read);
    set(CURLOPT_READDATA, static_cast<void*>(this));
    set(CURLOPT_SEEKFUNCTION, &Exchange::on_seek);
    set(CURLOPT_SEEKDATA, static_cast<void*>(this));
  } else {
    set(CURLOPT_HTTPGET, 1L);
  }
  set(CURLOPT_CUSTOMREQUEST, method_.c_str());
}

}  // namespace algoctl::http
