#pragma once

#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "store/remote/part_plan.h"

namespace algoctl {

/// The SHA-256 of each of a file's parts, found on a thread of its own, from the first part on: so
/// they are known by the time that all of the file is hashed, or its parts are sent.
class PartHashes {
 public:
  /// `fd` stays the caller's, `name` is what errors call it. Begins at once where there are several
  /// parts. Throws Error{storage} when there can be no thread.
  PartHashes(int fd, std::string name, std::vector<Span> spans);
  /// Gives up what is not known yet.
  ~PartHashes();
  PartHashes(const PartHashes&) = delete;
  PartHashes& operator=(const PartHashes&) = delete;

  [[nodiscard]] const std::vector<Span>& spans() const noexcept { return spans_; }
  /// Of the part at `index`, from 0: 64 hexadecimal digits. Waits until they are known. Throws as
  /// read_span.
  const std::string& of(std::size_t index);

 private:
  void run() noexcept;

  int fd_;
  std::string name_;
  std::vector<Span> spans_;
  std::atomic<bool> given_up_{false};
  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::vector<std::string> known_;  ///< those that are not are empty
  std::exception_ptr failure_;
  std::thread thread_;
};

}  // namespace algoctl
