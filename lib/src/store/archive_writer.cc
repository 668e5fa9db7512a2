#include "store/archive_writer.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "algoctl/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "store/read_at.h"
#include "store/verify.h"

namespace algoctl {
namespace {

constexpr auto kBlock = static_cast<std::int64_t>(SparseWriter::kBlock);

std::int64_t block_of(std::int64_t offset) { return offset / kBlock * kBlock; }

bool is_good(int file, const std::string& path, const ArchiveMember& member,
             const TransferOptions& options) {
  const std::string header = read_at(file, path, member.offset, kTarBlock);
  if (header != tar_header(member.name, member.size)) return false;
  ObjectSource bytes =
      ObjectSource::section(file, member.data(), member.size, member.digest, quoted_path(path), {});
  try {
    if (hash_source(bytes, options).size != member.size) return false;
  } catch (const Error& error) {
    if (error.code() == Code::integrity) return false;
    throw;
  }
  const std::int64_t end = member.data() + member.size;
  const auto fill = static_cast<std::size_t>(member.end() - end);
  return read_at(file, path, end, member.end() - end) == std::string(fill, '\0');
}

}  // namespace

ArchiveWriter::ArchiveWriter(int file, const std::string& path, std::int64_t from)
    : to_(file, path, block_of(from)),
      behind_(SparseWriter::kBlock, [this](std::string_view bytes) { to_.write(bytes); }) {
  // The block in which the new bytes begin is written again whole.
  const std::string kept = read_at(file, path, block_of(from), from - block_of(from));
  if (ftruncate(file, from) != 0) throw_errno("cannot write " + quoted_path(path), errno);
  put(kept);
}

void ArchiveWriter::begin_member(const ArchiveMember& member) {
  member_ = &member;
  got_ = 0;
  put(tar_header(member.name, member.size));
}

void ArchiveWriter::append(std::string_view bytes) {
  got_ += static_cast<std::int64_t>(bytes.size());
  put(bytes);
}

void ArchiveWriter::end_member() {
  if (got_ != member_->size) {
    throw Error(Code::internal, quoted(member_->name) + " was announced with another size");
  }
  put(std::string(static_cast<std::size_t>(tar_padded(got_) - got_), '\0'));
}

void ArchiveWriter::copy(const ArchiveMember& member, ObjectSource& object,
                         const TransferOptions& options) {
  if (object.stamp()) require_object(object.name(), member.size, object.stamp()->size);
  begin_member(member);
  Sha256 hash;
  for (;;) {
    hand_over_full_block();
    const std::size_t room = std::min(SparseWriter::kBlock - fill_, kReportEvery);
    const std::size_t got = object.read(block_ + fill_, room, options.stop);
    hash.update(block_ + fill_, got);
    fill_ += got;
    got_ += static_cast<std::int64_t>(got);
    if (options.progress && got > 0) options.progress(got_);
    if (got < room) break;
  }
  object.require_unchanged(got_);
  require_object(object.name(), member.size, got_);
  require_object(object.name(), member.digest, Digest(hash.finish()));
  end_member();
}

void ArchiveWriter::end_archive() { put(std::string(kTarEnd, '\0')); }

void ArchiveWriter::finish() {
  if (fill_ > 0) behind_.pass(fill_);
  behind_.finish();
  to_.finish();
}

void ArchiveWriter::put(std::string_view bytes) {
  while (!bytes.empty()) {
    hand_over_full_block();
    const std::size_t size = std::min(bytes.size(), SparseWriter::kBlock - fill_);
    std::memcpy(block_ + fill_, bytes.data(), size);
    fill_ += size;
    bytes.remove_prefix(size);
  }
}

void ArchiveWriter::hand_over_full_block() {
  if (block_ != nullptr && fill_ == SparseWriter::kBlock) {
    behind_.pass(fill_);
    block_ = nullptr;
  }
  if (block_ != nullptr) return;
  block_ = behind_.block();
  fill_ = 0;
}

std::size_t good_members(int file, const std::string& path, const ArchiveLayout& layout,
                         std::size_t first, std::size_t end, const TransferOptions& options) {
  for (std::size_t i = first; i < end; ++i) {
    if (!is_good(file, path, layout.members()[i], options)) return i - first;
  }
  return end - first;
}

}  // namespace algoctl
