#include "store/remote/part_receiver.h"

#include <unistd.h>

#include <cerrno>

#include "base/file.h"
#include "base/text.h"
#include "store/remote/answers.h"
#include "store/remote/brought.h"
#include "store/verify.h"

namespace algoctl {
namespace {

constexpr std::size_t kWrite = std::size_t{256} << 10;  // what comes over a network comes in less

}  // namespace

PartReceiver::PartReceiver(const Receiving& object, const Span& span,
                           std::function<void(std::int64_t)> arrived)
    : object_(object), span_(span), arrived_(std::move(arrived)) {}

Digest PartReceiver::digest() { return Digest(hash_.finish()); }

void PartReceiver::begin(const http::Response& head) {
  const std::optional<Brought> brought = brought_by(head);
  if (brought && brought->total >= 0 && brought->total != object_.size) {
    other_size_ = brought->total;
  }
  if (head.status == 206) {
    elsewhere_ =
        !brought || brought->offset != rest().offset || brought->end > rest().offset + rest().size;
    return;
  }
  // All of it: fine when that is what is wanted.
  if (!is_whole()) {
    ranges_ignored_ = true;
  } else if (got_ > 0) {
    begin_again();
  }
}

void PartReceiver::begin_again() {
  arrived_(-got_);
  got_ = 0;
  gathered_.clear();
  hash_ = Sha256();
  checksum_ = Checksum();
}

bool PartReceiver::take(const char* bytes, std::size_t size) {
  if (other_size_ >= 0 || elsewhere_ || ranges_ignored_) return false;
  if (static_cast<std::int64_t>(size) > span_.size - got_) {
    // All of an object that is longer than it should be; or more than was asked for.
    if (is_whole()) other_size_ = object_.size + 1;
    elsewhere_ = !is_whole();
    return false;
  }
  if (is_whole()) {
    hash_.update(bytes, size);
  } else {
    checksum_.update({bytes, size});
  }
  gathered_.append(bytes, size);
  got_ += static_cast<std::int64_t>(size);
  if ((done() || gathered_.size() >= kWrite) && !write_gathered()) return false;
  arrived_(static_cast<std::int64_t>(size));
  return true;
}

bool PartReceiver::write_gathered() {
  const std::int64_t offset = rest().offset - static_cast<std::int64_t>(gathered_.size());
  for (std::size_t done = 0; done < gathered_.size();) {
    const ssize_t put = ::pwrite(object_.to, gathered_.data() + done, gathered_.size() - done,
                                 offset + static_cast<std::int64_t>(done));
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) {
      write_errno_ = put < 0 ? errno : EIO;
      return false;
    }
    done += static_cast<std::size_t>(put);
  }
  // Many parts wait until all are done: without its memory.
  if (done()) gathered_ = std::string();
  gathered_.clear();
  return true;
}

bool PartReceiver::is_short() const noexcept {
  return !done() && other_size_ < 0 && !elsewhere_ && !ranges_ignored_ && write_errno_ == 0;
}

void PartReceiver::require_accepted() const {
  if (write_errno_ != 0) throw_errno("cannot write " + quoted_path(object_.to_path), write_errno_);
  if (other_size_ >= 0) require_object(object_.name, object_.size, other_size_);
  if (elsewhere_)
    throw unusable(object_.name + ": the server sent other bytes than it was asked for");
}

}  // namespace algoctl
