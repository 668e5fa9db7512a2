#include "store/remote/part_hashes.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "support/temporary_folder.h"
#include "unit/core/failure.h"

namespace algoctl::test {

TEST_CASE("PartHashes: each part's own digest, in whatever order they are asked for") {
  const TemporaryFolder folder;
  const std::string bytes = std::string(700'000, 'a') + std::string(700'000, 'b') + "c";
  const Fd file = open_file(folder.write("model.bin", bytes), O_RDONLY);
  const auto size = static_cast<std::int64_t>(bytes.size());
  for (const std::int64_t part : {std::int64_t{100'000}, std::int64_t{700'000}, size}) {
    CAPTURE(part);
    PartHashes hashes(file.get(), "model.bin", spans_of(size, part), nullptr);
    for (std::size_t i = hashes.spans().size(); i-- > 0;) {
      const Span span = hashes.spans()[i];
      const auto begin = static_cast<std::size_t>(span.offset);
      CHECK(hashes.of(i) == sha256_hex(bytes.substr(begin, static_cast<std::size_t>(span.size))));
      CHECK(&hashes.of(i) == &hashes.of(i));
    }
  }
}

TEST_CASE(
    "PartHashes: of the very bytes of which the whole was hashed, whatever the file is by now") {
  // A process that has the file mapped changes it without a trace in its times: then the server has
  // to refuse the part.
  const TemporaryFolder folder;
  const std::string bytes = std::string(300'000, 'a') + std::string(200'000, 'b');
  const Fd file = open_file(folder.write("model.bin", bytes), O_RDWR);
  PartHashes hashes(file.get(), "model.bin", spans_of(500'000, 300'000), nullptr);
  for (std::size_t at = 0; at < bytes.size(); at += 130'000) hashes.pass(bytes.substr(at, 130'000));
  REQUIRE(::pwrite(file.get(), "x", 1, 0) == 1);
  REQUIRE(::pwrite(file.get(), "x", 1, 400'000) == 1);
  CHECK(hashes.of(0) == sha256_hex(bytes.substr(0, 300'000)));
  CHECK(hashes.of(1) == sha256_hex(bytes.substr(300'000)));
}

TEST_CASE("PartHashes: a file that became shorter is said when its parts are asked for") {
  const TemporaryFolder folder;
  const std::string path = folder.write("model.bin", std::string(250'000, 'a'));
  const Fd file = open_file(path, O_RDONLY);
  for (const std::int64_t size : {std::int64_t{300'000}, std::int64_t{900'000}}) {
    PartHashes hashes(file.get(), "model.bin", spans_of(size, 300'000), nullptr);
    CHECK(failure([&] { hashes.of(0); }) == "storage: model.bin became shorter while it was read");
  }
}

}  // namespace algoctl::test
