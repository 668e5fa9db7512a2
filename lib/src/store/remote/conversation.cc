#include "store/remote/conversation.h"

#include <utility>

#include "base/text.h"
#include "store/remote/answers.h"

namespace algoctl {

namespace {

http::RetryOptions within(std::chrono::milliseconds timeout) {
  http::RetryOptions retry;
  retry.budget = timeout;
  return retry;
}

}  // namespace

Conversation::Conversation(std::unique_ptr<Bucket> bucket, http::LoopOptions options,
                           std::optional<http::RetryOptions> retry)
    : bucket_(std::move(bucket)),
      name_(bucket_->url()),
      options_(std::move(options)),
      retry_(retry.value_or(within(options_.timeout))) {}

Conversation::Turn::~Turn() {
  loop_->on_tick({});
  const std::lock_guard lock(whose_.mutex_);
  whose_.idle_.push_back(std::move(loop_));
}

Conversation::Turn Conversation::turn() const {
  std::unique_ptr<http::Loop> loop;
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      loop = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (!loop) loop = std::make_unique<http::Loop>(options_, retry_);
  return {*this, std::move(loop)};
}

http::Response Conversation::ask(const Make& make, const std::atomic<bool>* stop) const {
  std::optional<http::Response> answer;
  const Turn loop = turn();
  loop->add(std::make_unique<Question>(*this, make,
                                       [&](const http::Response& response) { answer = response; }));
  loop->run(stop);
  return std::move(answer).value();
}

http::Response Conversation::ask_ok(const Make& make, const std::atomic<bool>* stop) const {
  http::Request asked;
  http::Response answer = ask([&] { return asked = make(); }, stop);
  if (!answer.ok()) throw bucket_->explain(asked, answer);
  return answer;
}

Error Conversation::explain(const http::Request& asked, const http::Failure& failure) const {
  const bool is_plain = starts_with(asked.origin, "http:");
  const char* hint = "";
  switch (failure.kind) {
    case http::Failure::Kind::unreachable:
      hint = "look at the URL, its endpoint and the network";
      break;
    case http::Failure::Kind::tls:
      hint = "name the authority that signed its certificate in AWS_CA_BUNDLE, if you trust it";
      break;
    case http::Failure::Kind::misnamed:
      hint = "look at the host in the URL, or in its endpoint";
      break;
    case http::Failure::Kind::stalled: hint = "run it again, or wait longer with --timeout"; break;
    case http::Failure::Kind::cut:
      // So do servers that wait for TLS, too.
      hint = is_plain ? "run it again; if it speaks https, write https://" : "run it again";
      break;
    case http::Failure::Kind::malformed:
      hint = is_plain ? "does it speak https? then write https:// instead of http://"
                      : "look at what answers there: is it an object store?";
      break;
    case http::Failure::Kind::refused:
      hint = "look at what answers there: is it an object store?";
      break;
    case http::Failure::Kind::internal: break;
  }
  return {Code::storage, name_ + ": " + failure.message, hint};
}

Error Conversation::explain_head(const std::string& key, const http::Request& asked,
                                 const http::Response& answer,
                                 const std::atomic<bool>* stop) const {
  if (answer.status >= 500) return bucket_->explain(asked, answer);
  try {
    http::Request again;
    const http::Response said = ask([&] { return again = bucket_->get(key, 0, 1); }, stop);
    // 416: the object is empty, and may be read.
    const bool refuses = !said.ok() && said.status != 416;
    if (refuses && (said.status != 404 || says_no_bucket(said))) {
      return bucket_->explain(again, said);
    }
  } catch (const Error& error) {
    if (error.code() == Code::interrupted) throw;
  }
  return bucket_->explain(asked, answer);
}

void Question::failed(const http::Failure& failure, const http::Response* response) {
  if (response != nullptr) throw talk_.bucket().explain(last_, *response);
  throw talk_.explain(last_, failure);
}

void Question::require_ok(const http::Response& response) const {
  if (!response.ok()) throw talk_.bucket().explain(last_, response);
}

}  // namespace algoctl
