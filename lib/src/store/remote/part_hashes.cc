#include "store/remote/part_hashes.h"

#include "algoctl/digest.h"
#include "store/remote/read_span.h"

namespace algoctl {

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
  if (known_[index].empty()) {
    Sha256 hash;
    read_span(fd_, spans_[index], name_, stop_,
              [&](std::string_view bytes) { hash.update(bytes); });
    known_[index] = Digest(hash.finish()).hex();
  }
  return known_[index];
}

}  // namespace algoctl
