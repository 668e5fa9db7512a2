#include "curl/multi.h"

#include <algorithm>
#include <new>
#include <utility>

namespace algoctl::http {

using std::chrono::milliseconds;

Multi::Multi(Settings settings, Pace pace, long connections)
    : shared_{std::move(settings), pace}, multi_(curl_multi_init()) {
  if (!multi_) throw std::bad_alloc();
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, connections);
  curl_multi_setopt(multi_.get(), CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_NOTHING));
}

void Multi::start(const AlgoctlHttpRequest& request) {
  auto exchange = std::make_unique<Exchange>(shared_, request);
  exchange->join(multi_.get());
  exchanges_[request.tag] = std::move(exchange);
}

void Multi::cancel(void* tag) {
  exchanges_.erase(tag);
  const auto same = [&](const Ended& one) { return one.tag == tag; };
  ended_.erase(std::remove_if(ended_.begin(), ended_.end(), same), ended_.end());
}

void Multi::run(int wait_ms) {
  work();
  if (!ended_.empty()) return;
  curl_multi_poll(multi_.get(), nullptr, 0, shortened(wait_ms), nullptr);
  work();
}

std::optional<Ended> Multi::next() {
  if (ended_.empty()) return std::nullopt;
  Ended first = std::move(ended_.front());
  ended_.pop_front();
  return first;
}

void Multi::work() {
  resume_paused();
  int running = 0;
  if (curl_multi_perform(multi_.get(), &running) != CURLM_OK) {
    while (!exchanges_.empty()) finish(*exchanges_.begin()->second, CURLE_FAILED_INIT);
  }
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    Exchange* exchange = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &exchange);
    finish(*exchange, code);
  }
  end_stalled();
}

/// Lets those that wait for the pace go on, each time beginning behind the one that went last.
void Multi::resume_paused() {
  auto next = exchanges_.upper_bound(resumed_);
  for (std::size_t left = exchanges_.size(); left > 0; --left) {
    if (next == exchanges_.end()) next = exchanges_.begin();
    Exchange& exchange = *(next++)->second;
    const auto now = Clock::now();
    if (!shared_.pace.open(now)) return;
    if (!exchange.paused()) continue;
    resumed_ = exchange.tag();
    const CURLcode code = exchange.resume(now);
    if (code != CURLE_OK) finish(exchange, code);
  }
}

void Multi::end_stalled() {
  const auto now = Clock::now();
  if (now < next_look_) return;
  next_look_ = now + std::clamp(milliseconds(shared_.settings.timeout_ms / 10), milliseconds(1),
                                milliseconds(1000));
  for (auto it = exchanges_.begin(); it != exchanges_.end();) {
    Exchange& exchange = *(it++)->second;
    if (exchange.stalled(now)) finish(exchange, CURLE_OPERATION_TIMEDOUT);
  }
}

void Multi::finish(Exchange& exchange, CURLcode code) {
  if (exchange.misled()) {
    exchange.join(multi_.get());
    return;
  }
  ended_.push_back({exchange.tag(), exchange.status(), ending(code, exchange.known())});
  exchanges_.erase(exchange.tag());
}

/// Not longer than until there is something else to do.
int Multi::shortened(int wait_ms) const {
  if (exchanges_.empty()) return wait_ms;
  auto end = std::min(Clock::now() + milliseconds(wait_ms), next_look_);
  const bool paused = std::any_of(exchanges_.begin(), exchanges_.end(),
                                  [](const auto& entry) { return entry.second->paused(); });
  if (paused) end = std::min(end, shared_.pace.open_at());
  const auto wait = std::chrono::ceil<milliseconds>(end - Clock::now());
  return static_cast<int>(std::max<std::int64_t>(wait.count(), 0));
}

}  // namespace algoctl::http
