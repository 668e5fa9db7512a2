#include "store/blocks_behind.h"

#include <new>
#include <utility>

#include "algoctl/error.h"
#include "base/quiet_thread.h"
#include "store/sparse_writer.h"

namespace algoctl {
namespace {

constexpr std::align_val_t kAligned{SparseWriter::kAlignment};

}  // namespace

BlocksBehind::BlocksBehind(std::size_t size, Take take)
    : size_(size),
      take_(std::move(take)),
      memory_(static_cast<char*>(::operator new(kBlocks* size, kAligned))) {}

void BlocksBehind::Free::operator()(char* memory) const noexcept {
  ::operator delete(memory, kAligned);
}

BlocksBehind::~BlocksBehind() {
  {
    const std::lock_guard lock(mutex_);
    abandoned_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

char* BlocksBehind::block() {
  wait_until_behind_by(kBlocks - 1);
  return memory_.get() + filled_ % kBlocks * size_;
}

void BlocksBehind::pass(std::size_t size) {
  if (!thread_.joinable() && size == size_) start();
  sizes_[filled_ % kBlocks] = size;
  if (!thread_.joinable()) {
    take_(bytes_of(filled_));
    ++taken_;
    ++filled_;
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    ++filled_;
  }
  changed_.notify_all();
}

void BlocksBehind::finish() { wait_until_behind_by(0); }

void BlocksBehind::start() {
  try {
    thread_ = quiet_thread([this] { run(); });
  } catch (const Error&) {
    // No thread to be had: then every block is taken when it is passed on.
  }
}

void BlocksBehind::run() noexcept {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return abandoned_ || taken_ < filled_; });
    if (abandoned_) return;
    const std::string_view bytes = bytes_of(taken_);
    lock.unlock();
    std::exception_ptr failure;
    try {
      take_(bytes);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    ++taken_;
    failure_ = failure;
    changed_.notify_all();
    if (failure_) return;
  }
}

void BlocksBehind::wait_until_behind_by(std::size_t blocks) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return failure_ || filled_ - taken_ <= blocks; });
  if (failure_) std::rethrow_exception(failure_);
}

std::string_view BlocksBehind::bytes_of(std::uint64_t number) const {
  const std::size_t index = number % kBlocks;
  return {memory_.get() + index * size_, sizes_[index]};
}

}  // namespace algoctl
