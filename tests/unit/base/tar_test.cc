#include "base/tar.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include "algoctl/error.h"
#include "support/process.h"
#include "support/temporary_folder.h"
#include "unit/core/failure.h"

namespace algoctl {

using test::failure;

TEST_CASE("tar: GNU tar lists and unpacks what is written here") {
  const test::TemporaryFolder folder;
  const std::string bytes = tar_header("notes/a.txt", 5) + "hello" + std::string(507, '\0') +
                            tar_header("empty", 0) + std::string(kTarEnd, '\0');
  const std::string path = folder.write("a.tar", bytes);
  const auto listed = test::run({"tar", "--utc", "-tvf", path});
  CHECK(listed.err == "");
  CHECK(listed.out ==
        "-r--r--r-- 0/0               5 1970-01-01 00:00 notes/a.txt\n"
        "-r--r--r-- 0/0               0 1970-01-01 00:00 empty\n");
  CHECK(test::run({"tar", "-xf", path, "-C", folder.path()}).exit == 0);
  CHECK(test::read(folder / "notes/a.txt") == "hello");
}

TEST_CASE("tar: sizes that octal digits cannot say are read by GNU tar") {
  const test::TemporaryFolder folder;
  for (const std::int64_t size :
       {(std::int64_t{8} << 30) - 1, std::int64_t{8} << 30, (std::int64_t{3} << 40) + 77}) {
    CAPTURE(size);
    const std::string path = folder.write("big.tar", tar_header("big", size));
    const std::int64_t end = kTarBlock + tar_padded(size);
    REQUIRE(::truncate(path.c_str(), end + kTarEnd) == 0);
    const auto listed = test::run({"tar", "-tvf", path});
    CHECK(listed.exit == 0);
    CHECK(listed.out.find(" " + std::to_string(size) + " ") != std::string::npos);
    const auto entry = read_tar_header(tar_header("big", size));
    REQUIRE(entry);
    CHECK(entry->name == "big");
    CHECK(entry->size == size);
  }
}

TEST_CASE("tar: a header in any other spelling is none") {
  const std::string header = tar_header("a", 1);
  CHECK(header.size() == 512);
  CHECK_FALSE(read_tar_header(header.substr(1)));
  CHECK_FALSE(read_tar_header(std::string(512, '\0')));
  for (std::size_t i = 0; i < header.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = header;
      changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
      CAPTURE(i);
      CHECK_FALSE(read_tar_header(changed));
    }
  }
}

TEST_CASE("tar: padding fills the last block") {
  CHECK(tar_padded(0) == 0);
  CHECK(tar_padded(1) == 512);
  CHECK(tar_padded(512) == 512);
  CHECK(tar_padded(513) == 1024);
}

TEST_CASE("tar: names that do not fit are a defect of the caller") {
  CHECK(failure([] { tar_header("", 0); }) == "internal: no tar header can say ''");
  CHECK(failure([] { tar_header("a", -1); }) == "internal: no tar header can say 'a'");
  CHECK(tar_header(std::string(100, 'a'), 0).size() == 512);
  CHECK(failure([] { tar_header(std::string(101, 'a'), 0); }).substr(0, 9) == "internal:");
  CHECK(tar_name(tar_header(std::string(100, 'a'), 0)) == std::string(100, 'a'));
  CHECK(tar_name("short").empty());
}

}  // namespace algoctl
