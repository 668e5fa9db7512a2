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

TEST_CASE("hmac_sha256: the examples of RFC 4231, keys shorter and longer than a block") {
  struct Case {
    std::string key;
    std::string bytes;
    const char* hex;
  };
  for (const Case& c : {
           Case{std::string(20, '\x0b'), "Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
           Case{"Jefe", "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
           Case{std::string(20, '\xaa'), std::string(50, '\xdd'),
                "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
           Case{std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
       }) {
    CHECK(to_hex(hmac_sha256(c.key, c.bytes)) == c.hex);
  }
}

TEST_CASE("sha256_hex: of a whole text at once") {
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
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

TEST_CASE("to_base64 and from_base64: the examples of RFC 4648, and bytes that are no text") {
  struct Case {
    std::string bytes;
    const char* text;
  };
  for (const Case& c : {
           Case{"", ""},
           Case{"f", "Zg=="},
           Case{"fo", "Zm8="},
           Case{"foo", "Zm9v"},
           Case{"foob", "Zm9vYg=="},
           Case{"foobar", "Zm9vYmFy"},
           Case{std::string("\xfb\xff\x00", 3), "+/8A"},
       }) {
    CHECK(to_base64(c.bytes) == c.text);
    CHECK(from_base64(c.text) == c.bytes);
  }
}

TEST_CASE("from_base64: what is not exactly Base64 is nothing") {
  for (const char* text : {"Z", "Zg", "Zg=", "Zg===", "====", "Z===", "Zg==Zg==", "Zh==", "Zm9v\n",
                           " Zm9v", "Zm9v    ", "Zm-v", "Zm_v", "Zm\xc3\xa4v"}) {
    CAPTURE(text);
    CHECK(!from_base64(text));
  }
}

}  // namespace algoctl
