#include "store/archive_reader.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <utility>

#include "algoctl/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "store/read_at.h"
#include "store/transfer.h"

namespace algoctl {
namespace {

constexpr const char* kRemedy =
    "bring the file here again, and compare its digest with what `algoctl export` said";
constexpr std::int64_t kLargestLine = std::int64_t{4} << 20U;

Fd open_regular(const std::string& path) {
  const auto info = stat_if_there(path);
  if (!info) {
    throw Error(Code::not_found, "no file " + quoted_path(path),
                "check the path and the current folder");
  }
  if (!S_ISREG(info->st_mode)) {
    throw Error(Code::usage, quoted_path(path) + " is no regular file, and no export",
                "name the file that `algoctl export` wrote");
  }
  return open_file(path, O_RDONLY | O_NOCTTY);
}

[[noreturn]] void throw_foreign(const std::string& path, const std::string& why) {
  throw Error(Code::usage, quoted_path(path) + " is no export of algoctl: " + why,
              "name the file that `algoctl export` wrote");
}

bool begins_like_one(std::string_view bytes) {
  const std::string begin = std::string(kArchiveIndexName) + '\0';
  return !bytes.empty() &&
         bytes.substr(0, begin.size()) == std::string_view(begin).substr(0, bytes.size());
}

std::string wrong_member(std::string_view block, const ArchiveMember& member) {
  const std::string name = tar_name(block);
  std::string text = "there should be " + quoted(member.name) + " at byte " +
                     std::to_string(member.offset) + ", and there is ";
  if (name.empty()) return text + "something else";
  if (name != member.name) return text + quoted(name);
  return text + "one with another header";
}

}  // namespace

ArchiveReader ArchiveReader::open(const std::string& path, const std::optional<Digest>& expected) {
  ArchiveReader reader(path, open_regular(path));
  struct stat info {};
  if (fstat(reader.file_.get(), &info) != 0)
    throw_errno("cannot look at " + quoted_path(path), errno);
  reader.size_ = info.st_size;
  reader.read_index(expected);
  return reader;
}

void ArchiveReader::read_index(const std::optional<Digest>& expected) {
  const std::string block = at(0, kTarBlock);
  const auto entry = read_tar_header(block);
  if (!entry || entry->name != kArchiveIndexName) {
    if (block.empty()) throw_foreign(path_, "it is empty");
    if (begins_like_one(block)) throw damaged("its first header is cut off or changed");
    const std::string name = tar_name(block);
    throw_foreign(
        path_, name.empty() ? "it is no tar file of one" : "its first member is " + quoted(name));
  }
  if (entry->size > kLargestIndex) {
    throw damaged("its index has " + std::to_string(entry->size) + " bytes, more than " +
                  std::to_string(kLargestIndex));
  }
  const std::string text = at(kTarBlock, entry->size);
  if (static_cast<std::int64_t>(text.size()) < entry->size) {
    throw damaged("it is cut off in its index, after " + std::to_string(size_) + " bytes");
  }
  const Digest found = Digest::of(text);
  if (expected && *expected != found) {
    throw Error(Code::integrity,
                quoted_path(path_) + " is not the export that was expected\n  expected: " +
                    expected->str() + "\n  found:    " + found.str(),
                "nothing was imported; `algoctl export` says the digest of what it wrote");
  }
  check_checksum(found, kTarBlock + tar_padded(entry->size));
  try {
    index_ = ArchiveIndex::parse(text, std::string(kArchiveIndexName));
    layout_.emplace(index_, text);
  } catch (const Error& error) {
    if (error.code() == Code::storage) {
      throw Error(Code::storage, quoted_path(path_) + " is of a newer algoctl: " + error.message(),
                  error.hint());
    }
    throw damaged(error.message());
  }
}

/// What every archive has after its index; what a newer one has there is not for this program.
void ArchiveReader::check_checksum(const Digest& found, std::int64_t end_of_index) const {
  const std::string checksum = archive_checksum(found);
  const auto size = static_cast<std::int64_t>(checksum.size());
  if (at(end_of_index, kTarBlock) != tar_header(kArchiveChecksumName, size)) return;
  const std::string there = at(end_of_index + kTarBlock, size);
  if (there != checksum && static_cast<std::int64_t>(there.size()) == size) {
    throw damaged("its index is not the one that was written");
  }
}

void ArchiveReader::require_whole(const std::atomic<bool>* stop) const {
  if (size_ < layout_->size()) {
    throw damaged("it is cut off after " + std::to_string(size_) + " of " +
                  std::to_string(layout_->size()) + " bytes");
  }
  if (size_ > layout_->size()) {
    throw damaged("it goes on after its end, at byte " + std::to_string(layout_->size()));
  }
  const auto& members = layout_->members();
  for (std::size_t i = 0; i < members.size(); ++i) {
    const ArchiveMember& member = members[i];
    const std::string block = at(member.offset, kTarBlock);
    if (block != tar_header(member.name, member.size)) throw damaged(wrong_member(block, member));
    const std::int64_t end = member.data() + member.size;
    const std::string fill = at(end, member.end() - end);
    if (fill.find_first_not_of('\0') != std::string::npos) {
      throw damaged("there are bytes after the end of " + quoted(member.name));
    }
    if (i >= layout_->first_object()) continue;
    ObjectSource bytes = source(member);
    hash_source(bytes, {nullptr, stop});
  }
  if (at(layout_->size() - kTarEnd, kTarEnd) != std::string(kTarEnd, '\0')) {
    throw damaged("there are bytes after its last member");
  }
}

std::string ArchiveReader::read(const ArchiveMember& member) const {
  std::string bytes = at(member.data(), member.size);
  source(member).require_expected(Digest::of(bytes));
  return bytes;
}

void ArchiveReader::read_lines(
    const ArchiveMember& member, const std::atomic<bool>* stop,
    const std::function<void(std::string_view, std::int64_t)>& visit) const {
  constexpr std::size_t kPiece = std::size_t{64} << 10U;
  ObjectSource bytes = source(member);
  Sha256 hash;
  std::string text;
  std::int64_t number = 0;
  for (std::size_t got = kPiece; got == kPiece;) {
    const std::size_t before = text.size();
    text.resize(before + kPiece);
    got = bytes.read(text.data() + before, kPiece, stop);
    text.resize(before + got);
    hash.update(text.data() + before, got);
    std::size_t begin = 0;
    for (std::size_t end = text.find('\n'); end != std::string::npos;
         end = text.find('\n', begin)) {
      visit(std::string_view(text).substr(begin, end - begin), ++number);
      begin = end + 1;
    }
    text.erase(0, begin);
    if (static_cast<std::int64_t>(text.size()) > kLargestLine) {
      throw damaged(member.name + ":" + std::to_string(number + 1) + ": a line of more than " +
                    std::to_string(kLargestLine) + " bytes");
    }
  }
  bytes.require_expected(Digest(hash.finish()));
  if (!text.empty()) throw damaged(member.name + ": the last line has no end");
}

ObjectSource ArchiveReader::source(const ArchiveMember& member) const {
  return ObjectSource::section(file_.get(), member.data(), member.size, member.digest,
                               quoted_path(path_) + ": " + member.name, kRemedy);
}

Error ArchiveReader::damaged(const std::string& what) const {
  return {Code::integrity, quoted_path(path_) + " is damaged: " + what, kRemedy};
}

std::string ArchiveReader::at(std::int64_t offset, std::int64_t size) const {
  return read_at(file_.get(), path_, offset, size);
}

bool looks_like_archive(const std::string& path) {
  const auto info = stat_if_there(path);
  if (!info || !S_ISREG(info->st_mode)) return false;
  const Fd file = open_file(path, O_RDONLY | O_NOCTTY);
  return begins_like_one(read_at(file.get(), path, 0, kTarBlock));
}

}  // namespace algoctl
