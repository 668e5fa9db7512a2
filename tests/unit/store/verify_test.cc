#include "store/verify.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/temporary_folder.h"
#include "unit/core/failure.h"
#include "unit/store/store_fixture.h"

namespace algoctl {
namespace {

using test::failure;
using test::TemporaryFolder;

constexpr const char* kHint =
    " | upload the file again, or bring it back from a copy: the same bytes mend it";

/// Counts the bytes that are read.
struct Counter {
  std::int64_t bytes = 0;
  TransferOptions options{[this](std::int64_t done) { bytes = done; }, nullptr};
};

/// Other bytes under a stamp that is remembered: only whoever does not read is fooled.
void remember_wrongly(const Stamps& stamps, const std::string& path, const Digest& digest) {
  stamps.record(test::stamp_at(path), digest);
}

}  // namespace

TEST_CASE("hash_file: always reads, and remembers") {
  const TemporaryFolder folder;
  const Stamps stamps(folder / "cache");
  const std::string path = folder.write("file", "bytes");
  test::settle(path);
  remember_wrongly(stamps, path, Digest::of("other"));
  CHECK(hash_file(path, stamps) == Digest::of("bytes"));
  CHECK(stamps.find(test::stamp_at(path)) == Digest::of("bytes"));
  CHECK(hash_file(path) == Digest::of("bytes"));
}

TEST_CASE("digest_of_file: an unchanged file is read once") {
  const TemporaryFolder folder;
  const Stamps stamps(folder / "cache");
  const std::string path = folder.write("file", "bytes");
  test::settle(path);
  Counter first;
  CHECK(digest_of_file(path, stamps, first.options) == Digest::of("bytes"));
  CHECK(first.bytes == 5);
  Counter second;
  CHECK(digest_of_file(path, stamps, second.options) == Digest::of("bytes"));
  CHECK(second.bytes == 0);
}

TEST_CASE("digest_of_file: a changed file is read again, also with its size and time put back") {
  const TemporaryFolder folder;
  const Stamps stamps(folder / "cache");
  const std::string path = folder.write("file", "bytes");
  test::settle(path);
  CHECK(digest_of_file(path, stamps) == Digest::of("bytes"));
  const struct stat old = stat_if_there(path).value();
  folder.write("file", "BYTES");
  const struct timespec times[2] = {old.st_atim, old.st_mtim};
  REQUIRE(utimensat(AT_FDCWD, path.c_str(), times, 0) == 0);
  CHECK(digest_of_file(path, stamps) == Digest::of("BYTES"));
}

TEST_CASE("digest_of_file: a file as young as the clock is not remembered") {
  const TemporaryFolder folder;
  const Stamps stamps(folder / "cache");
  const std::string path = folder.write("file", "bytes");
  const struct timespec future[2] = {{4102444800, 1}, {4102444800, 1}};
  REQUIRE(utimensat(AT_FDCWD, path.c_str(), future, 0) == 0);
  CHECK(digest_of_file(path, stamps) == Digest::of("bytes"));
  CHECK_FALSE(stamps.find(test::stamp_at(path)));
}

TEST_CASE("has_digest: the bytes and nothing else, also while links come and go") {
  const TemporaryFolder folder;
  const std::string bytes = test::noise(3000000);
  const std::string path = folder.write("file", bytes);
  test::settle(path);
  CHECK(has_digest(path, Digest::of(bytes), 3000000, Stamps()));
  CHECK_FALSE(has_digest(path, Digest::of(bytes), 2999999, Stamps()));
  CHECK_FALSE(has_digest(path, Digest::of("other"), 3000000, Stamps()));

  const TransferOptions linking{
      [&](std::int64_t done) {
        REQUIRE(link(path.c_str(), (folder / std::to_string(done)).c_str()) == 0);
      },
      nullptr};
  const Stamps stamps(folder / "cache");
  CHECK(has_digest(path, Digest::of(bytes), 3000000, stamps, linking));
  CHECK_FALSE(stamps.find(test::stamp_at(path)));  // another ctime: to be read again
}

TEST_CASE("require_digest: other bytes are damage, both values one under the other") {
  const TemporaryFolder folder;
  const std::string path = folder.write("file", "bytes");
  const Digest right = Digest::of("bytes");
  const Digest wrong = Digest::of("BYTES");
  require_digest(path, right, 5, Stamps());
  CHECK(failure([&] { require_digest(path, wrong, 5, Stamps()); }) ==
        "integrity: '" + path + "' is damaged\n  expected: " + wrong.str() +
            "\n  found:    " + right.str() + kHint);
  CHECK(failure([&] { require_digest(path, right, 7, Stamps()); }) ==
        "integrity: '" + path + "' is damaged\n  expected: 7 bytes\n  found:    5 bytes" + kHint);
  CHECK(failure([&] { require_digest(folder / "none", right, 5, Stamps()); }) ==
        "not_found: no file '" + (folder / "none") + "' | check the path and the current folder");
}

TEST_CASE("copy_verified: a copy is made of the right bytes only") {
  const TemporaryFolder folder;
  const std::string bytes = test::noise(2000000);
  const std::string path = folder.write("file", bytes);
  const auto size = static_cast<std::int64_t>(bytes.size());
  const Digest digest = Digest::of(bytes);
  const Fd to = test::new_file(folder / "to");
  copy_verified(path, digest, size, to.get(), folder / "to", Stamps());
  CHECK(test::read(folder / "to") == bytes);

  for (const std::size_t at : {std::size_t{0}, bytes.size() / 2, bytes.size() - 1}) {
    std::string flipped = bytes;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    folder.write("file", flipped);
    const Fd bad = test::new_file(folder / std::to_string(at));
    CHECK(failure([&] {
            copy_verified(path, digest, size, bad.get(), folder / std::to_string(at), Stamps());
          }) == "integrity: '" + path + "' is damaged\n  expected: " + digest.str() +
                    "\n  found:    " + Digest::of(flipped).str() + kHint);
  }
  folder.write("file", bytes.substr(1));
  const Fd cut = test::new_file(folder / "cut");
  CHECK(failure([&] { copy_verified(path, digest, size, cut.get(), folder / "cut", Stamps()); }) ==
        "integrity: '" + path +
            "' is damaged\n  expected: 2000000 bytes\n  found:    1999999 bytes" + kHint);
}

TEST_CASE("copy_verified: damage that it finds is remembered") {
  const TemporaryFolder folder;
  const Stamps stamps(folder / "cache");
  const std::string path = folder.write("file", "BYTES");
  test::settle(path);
  remember_wrongly(stamps, path, Digest::of("bytes"));
  const Fd to = test::new_file(folder / "to");
  if (share_blocks(open_file(path, O_RDONLY).get(), to.get())) {
    MESSAGE("skipped: blocks are shared here, and nothing is read");
    return;
  }
  CHECK(failure([&] {
          copy_verified(path, Digest::of("bytes"), 5, to.get(), folder / "to", stamps);
        }) == "integrity: '" + path + "' is damaged\n  expected: " + Digest::of("bytes").str() +
                  "\n  found:    " + Digest::of("BYTES").str() + kHint);
  CHECK(stamps.find(test::stamp_at(path)) == Digest::of("BYTES"));
}

}  // namespace algoctl
