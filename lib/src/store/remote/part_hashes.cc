#include "store/remote/part_hashes.h"

#include "algoctl/digest.h"
#include "base/hash.h"
#include "store/read_at.h"

namespace algoctl {
std::string hash_span(int fd, const Span& span, const std::string& name,
                      const std::atomic<bool>* stop) {
  PieceReader file(fd, name);
  Sha256 hash;
  for (std::int64_t done = 0; done < span.size;) {
    if (stop != nullptr && *stop) throw Error(Code::interrupted, "stopped");
    const std::string_view bytes = file.read(span.offset + done, span.size - done);
    if (bytes.empty()) throw Error(Code::storage, name + " became shorter while it was read");
    hash.update(bytes);
    done += static_cast<std::int64_t>(bytes.size());
  }
  return Digest(hash.finish()).hex();
}

void PartHashes::pass(std::string_view bytes) {
  // More than there should be: whoever hashes the whole finds that out.
  while (!bytes.empty() && part_ < spans_.size()) {
    const auto left = static_cast<std::size_t>(spans_[part_].size - passed_);
    const std::string_view now = bytes.substr(0, left);
    hash_.update(now);
    passed_ += static_cast<std::int64_t>(now.size());
    bytes.remove_prefix(now.size());
    if (passed_ < spans_[part_].size) continue;
    known_[part_++] = Digest(std::exchange(hash_, Sha256()).finish()).hex();
    passed_ = 0;
  }
}

const std::string& PartHashes::of(std::size_t index) {
  if (known_[index].empty()) known_[index] = hash_span(fd_, spans_[index], name_, stop_);
  return known_[index];
}

}  // namespace algoctl
