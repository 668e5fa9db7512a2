#include "store/remote/hashing_receiver.h"

#include <unistd.h>

#include <cerrno>

#include "algoctl/error.h"
#include "base/file.h"
#include "base/text.h"
#include "http/fields.h"
#include "store/remote/answers.h"
#include "store/remote/brought.h"

namespace algoctl {
namespace {

/// A weak one stands for bytes that mean the same, which is not enough.
std::string strong_tag(const http::Response& head) {
  const std::string tag = head.header("etag").value_or("");
  return starts_with(tag, "\"") ? tag : std::string();
}

}  // namespace

std::optional<Span> HashingReceiver::rest() const {
  if (got_ == 0 || tag_.empty() || got_ >= total_) return std::nullopt;
  return Span{got_, total_ - got_};
}

void HashingReceiver::begin(const http::Response& head) {
  const std::optional<Brought> brought = brought_by(head);
  if (head.status == 206) {
    const bool goes_on = brought && brought->offset == got_ && brought->end <= total_ &&
                         (brought->total < 0 || brought->total == total_);
    changed_ = !goes_on || tag_.empty() || strong_tag(head) != tag_;
    return;
  }
  tag_ = strong_tag(head);
  total_ = brought->total;
  without_end_ = total_ < 0 && !is_chunked(head);
  got_ = 0;
  hash_ = Sha256();
}

bool HashingReceiver::write(const char* bytes, std::size_t size) {
  for (std::size_t done = 0; done < size;) {
    const ssize_t put =
        ::pwrite(to_, bytes + done, size - done, got_ + static_cast<std::int64_t>(done));
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) {
      write_errno_ = put < 0 ? errno : EIO;
      return false;
    }
    done += static_cast<std::size_t>(put);
  }
  return true;
}

bool HashingReceiver::take(const char* bytes, std::size_t size) {
  too_long_ = static_cast<std::int64_t>(size) > (total_ < 0 ? longest_unsaid_ : total_) - got_;
  if (changed_ || without_end_ || too_long_ || (to_ >= 0 && !write(bytes, size))) return false;
  hash_.update(bytes, size);
  got_ += static_cast<std::int64_t>(size);
  return true;
}

void HashingReceiver::require_accepted() const {
  if (write_errno_ != 0) throw_errno("cannot write " + quoted_path(to_path_), write_errno_);
  if (changed_) throw Error(Code::storage, name_ + " changed while it was read", "run it again");
  if (without_end_) {
    throw Error(Code::storage,
                name_ + " comes without a length: nobody can tell its end from where it is cut off",
                "download it in another way, and upload the file");
  }
  if (too_long_ && total_ >= 0) throw unusable(name_ + ": the server sent more than it said");
  if (too_long_) {
    throw Error(
        Code::storage,
        name_ + " comes without a length, and goes on after " + counted(longest_unsaid_, "byte"),
        "if it does end, download it in another way, and upload the file");
  }
}

Transferred HashingReceiver::finish() {
  // A try that was cut off may have written more.
  if (to_ >= 0 && ::ftruncate(to_, got_) != 0) {
    throw_errno("cannot write " + quoted_path(to_path_), errno);
  }
  return {Digest(hash_.finish()), got_};
}

}  // namespace algoctl
