#include "base/below.h"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <filesystem>

#include "support/temporary_folder.h"
#include "unit/core/failure.h"

namespace fs = std::filesystem;

namespace algoctl::test {

TEST_CASE("below: a file is one that no link leads to") {
  const TemporaryFolder folder;
  folder.write("root/sub/f", "ours");
  folder.write("root/top", "ours");
  folder.write("secret/f", "theirs");
  fs::create_directory_symlink(folder / "secret", folder / "root/link");
  fs::create_symlink(folder / "secret/f", folder / "root/file");
  const auto said = [&](const std::string& opened, const std::string& name) {
    const Fd file = open_file(folder / opened, O_RDONLY);
    return failure([&] { require_below(file.get(), folder / "root", name); }).substr(0, 8);
  };
  CHECK(said("root/sub/f", "sub/f") == "nothing");
  CHECK(said("root/top", "top") == "nothing");
  // A link to a file is the person's own.
  CHECK(said("secret/f", "file") == "nothing");
  CHECK(said("secret/f", "link/f") == "usage: '");
  // What was opened when a link stood there for a moment.
  CHECK(said("secret/f", "sub/f") == "storage:");
  CHECK(said("secret/f", "sub/gone") == "storage:");
  CHECK(said("secret/f", "gone/f") == "storage:");
}

}  // namespace algoctl::test
