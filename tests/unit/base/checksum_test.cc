#include "base/checksum.h"

#include <doctest/doctest.h>

namespace algoctl {

TEST_CASE("Checksum: what xxHash says, however the bytes are cut") {
  Checksum empty;
  CHECK(empty.hex() == "99aa06d3014798d86001c324468d497f");  // XXH128 of nothing, its own test
  std::string bytes;
  for (int i = 0; i < 5000; ++i) bytes += std::to_string(i) + " ";
  Checksum whole;
  whole.update(bytes);
  for (const std::size_t piece :
       {std::size_t{1}, std::size_t{7}, std::size_t{256}, bytes.size() - 1}) {
    Checksum cut;
    for (std::size_t at = 0; at < bytes.size(); at += piece)
      cut.update(std::string_view(bytes).substr(at, piece));
    CHECK(cut.hex() == whole.hex());
  }
  bytes[bytes.size() / 2] ^= 1;
  Checksum other;
  other.update(bytes);
  CHECK(other.hex() != whole.hex());
  CHECK(whole.hex().size() == 32);
}

}  // namespace algoctl
