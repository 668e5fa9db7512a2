#include "core/archive_layout.h"

#include <algorithm>
#include <utility>

#include "algoctl/error.h"

namespace algoctl {
namespace {

constexpr std::int64_t kLargestFile = std::int64_t{1} << 60U;
constexpr std::size_t kFirstHistory = 2;

}  // namespace

ArchiveLayout::ArchiveLayout(const ArchiveIndex& index, std::string_view text) {
  const Digest digest = Digest::of(text);
  const std::string checksum = archive_checksum(digest);
  add(std::string(kArchiveIndexName), static_cast<std::int64_t>(text.size()), digest);
  add(std::string(kArchiveChecksumName), static_cast<std::int64_t>(checksum.size()),
      Digest::of(checksum));
  for (std::size_t i = 0; i < index.algorithms.size(); ++i) {
    add("history/" + std::to_string(i + 1) + ".jsonl", index.algorithms[i].history_size,
        index.algorithms[i].history);
  }
  first_manifest_ = members_.size();
  for (const auto& [manifest, size] : index.manifests) {
    add("manifests/sha256/" + manifest.hex(), size, manifest);
  }
  first_object_ = members_.size();
  for (const auto& [object, size] : index.objects) {
    add("objects/sha256/" + object.hex(), size, object);
  }
}

std::int64_t ArchiveLayout::size() const noexcept { return members_.back().end() + kTarEnd; }

const ArchiveMember& ArchiveLayout::history(std::size_t algorithm) const {
  return members_.at(kFirstHistory + algorithm);
}

const ArchiveMember* ArchiveLayout::manifest(const Digest& digest) const {
  return find(first_manifest_, first_object_, digest);
}

const ArchiveMember* ArchiveLayout::object(const Digest& digest) const {
  return find(first_object_, members_.size(), digest);
}

void ArchiveLayout::add(std::string name, std::int64_t size, const Digest& digest) {
  const std::int64_t offset = members_.empty() ? 0 : members_.back().end();
  if (size > kLargestFile || offset > kLargestFile) {
    throw Error(Code::integrity, "no file has so many bytes as the index announces");
  }
  members_.push_back({std::move(name), size, digest, offset});
}

const ArchiveMember* ArchiveLayout::find(std::size_t begin, std::size_t end,
                                         const Digest& digest) const {
  const auto first = members_.begin() + static_cast<std::ptrdiff_t>(begin);
  const auto last = members_.begin() + static_cast<std::ptrdiff_t>(end);
  const auto found = std::lower_bound(
      first, last, digest,
      [](const ArchiveMember& member, const Digest& wanted) { return member.digest < wanted; });
  return found == last || found->digest != digest ? nullptr : &*found;
}

std::string archive_checksum(const Digest& index) {
  return index.hex() + "  " + std::string(kArchiveIndexName) + "\n";
}

}  // namespace algoctl
