#include "curl/exchange.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace algoctl::http {
namespace {

constexpr std::int64_t kLargestHead = 256 * 1024;  // bytes of an answer's headers

/// `host[:port]` of a URL, without what may stand before an `@`.
std::string host_of(const std::string& url) {
  const std::size_t slashes = url.find("://");
  const std::size_t begin = slashes == std::string::npos ? 0 : slashes + 3;
  const std::string authority = url.substr(begin, url.find_first_of("/?#", begin) - begin);
  const std::size_t at = authority.rfind('@');
  return at == std::string::npos ? authority : authority.substr(at + 1);
}

bool begins(std::string_view text, const char* prefix) { return text.rfind(prefix, 0) == 0; }

void lower_in_place(std::string& text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
}

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// What takes a server minutes is asked for with POST: to complete an upload in parts.
Patience::Drip drip_of(const std::string& method) {
  return method == "POST" ? Patience::Drip::borne_a_while : Patience::Drip::refused;
}

}  // namespace

Exchange::Exchange(Shared& shared, const AlgoctlHttpRequest& request)
    : shared_(shared),
      request_(request),
      url_(request.url),
      method_(request.method),
      easy_(curl_easy_init()),
      patience_(std::chrono::milliseconds(shared.settings.timeout_ms), drip_of(method_),
                Clock::now()) {
  if (!easy_) throw std::invalid_argument("no handle");
  if (!begins(url_, "http://") && !begins(url_, "https://")) throw std::invalid_argument("scheme");
  set_up();
  set_up_network();
  set_headers(request.headers);
  set_body();
}

Exchange::~Exchange() {
  if (multi_ != nullptr) curl_multi_remove_handle(multi_, easy_.get());
}

void Exchange::join(CURLM* multi) {
  if (multi_ != nullptr) curl_multi_remove_handle(std::exchange(multi_, nullptr), easy_.get());
  if (curl_multi_add_handle(multi, easy_.get()) != CURLM_OK) throw std::invalid_argument("handle");
  multi_ = multi;
  misled_ = false;
}

std::size_t Exchange::on_header(char* line, std::size_t, std::size_t size, void* self) {
  auto& exchange = *static_cast<Exchange*>(self);
  exchange.header_bytes_ += static_cast<std::int64_t>(size);
  if (exchange.header_bytes_ > kLargestHead) return 0;
  try {
    std::string text(line, size);
    text.erase(text.find_last_not_of("\r\n") + 1);
    exchange.header_line(text);
  } catch (...) {
    exchange.gave_up_ = true;
    return 0;
  }
  return size;
}

void Exchange::header_line(const std::string& line) {
  if (begins(line, "HTTP/")) {
    const std::size_t space = line.find(' ');
    status_ = space == std::string::npos ? 0 : std::atoi(line.c_str() + space);
    headed_ = false;
    request_.header(request_.tag, status_, "", "");
    return;
  }
  if (line.empty()) headed_ = true;
  const std::size_t colon = line.find(':');
  if (colon == std::string::npos || colon == 0) return;
  std::string name = line.substr(0, colon);
  lower_in_place(name);
  request_.header(request_.tag, status_, name.c_str(), trimmed(line.substr(colon + 1)).c_str());
}

std::size_t Exchange::on_write(char* bytes, std::size_t, std::size_t size, void* self) {
  auto& exchange = *static_cast<Exchange*>(self);
  const auto now = Clock::now();
  if (!exchange.shared_.pace.claim(size, now)) {
    exchange.paused_ = true;
    return CURL_WRITEFUNC_PAUSE;
  }
  if (size > 0 && exchange.request_.write(exchange.request_.tag, bytes, size) == 0) {
    exchange.gave_up_ = true;
    return 0;
  }
  return size;
}

std::size_t Exchange::on_read(char* into, std::size_t, std::size_t size, void* self) {
  auto& exchange = *static_cast<Exchange*>(self);
  const std::int64_t left = exchange.request_.body_size - exchange.offset_;
  if (left <= 0) return 0;
  const auto wanted = static_cast<std::size_t>(std::min<std::int64_t>(left, size));
  if (!exchange.shared_.pace.claim(wanted, Clock::now())) {
    exchange.paused_ = true;
    return CURL_READFUNC_PAUSE;
  }
  const std::int64_t got =
      exchange.request_.read(exchange.request_.tag, exchange.offset_, into, wanted);
  if (got <= 0 || static_cast<std::size_t>(got) > wanted) {
    exchange.gave_up_ = true;
    return CURL_READFUNC_ABORT;
  }
  exchange.offset_ += got;
  return static_cast<std::size_t>(got);
}

int Exchange::on_seek(void* self, curl_off_t offset, int origin) {
  if (origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
  static_cast<Exchange*>(self)->offset_ = offset;
  return CURL_SEEKFUNC_OK;
}

int Exchange::on_debug(CURL*, curl_infotype type, char* text, std::size_t size, void* self) {
  const std::string_view note(text, type == CURLINFO_TEXT ? size : 0);
  if (note.substr(0, 12) == "Excess found") static_cast<Exchange*>(self)->excess_ = true;
  return 0;
}

/// libcurl would take bytes that lie on a kept connection for the answer.
int Exchange::on_connected(void* self, char*, char*, int, int local_port) {
  auto& exchange = *static_cast<Exchange*>(self);
  const bool kept = exchange.number(CURLINFO_NUM_CONNECTS) == 0;
  Sockets& sockets = exchange.shared_.sockets;
  exchange.misled_ = kept && !sockets.quiet(local_port);
  sockets.hand_over(local_port, &exchange);
  return exchange.misled_ ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

CURLcode Exchange::resume(Clock::time_point now) {
  paused_ = false;
  patience_.begin_anew(headway(), now);
  return curl_easy_pause(easy_.get(), CURLPAUSE_CONT);
}

Headway Exchange::headway() const {
  Headway headway;
  // All of these only grow, so that their sum changes when any of them does.
  for (const CURLINFO info : {CURLINFO_NAMELOOKUP_TIME_T, CURLINFO_CONNECT_TIME_T,
                              CURLINFO_APPCONNECT_TIME_T, CURLINFO_PRETRANSFER_TIME_T}) {
    headway.setup += offset(info);
  }
  const curl_off_t sent = offset(CURLINFO_SIZE_UPLOAD_T);
  headway.sent = sent >= request_.body_size;
  headway.head_bytes = header_bytes_;
  headway.headed = headed_ && status_ >= 200;
  headway.body_bytes = sent + offset(CURLINFO_SIZE_DOWNLOAD_T);
  return headway;
}

bool Exchange::stalled(Clock::time_point now) {
  if (!paused_) return patience_.over(headway(), now);
  patience_.begin_anew(headway(), now);
  return false;
}

long Exchange::number(CURLINFO info) const {
  long value = 0;
  curl_easy_getinfo(easy_.get(), info, &value);
  return value;
}

curl_off_t Exchange::offset(CURLINFO info) const {
  curl_off_t value = 0;
  curl_easy_getinfo(easy_.get(), info, &value);
  return value;
}

bool Exchange::too_long() const {
  if (method_ == "HEAD") return false;
  if (excess_) return true;
  // What came later than the rest. Under TLS it may be the end of the connection. By now another
  // exchange may have been given the connection: then it is the answer to that one.
  curl_socket_t socket = CURL_SOCKET_BAD;
  curl_easy_getinfo(easy_.get(), CURLINFO_ACTIVESOCKET, &socket);
  return begins(url_, "http:") && shared_.sockets.has_bytes(socket, this);
}

Circumstances Exchange::known() const {
  const curl_off_t connected = offset(CURLINFO_PRETRANSFER_TIME_T);
  Circumstances known;
  known.host = host_of(url_);
  known.proxy = host_of(shared_.settings.proxy);
  known.ca_file = shared_.settings.ca_file;
  known.detail = detail_.data();
  known.timeout_ms = shared_.settings.timeout_ms;
  known.system_error = number(CURLINFO_OS_ERRNO);
  known.proxy_status = number(CURLINFO_HTTP_CONNECTCODE);
  known.status = status_;
  known.headed = headed_;
  known.connected = connected > 0;
  known.reused = connected > 0 && number(CURLINFO_NUM_CONNECTS) == 0;
  known.gave_up = gave_up_;
  known.trickles = patience_.trickles();
  known.too_long = too_long();
  return known;
}

}  // namespace algoctl::http
