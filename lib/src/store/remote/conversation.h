#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "http/loop.h"
#include "store/remote/bucket.h"

namespace algoctl {

/// What a store says to its server. Its loops, with their open connections, are used again. Safe to
/// use from any thread: each that asks has a loop of its own.
class Conversation {
 public:
  using Make = std::function<http::Request()>;

  /// Without `retry` it tries again while that takes no longer than the options' timeout without
  /// any success.
  Conversation(std::unique_ptr<Bucket> bucket, http::LoopOptions options,
               std::optional<http::RetryOptions> retry = std::nullopt);

  [[nodiscard]] Bucket& bucket() const noexcept { return *bucket_; }

  /// A loop that is the caller's until it is gone.
  class Turn {
   public:
    Turn(const Conversation& whose, std::unique_ptr<http::Loop> loop)
        : whose_(whose), loop_(std::move(loop)) {}
    ~Turn();
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    http::Loop& operator*() const noexcept { return *loop_; }
    http::Loop* operator->() const noexcept { return loop_.get(); }

   private:
    const Conversation& whose_;
    std::unique_ptr<http::Loop> loop_;
  };
  [[nodiscard]] Turn turn() const;

  /// Asks once and waits. Every answer that is not worth a retry is returned, 4xx included. Throws
  /// Error{storage} when none came, Error{interrupted}.
  http::Response ask(const Make& make, const std::atomic<bool>* stop = nullptr) const;
  /// The same; throws what `Bucket::explain` makes of an answer that is no success.
  http::Response ask_ok(const Make& make, const std::atomic<bool>* stop = nullptr) const;

  /// What messages call it where the server is to blame, and not the key: the bucket's URL at
  /// first.
  void call_it(std::string name) { name_ = std::move(name); }

  /// What it means that no answer to a request came.
  [[nodiscard]] Error explain(const http::Request& asked, const http::Failure& failure) const;
  /// What the answer to a HEAD of `key` means that is no success. It has no body that could say
  /// why: so the key's first byte is asked for, and that answer is explained if it is a refusal
  /// too.
  [[nodiscard]] Error explain_head(const std::string& key, const http::Request& asked,
                                   const http::Response& answer,
                                   const std::atomic<bool>* stop = nullptr) const;

 private:
  std::unique_ptr<Bucket> bucket_;
  std::string name_;
  http::LoopOptions options_;
  http::RetryOptions retry_;
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<http::Loop>> idle_;
};

/// Thrown by a question whose key is not there, for the one who runs the loop.
struct Missing {};

/// A try that brought so many bytes, and can be gone on with, was none in vain.
constexpr std::int64_t kAdvance = std::int64_t{64} << 10U;

/// One request and what becomes of its answer. Fails as `Conversation::ask` does.
class Question : public http::Job {
 public:
  using Answered = std::function<void(const http::Response&)>;

  Question(const Conversation& talk, Conversation::Make make, Answered answered)
      : talk_(talk), make_(std::move(make)), answered_(std::move(answered)) {}

  http::Request request() override { return last_ = make_(); }
  void answered(const http::Response& response) override { answered_(response); }
  void failed(const http::Failure& failure, const http::Response* response) override;

 protected:
  [[nodiscard]] const Conversation& talk() const noexcept { return talk_; }
  [[nodiscard]] const http::Request& asked() const noexcept { return last_; }
  /// Throws what it means when an answer is no success.
  void require_ok(const http::Response& response) const;

 private:
  const Conversation& talk_;
  Conversation::Make make_;
  Answered answered_;
  http::Request last_;
};

}  // namespace algoctl
