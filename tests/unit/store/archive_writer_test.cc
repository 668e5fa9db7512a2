#include "store/archive_writer.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include "store/archive_reader.h"
#include "support/process.h"
#include "support/temporary_folder.h"
#include "unit/core/failure.h"
#include "unit/store/store_fixture.h"

namespace algoctl {
namespace {

using test::failure;
using test::kMiB;
using test::noise;

/// Objects on disk, and an archive of them without algorithms.
struct Archive {
  explicit Archive(const std::vector<std::size_t>& sizes) {
    std::uint32_t seed = 1;
    for (const std::size_t size : sizes) {
      const std::string bytes = noise(size, ++seed);
      const Digest digest = Digest::of(bytes);
      folder.write(digest.hex(), bytes);
      index.objects.emplace(digest, static_cast<std::int64_t>(size));
    }
    text = index.text();
    layout.emplace(index, text);
    path = folder / "a.tar";
  }

  void write_head(ArchiveWriter& writer) const {
    for (std::size_t i = 0; i < 2; ++i) {
      writer.begin_member(layout->members()[i]);
      writer.append(i == 0 ? text : archive_checksum(layout->digest()));
      writer.end_member();
    }
  }

  void write_objects(ArchiveWriter& writer, std::size_t first) const {
    for (std::size_t i = first; i < layout->members().size(); ++i) {
      ObjectSource object = ObjectSource::open(folder / layout->members()[i].digest.hex());
      writer.copy(layout->members()[i], object, {});
    }
    writer.end_archive();
    writer.finish();
  }

  [[nodiscard]] std::string write() const {
    const Fd file = test::new_file(path);
    ArchiveWriter writer(file.get(), path, 0);
    write_head(writer);
    write_objects(writer, 2);
    return test::read(path);
  }

  test::TemporaryFolder folder;
  ArchiveIndex index;
  std::string text;
  std::optional<ArchiveLayout> layout;
  std::string path;
};

}  // namespace

TEST_CASE("ArchiveWriter: members of all sizes, as tar reads them") {
  const Archive archive({0, 1, 511, 512, 513, kMiB, 2 * kMiB - 512, 5 * kMiB + 3});
  const std::string bytes = archive.write();
  CHECK(static_cast<std::int64_t>(bytes.size()) == archive.layout->size());
  CHECK(test::run({"tar", "-xf", archive.path, "-C", archive.folder.path()}).exit == 0);
  for (const auto& [digest, size] : archive.index.objects) {
    CHECK(Digest::of(test::read(archive.folder / ("objects/sha256/" + digest.hex()))) == digest);
  }
  ArchiveReader::open(archive.path, archive.layout->digest()).require_whole(nullptr);
}

TEST_CASE("ArchiveWriter: goes on after any member, and comes to the same bytes") {
  const Archive archive({100, kMiB, 3 * kMiB + 7, 70 * kMiB});
  const std::string whole = archive.write();
  const auto& members = archive.layout->members();
  for (std::size_t first = 2; first < members.size(); ++first) {
    for (const std::int64_t more : {std::int64_t{0}, std::int64_t{700}, std::int64_t{1} << 20}) {
      CAPTURE(first);
      ::unlink(archive.path.c_str());
      const auto kept = static_cast<std::size_t>(members[first].offset + more);
      archive.folder.write("a.tar", whole.substr(0, kept));
      const Fd file = open_file(archive.path, O_RDWR);
      const std::size_t good =
          good_members(file.get(), archive.path, *archive.layout, 0, members.size(), {});
      // 700 bytes more may be all of the smallest object.
      CHECK((good == first || (more >= 700 && good == first + 1)));
      ArchiveWriter writer(file.get(), archive.path,
                           good < members.size() ? members[good].offset : members.back().end());
      archive.write_objects(writer, good);
      CHECK(test::read(archive.path) == whole);
    }
  }
}

TEST_CASE("good_members: a changed bit anywhere ends them") {
  const Archive archive({100, 600});
  const std::string whole = archive.write();
  const auto& members = archive.layout->members();
  for (std::size_t i = 0; i < whole.size() - kTarEnd; ++i) {
    std::string changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    archive.folder.write("a.tar", changed);
    const Fd file = open_file(archive.path, O_RDONLY);
    const std::size_t good =
        good_members(file.get(), archive.path, *archive.layout, 0, members.size(), {});
    CHECK(static_cast<std::int64_t>(i) >= members[good].offset);
    CHECK(static_cast<std::int64_t>(i) < members[good].end());
  }
}

TEST_CASE("ArchiveWriter: never writes another object than the one announced") {
  const Archive archive({700});
  const ArchiveMember& member = archive.layout->members().back();
  const std::string name = archive.folder / member.digest.hex();
  const std::string object = "'" + name + "'";
  const auto copy = [&] {
    ::unlink(archive.path.c_str());
    const Fd file = test::new_file(archive.path);
    ArchiveWriter writer(file.get(), archive.path, 0);
    ObjectSource source = ObjectSource::open(name);
    writer.copy(member, source, {});
  };
  const std::string remedy =
      " | upload the file again, or bring it back from a copy: the same bytes mend it";
  archive.folder.write(member.digest.hex(), noise(701));
  CHECK(failure(copy) == "integrity: " + object +
                             " is damaged\n  expected: 700 bytes\n  found:    701 bytes" + remedy);
  archive.folder.write(member.digest.hex(), noise(700, 99));
  CHECK(failure(copy) == "integrity: " + object +
                             " is damaged\n  expected: " + member.digest.str() +
                             "\n  found:    " + Digest::of(noise(700, 99)).str() + remedy);
}

TEST_CASE("ArchiveWriter: a member with fewer bytes than announced is a defect") {
  const Archive archive({700});
  const Fd file = test::new_file(archive.path);
  ArchiveWriter writer(file.get(), archive.path, 0);
  writer.begin_member(archive.layout->members()[0]);
  writer.append("short");
  CHECK(failure([&] { writer.end_member(); }) ==
        "internal: 'algoctl-export.json' was announced with another size");
}

}  // namespace algoctl
