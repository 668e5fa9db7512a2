#include "algoctl/digest.h"

#include <doctest/doctest.h>

#include "unit/core/failure.h"

using algoctl::Digest;
using algoctl::test::failure;

namespace {

const std::string kEmpty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const std::string kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

}  // namespace

TEST_CASE("digest: the vectors of FIPS 180-4") {
  CHECK(Digest::of("").hex() == kEmpty);
  CHECK(Digest::of("abc").hex() == kAbc);
  CHECK(Digest::of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq").hex() ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(Digest::of(std::string(1000000, 'a')).hex() ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("digest: parse reads what str and hex write") {
  const Digest digest = Digest::of("abc");
  CHECK(digest.str() == "sha256:" + kAbc);
  CHECK(Digest::parse(digest.str()) == digest);
  CHECK(Digest::parse(digest.hex()) == digest);
  CHECK(Digest(digest.bytes()) == digest);
  CHECK(digest.bytes()[0] == 0xba);
  CHECK(digest.bytes()[31] == 0xad);
}

TEST_CASE("digest: order is the order of the hexadecimal text") {
  CHECK(Digest::parse(kAbc) < Digest::parse(kEmpty));
  CHECK_FALSE(Digest::parse(kEmpty) < Digest::parse(kAbc));
  CHECK(Digest::parse(kAbc) != Digest::parse(kEmpty));
}

TEST_CASE("digest: anything else is refused") {
  const std::string hint = " | write sha256: and 64 lower-case hexadecimal digits";
  CHECK(failure([] { Digest::parse("abc"); }) == "usage: malformed digest 'abc'" + hint);
  CHECK(failure([] { Digest::parse(""); }) == "usage: malformed digest ''" + hint);
  std::string upper = kAbc;
  upper[0] = 'B';
  std::string wrong = kAbc;
  wrong[63] = 'g';
  std::string nul = kAbc;
  nul[10] = '\0';
  for (const std::string& text :
       {upper, wrong, nul, kAbc + "0", kAbc.substr(1), "sha256:" + kAbc.substr(1), "sha512:" + kAbc,
        "SHA256:" + kAbc, "sha256:sha256:" + kAbc, " " + kAbc, kAbc + "\n", "sha256 " + kAbc}) {
    CAPTURE(text);
    CHECK(failure([&] { Digest::parse(text); }).rfind("usage: malformed digest '", 0) == 0);
  }
}
