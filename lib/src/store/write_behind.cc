#include "store/write_behind.h"

#include <pthread.h>
#include <signal.h>

#include <new>
#include <system_error>

namespace algoctl {
namespace {

constexpr std::align_val_t kAligned{SparseWriter::kAlignment};

}  // namespace

WriteBehind::WriteBehind(SparseWriter& to)
    : to_(to), memory_(static_cast<char*>(::operator new(kBlocks* kBlock, kAligned))) {}

void WriteBehind::Free::operator()(char* memory) const noexcept {
  ::operator delete(memory, kAligned);
}

WriteBehind::~WriteBehind() {
  {
    const std::lock_guard lock(mutex_);
    abandoned_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

char* WriteBehind::block() {
  wait_until_behind_by(kBlocks - 1);
  return memory_.get() + filled_ % kBlocks * kBlock;
}

void WriteBehind::write(std::size_t size) {
  if (!thread_.joinable() && size == kBlock) start();
  sizes_[filled_ % kBlocks] = size;
  if (!thread_.joinable()) {
    to_.write(bytes_of(filled_));
    ++written_;
    ++filled_;
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    ++filled_;
  }
  changed_.notify_all();
}

void WriteBehind::finish() { wait_until_behind_by(0); }

void WriteBehind::start() {
  // Signals are for the threads of the program, which may be waiting for them in a read.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    thread_ = std::thread([this] { run(); });
  } catch (const std::system_error&) {
    // No thread to be had: then every block is written when it is handed over.
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void WriteBehind::run() noexcept {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return abandoned_ || written_ < filled_; });
    if (abandoned_) return;
    const std::string_view bytes = bytes_of(written_);
    lock.unlock();
    std::exception_ptr failure;
    try {
      to_.write(bytes);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    ++written_;
    failure_ = failure;
    changed_.notify_all();
    if (failure_) return;
  }
}

void WriteBehind::wait_until_behind_by(std::size_t blocks) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return failure_ || filled_ - written_ <= blocks; });
  if (failure_) std::rethrow_exception(failure_);
}

std::string_view WriteBehind::bytes_of(std::uint64_t number) const {
  const std::size_t index = number % kBlocks;
  return {memory_.get() + index * kBlock, sizes_[index]};
}

}  // namespace algoctl
