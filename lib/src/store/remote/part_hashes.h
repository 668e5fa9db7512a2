#pragma once

#include <atomic>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "store/remote/part_plan.h"

namespace algoctl {

/// The SHA-256 of each of a file's parts. They are found as its bytes pass by, or when they are
/// asked for. One thread at a time.
class PartHashes {
 public:
  /// `fd` stays the caller's, `name` is what errors call it.
  PartHashes(int fd, std::string name, std::vector<Span> spans, const std::atomic<bool>* stop)
      : fd_(fd),
        name_(std::move(name)),
        spans_(std::move(spans)),
        known_(spans_.size()),
        stop_(stop) {}

  /// The file's next bytes, from its beginning on: those that the whole is hashed of. Were they
  /// read again, a process that has the file mapped could change it between the two without a
  /// trace.
  void pass(std::string_view bytes);

  [[nodiscard]] const std::vector<Span>& spans() const noexcept { return spans_; }
  /// Of the part at `index`, from 0: 64 hexadecimal digits. Throws as read_span.
  const std::string& of(std::size_t index);

 private:
  int fd_;
  std::string name_;
  std::vector<Span> spans_;
  std::vector<std::string> known_;
  const std::atomic<bool>* stop_;
  std::size_t part_ = 0;     ///< what passes belongs to
  std::int64_t passed_ = 0;  ///< bytes of it
  Sha256 hash_;              ///< of them
};

}  // namespace algoctl
