#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <string>
#include <thread>

#include "algoctl/digest.h"
#include "base/hash.h"

namespace algoctl {

/// Hashes a file from its beginning while it is still written, on a thread of its own, up to where
/// it is told that the bytes are there.
class PrefixHasher {
 public:
  /// `fd` stays the caller's; `name` is what errors call the file.
  PrefixHasher(int fd, std::string name);
  ~PrefixHasher();

  /// All bytes before `end` are there. From any thread; an `end` before the last is nothing new.
  void reach(std::int64_t end);
  /// Waits until all that was reached is hashed, and gives the digest. To be called once. Throws
  /// Error{storage} when the file could not be read.
  Digest finish();

 private:
  void run();

  int fd_;
  std::string name_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::int64_t end_ = 0;
  bool finished_ = false;
  bool given_up_ = false;
  Sha256 hash_;
  std::exception_ptr fault_;
  std::thread thread_;
};

}  // namespace algoctl
