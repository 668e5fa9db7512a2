#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>

namespace algoctl {

/// Gives blocks of bytes, in order, to somebody on a thread of its own, a few blocks behind the
/// thread that fills them in. The thread is only made when there is more than one block, and done
/// without where there can be none.
class BlocksBehind {
 public:
  using Take = std::function<void(std::string_view)>;

  /// `size` of a block: bytes. `take` is called until the end of this object.
  BlocksBehind(std::size_t size, Take take);
  /// Waits for the block that is being taken, and gives up what is left.
  ~BlocksBehind();
  BlocksBehind(const BlocksBehind&) = delete;
  BlocksBehind& operator=(const BlocksBehind&) = delete;

  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  /// A free block, aligned as files are written. Throws what `take` threw.
  char* block();
  /// Has the first `size` bytes of that block taken; fewer than a block only of the last one. They
  /// may still be read until block() is called again. Throws what `take` threw.
  void pass(std::size_t size);
  /// Waits until all are taken. Throws what `take` threw.
  void finish();

 private:
  static constexpr std::size_t kBlocks = 4;

  void start();
  void run() noexcept;
  void wait_until_behind_by(std::size_t blocks);
  [[nodiscard]] std::string_view bytes_of(std::uint64_t number) const;

  std::size_t size_;
  Take take_;
  struct Free {
    void operator()(char* memory) const noexcept;
  };
  std::unique_ptr<char[], Free> memory_;
  std::array<std::size_t, kBlocks> sizes_{};
  std::thread thread_;

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::uint64_t filled_ = 0;  ///< blocks passed on
  std::uint64_t taken_ = 0;   ///< blocks done
  bool abandoned_ = false;
  std::exception_ptr failure_;
};

}  // namespace algoctl
