#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>

#include "store/sparse_writer.h"

namespace algoctl {

/// Writes on a thread of its own what another thread fills in, a few blocks behind it. The thread
/// is only made when there is more than one block, and done without where there can be none.
class WriteBehind {
 public:
  static constexpr std::size_t kBlock = std::size_t{2} << 20U;

  /// `to` is used until the end of this object.
  explicit WriteBehind(SparseWriter& to);
  /// Waits for the write under way, and gives up what is left.
  ~WriteBehind();
  WriteBehind(const WriteBehind&) = delete;
  WriteBehind& operator=(const WriteBehind&) = delete;

  /// A free block of kBlock bytes. Throws what the writing threw.
  char* block();
  /// Has the first `size` bytes of that block written; fewer than kBlock only for the last one.
  /// They may still be read until block() is called again. Throws what the writing threw.
  void write(std::size_t size);
  /// Waits until all is written. Throws what the writing threw.
  void finish();

 private:
  static constexpr std::size_t kBlocks = 4;

  void start();
  void run() noexcept;
  void wait_until_behind_by(std::size_t blocks);
  [[nodiscard]] std::string_view bytes_of(std::uint64_t number) const;

  SparseWriter& to_;
  struct Free {
    void operator()(char* memory) const noexcept;
  };
  std::unique_ptr<char[], Free> memory_;
  std::array<std::size_t, kBlocks> sizes_{};
  std::thread thread_;

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::uint64_t filled_ = 0;   ///< blocks handed over
  std::uint64_t written_ = 0;  ///< blocks done
  bool abandoned_ = false;
  std::exception_ptr failure_;
};

}  // namespace algoctl
