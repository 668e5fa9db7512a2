// ArchiveReader on any file: refuses with one of its codes, or finds an archive of which every
// member is what the index says and that is, byte for byte, what would be written again.

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "algoctl/error.h"
#include "core/archive_lines.h"
#include "store/archive_reader.h"
#include "store/transfer.h"

namespace {

using algoctl::Code;
using algoctl::Error;

void require(bool holds) {
  if (!holds) std::abort();
}

/// A file in memory with these bytes, by a path of this process.
class MemoryFile {
 public:
  MemoryFile(const void* data, std::size_t size) : fd_(memfd_create("fuzz", 0)) {
    require(fd_ >= 0 && write(fd_, data, size) == static_cast<ssize_t>(size));
  }
  ~MemoryFile() { close(fd_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }

 private:
  int fd_;
};

void check_lines(const algoctl::ArchiveReader& archive, std::size_t n) {
  const algoctl::ArchivedAlgorithm& algorithm = archive.index().algorithms[n];
  const auto versions = static_cast<std::int64_t>(algorithm.versions.size());
  archive.read_lines(
      archive.layout().history(n), nullptr, [&](std::string_view line, std::int64_t number) {
        if (number <= versions) {
          const auto version = algoctl::read_version_line(line, algorithm.name, "line");
          const std::string text = algoctl::version_line(version);
          require(algoctl::version_line(algoctl::read_version_line(text, algorithm.name, "line")) ==
                  text);
        } else {
          const std::string text = algoctl::event_line(algoctl::read_event_line(line, "line"));
          require(algoctl::event_line(algoctl::read_event_line(text, "line")) == text);
        }
      });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const MemoryFile file(data, size);
  try {
    const auto archive = algoctl::ArchiveReader::open(file.path(), std::nullopt);
    archive.require_whole(nullptr);
    require(static_cast<std::int64_t>(size) == archive.layout().size());
    for (const algoctl::ArchiveMember& member : archive.layout().members()) {
      algoctl::ObjectSource bytes = archive.source(member);
      require(algoctl::hash_source(bytes).size == member.size);
    }
    for (std::size_t n = 0; n < archive.index().algorithms.size(); ++n) check_lines(archive, n);
  } catch (const Error& error) {
    require(error.code() == Code::usage || error.code() == Code::integrity ||
            error.code() == Code::storage);
  }
  return 0;
}
