#include "core/precedence.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

using algoctl::compare_prereleases;
using algoctl::precedence_key;
using algoctl::Version;

namespace {

/// From the lowest to the highest.
const std::vector<std::string> kSorted = {
    "0.0.0-0",
    "0.0.0-alpha",
    "0.0.0",
    "0.0.1-rc.1",
    "0.0.1",
    "0.1.0",
    "0.9.0",
    "0.10.0",
    "1.0.0-0",
    "1.0.0-0.0",
    "1.0.0-0.0.0",
    "1.0.0-0.a",
    "1.0.0-1",
    "1.0.0-2",
    "1.0.0-9",
    "1.0.0-10",
    "1.0.0-10.0",
    "1.0.0-99",
    "1.0.0-100",
    "1.0.0-20190227",
    "1.0.0-20190228",
    "1.0.0-9007199254740991",
    "1.0.0-9007199254740992",
    "1.0.0-9007199254740993",
    "1.0.0-99999999999999999999",
    "1.0.0-100000000000000000000",
    "1.0.0--",
    "1.0.0--.-",
    "1.0.0---",
    "1.0.0--1",
    "1.0.0-0-",
    "1.0.0-0a",
    "1.0.0-1-1",
    "1.0.0-10a",
    "1.0.0-2a",
    "1.0.0-A",
    "1.0.0-ALPHA",
    "1.0.0-Beta",
    "1.0.0-Z",
    "1.0.0-a",
    "1.0.0-a.0",
    "1.0.0-a.b",
    "1.0.0-a.b.0",
    "1.0.0-a.b.c",
    "1.0.0-a-",
    "1.0.0-a-b",
    "1.0.0-a0",
    "1.0.0-aa",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.2",
    "1.0.0-alpha.10",
    "1.0.0-alpha.beta",
    "1.0.0-alpha-1",
    "1.0.0-alpha1",
    "1.0.0-alpha10",
    "1.0.0-alpha2",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0-rc.1.0",
    "1.0.0-z",
    "1.0.0-zz",
    "1.0.0",
    "1.0.1-0",
    "1.0.1",
    "1.1.0-a",
    "1.1.0",
    "1.2.0",
    "1.10.0",
    "2.0.0-a",
    "2.0.0",
    "9.0.0",
    "10.0.0",
    "9007199254740991.0.0",
};

int sign(int order) { return (order > 0) - (order < 0); }

}  // namespace

TEST_CASE("precedence: one sorted list, every pair") {
  for (std::size_t i = 0; i < kSorted.size(); ++i) {
    for (std::size_t j = 0; j < kSorted.size(); ++j) {
      const Version a = Version::parse(kSorted[i]);
      const Version b = Version::parse(kSorted[j]);
      const int want = (i > j) - (i < j);
      CAPTURE(kSorted[i]);
      CAPTURE(kSorted[j]);
      REQUIRE(sign(a.compare(b)) == want);
      REQUIRE((a < b) == (want < 0));
      REQUIRE((a > b) == (want > 0));
      REQUIRE((a <= b) == (want <= 0));
      REQUIRE((a >= b) == (want >= 0));
      REQUIRE((a == b) == (want == 0));
      REQUIRE((a != b) == (want != 0));
    }
  }
}

TEST_CASE("precedence: keys sort as prereleases do, byte by byte") {
  std::vector<std::string> prereleases;
  for (const std::string& text : kSorted) {
    if (text.rfind("1.0.0", 0) == 0) prereleases.push_back(Version::parse(text).prerelease());
  }
  REQUIRE(prereleases.size() > 50);
  for (std::size_t i = 0; i < prereleases.size(); ++i) {
    for (std::size_t j = 0; j < prereleases.size(); ++j) {
      const std::string a = precedence_key(Version(1, 0, 0, prereleases[i]));
      const std::string b = precedence_key(Version(1, 0, 0, prereleases[j], "build"));
      const int want = (i > j) - (i < j);
      CAPTURE(a);
      CAPTURE(b);
      // Terminated by the shorter one's end, as a database compares.
      const int order = std::memcmp(a.c_str(), b.c_str(), std::min(a.size(), b.size()) + 1);
      REQUIRE(sign(order) == want);
      REQUIRE(sign(compare_prereleases(prereleases[i], prereleases[j])) == want);
    }
  }
}

TEST_CASE("precedence: the form of a key is stored, so it never changes") {
  CHECK(precedence_key(Version::parse("1.2.3")) == "~");
  CHECK(precedence_key(Version::parse("1.2.3+b")) == "~");
  CHECK(precedence_key(Version::parse("1.2.3-0")) == "a0010!");
  CHECK(precedence_key(Version::parse("1.2.3-alpha.11.x-y")) == "balpha!a00211!bx-y!");
  CHECK(precedence_key(Version(1, 2, 3, std::string(250, '9'))) ==
        "a250" + std::string(250, '9') + "!");
}
