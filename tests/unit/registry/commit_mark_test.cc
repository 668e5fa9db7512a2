#include "registry/commit_mark.h"

#include <doctest/doctest.h>
#include <fcntl.h>

#include "support/temporary_folder.h"

namespace algoctl::test {
namespace {

const std::string kHeader(32, 'h');

/// A registry's log, by hand.
struct Logged {
  void write(const std::string& bytes) const { folder.write("r-wal", bytes); }
  [[nodiscard]] std::string log() const { return read(folder / "r-wal"); }
  [[nodiscard]] std::string path() const { return folder / "r"; }

  TemporaryFolder folder;
};

}  // namespace

TEST_CASE("cut_log: what a commit left is cut off, and nothing else") {
  const Logged l;
  l.write(kHeader + "old");
  const auto before = Log::of(l.path());
  REQUIRE(before);
  SUBCASE("behind what was there") {
    l.write(kHeader + "old" + "new");
    CHECK(cut_log(l.path(), before, Log::since(l.path(), *before)));
    CHECK(l.log() == kHeader + "old");
  }
  SUBCASE("where the log was begun anew") {
    l.write(std::string(32, 'i') + "new");
    CHECK(cut_log(l.path(), before, Log::since(l.path(), *before)));
    CHECK(l.log().empty());
  }
  SUBCASE("where there was nothing") {
    CHECK(cut_log(l.path(), Log(), Log::since(l.path(), Log())));
    CHECK(l.log().empty());
  }
  SUBCASE("where it left nothing") {
    CHECK(cut_log(l.path(), before, Log::since(l.path(), *before)));
    CHECK(l.log() == kHeader + "old");
  }
}

TEST_CASE("cut_log: what is not known, or is somebody else's by now, stays") {
  const Logged l;
  l.write(kHeader + "old");
  const auto before = Log::of(l.path());
  REQUIRE(before);
  l.write(kHeader + "old" + "new");
  const auto failed = Log::since(l.path(), *before);
  REQUIRE(failed);
  CHECK_FALSE(cut_log(l.path(), std::nullopt, failed));
  CHECK_FALSE(cut_log(l.path(), before, std::nullopt));
  CHECK(l.log() == kHeader + "old" + "new");
  for (const std::string& theirs : {kHeader + "old" + "oth", kHeader + "old" + "newer",
                                    std::string(32, 'j') + "old" + "new", std::string("short")}) {
    l.write(theirs);
    CHECK_FALSE(cut_log(l.path(), before, failed));
    CHECK(l.log() == theirs);
  }
  // A log of which not even the header can be read tells nothing.
  CHECK_FALSE(Log::of(l.path()));
  CHECK_FALSE(Log::since(l.path(), *before));
}

TEST_CASE("commit_mark: is set by a writer, and cleared by whoever holds the lock") {
  const Logged l;
  const Fd lock = open_file(l.path() + ".lock", O_RDWR | O_CREAT, 0600);
  commit_mark::settle_and_clear(l.path(), lock);
  CHECK(read(l.path() + ".lock").empty());
  commit_mark::set(lock);
  CHECK(read(l.path() + ".lock") == "1");
  commit_mark::settle(l.path());
  CHECK(read(l.path() + ".lock") == "1");
  commit_mark::settle_and_clear(l.path(), lock);
  CHECK(read(l.path() + ".lock") == "0");
  commit_mark::set(Fd());
  commit_mark::clear(Fd());
}

}  // namespace algoctl::test
