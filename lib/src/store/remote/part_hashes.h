#pragma once

#include <atomic>
#include <exception>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "store/remote/part_plan.h"

namespace algoctl {

/// The SHA-256 of `size` bytes of a file from `offset` on, as 64 hexadecimal digits. Throws
/// Error{storage} when it cannot be read or ends before; Error{interrupted} once `stop` is set.
std::string hash_span(int fd, const Span& span, const std::string& name,
                      const std::atomic<bool>* stop);

/// The digests of a file's parts. They are found while somebody else hashes the whole, or when they
/// are asked for. One thread at a time.
class PartHashes {
 public:
  /// `fd` stays the caller's, `name` is what errors call it.
  PartHashes(int fd, std::string name, std::vector<Span> spans, const std::atomic<bool>* stop)
      : fd_(fd),
        name_(std::move(name)),
        spans_(std::move(spans)),
        known_(spans_.size()),
        stop_(stop) {}
  ~PartHashes();

  /// Begins to find all of them, on a thread of its own.
  void start();
  /// Waits until that is done. Throws as hash_span.
  void wait();

  [[nodiscard]] const std::vector<Span>& spans() const noexcept { return spans_; }
  /// Of the part at `index`, from 0. Throws as hash_span.
  const std::string& of(std::size_t index);

 private:
  int fd_;
  std::string name_;
  std::vector<Span> spans_;
  std::vector<std::string> known_;
  const std::atomic<bool>* stop_;
  std::atomic<bool> given_up_{false};
  std::exception_ptr fault_;
  std::thread thread_;
};

}  // namespace algoctl
