#include "support/archives.h"

#include <stdexcept>

#include "base/tar.h"
#include "base/text.h"
#include "core/archive_layout.h"
#include "support/temporary_folder.h"

namespace algoctl::test {

OpenArchive OpenArchive::read(const std::string& path) {
  const std::string bytes = test::read(path);
  const auto text_size = read_tar_header(std::string_view(bytes).substr(0, 512))->size;
  const std::string text = bytes.substr(512, static_cast<std::size_t>(text_size));
  OpenArchive archive;
  archive.index = ArchiveIndex::parse(text, "index");
  const ArchiveLayout layout(archive.index, text);
  for (std::size_t i = 2; i < layout.members().size(); ++i) {
    const ArchiveMember& member = layout.members()[i];
    archive.members.emplace_back(member.name, bytes.substr(static_cast<std::size_t>(member.data()),
                                                           static_cast<std::size_t>(member.size)));
  }
  return archive;
}

std::string OpenArchive::write() const {
  ArchiveIndex fitted = index;
  for (std::size_t i = 0; i < fitted.algorithms.size(); ++i) {
    for (const auto& [name, bytes] : members) {
      if (name != "history/" + std::to_string(i + 1) + ".jsonl") continue;
      fitted.algorithms[i].history = Digest::of(bytes);
      fitted.algorithms[i].history_size = static_cast<std::int64_t>(bytes.size());
    }
  }
  const std::string text = fitted.text();
  std::vector<Member> all = {
      {std::string(kArchiveIndexName), text},
      {std::string(kArchiveChecksumName), archive_checksum(Digest::of(text))}};
  all.insert(all.end(), members.begin(), members.end());
  return tar_of(all);
}

OpenArchive::Member& OpenArchive::member(const std::string& begin) {
  for (Member& member : members) {
    if (starts_with(member.first, begin)) return member;
  }
  throw std::runtime_error("the archive has no " + begin);
}

std::string tar_of(const std::vector<OpenArchive::Member>& members) {
  std::string bytes;
  for (const auto& [name, content] : members) {
    const auto size = static_cast<std::int64_t>(content.size());
    bytes += tar_header(name, size) + content;
    bytes.resize(bytes.size() + static_cast<std::size_t>(tar_padded(size) - size), '\0');
  }
  return bytes + std::string(kTarEnd, '\0');
}

}  // namespace algoctl::test
