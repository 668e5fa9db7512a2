#include "base/hash.h"

#include <doctest/doctest.h>

namespace algoctl {
namespace {

std::string hex_of(Sha256& hash) {
  const Sha256::Bytes bytes = hash.finish();
  return to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace

TEST_CASE("Sha256: the examples of FIPS 180-4") {
  struct Case {
    std::string text;
    const char* hex;
  };
  for (const Case& c : {
           Case{"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
           Case{"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
           Case{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
           Case{std::string(1000000, 'a'),
                "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
       }) {
    Sha256 whole;
    whole.update(c.text);
    CHECK(hex_of(whole) == c.hex);

    Sha256 pieces;
    for (const char& byte : c.text.substr(0, 1000)) pieces.update(&byte, 1);
    if (c.text.size() > 1000) pieces.update(c.text.substr(1000));
    Sha256 moved(std::move(pieces));
    CHECK(hex_of(moved) == c.hex);
  }
}

TEST_CASE("Md5: the examples of RFC 1321, whole and in pieces") {
  struct Case {
    const char* text;
    const char* hex;
  };
  for (const Case& c : {
           Case{"", "d41d8cd98f00b204e9800998ecf8427e"},
           Case{"abc", "900150983cd24fb0d6963f7d28e17f72"},
           Case{"message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
           Case{"1234567890123456789012345678901234567890"
                "1234567890123456789012345678901234567890",
                "57edf4a22be3c955ac49da2e2107b67a"},
       }) {
    Md5 whole;
    whole.update(c.text);
    CHECK(whole.finish() == c.hex);
    Md5 pieces;
    for (const char& byte : std::string_view(c.text)) pieces.update(&byte, 1);
    Md5 moved(std::move(pieces));
    CHECK(moved.finish() == c.hex);
  }
}

TEST_CASE("random_bytes: as many as asked for, and never the same") {
  CHECK(random_bytes(0).empty());
  CHECK(random_bytes(1000).size() == 1000);
  CHECK(random_bytes(16) != random_bytes(16));
}

TEST_CASE("to_hex: two lower-case digits for each byte") {
  CHECK(to_hex("").empty());
  CHECK(to_hex(std::string_view("\x00\x0f\xa5\xff", 4)) == "000fa5ff");
}

}  // namespace algoctl
