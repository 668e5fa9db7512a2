#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace algoctl {

/// Brings a file to the disk while it is still written, on a thread of its own, so that the fsync
/// at the end finds little left: neither pages to write, nor bytes in the memory of the disk
/// itself. The thread is only made for a file that is large and has a name, and done without where
/// there can be none.
class SyncBehind {
 public:
  /// `fd` stays the caller's; `path` is what errors call the file.
  SyncBehind(int fd, std::string path);
  /// Gives up what has not begun.
  ~SyncBehind();
  SyncBehind(const SyncBehind&) = delete;
  SyncBehind& operator=(const SyncBehind&) = delete;

  /// So many bytes more were written. From one thread.
  void written(std::int64_t bytes);
  /// Waits until the thread is done; the fsync of the rest is the caller's. To be called before it:
  /// the kernel reports each failure once, and may have reported it here. Throws Error{storage}.
  void finish();
  /// Waits likewise. True when the disk has failed: then nothing of the file counts as written,
  /// although whoever reads it may see it in memory.
  [[nodiscard]] bool has_failed() noexcept;

 private:
  void run() noexcept;
  void stop() noexcept;

  int fd_;
  std::string path_;
  std::int64_t waiting_ = 0;  ///< bytes since the thread was last told
  bool tried_ = false;        ///< to make the thread
  std::thread thread_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  bool due_ = false;
  bool stopped_ = false;
  int errno_ = 0;
};

}  // namespace algoctl
