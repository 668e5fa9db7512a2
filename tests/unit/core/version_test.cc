#include "algoctl/version.h"

#include <doctest/doctest.h>

#include "unit/core/failure.h"

using algoctl::Version;
using algoctl::test::failure;

TEST_CASE("version: the parts of a well-formed one") {
  struct Case {
    const char* text;
    std::int64_t major, minor, patch;
    const char* prerelease;
    const char* build;
    const char* printed;
  };
  for (const Case& c : {
           Case{"1.2.3", 1, 2, 3, "", "", "1.2.3"},
           Case{"v1.2.3", 1, 2, 3, "", "", "1.2.3"},
           Case{"0.0.0", 0, 0, 0, "", "", "0.0.0"},
           Case{"10.20.30", 10, 20, 30, "", "", "10.20.30"},
           Case{"1.0.0-alpha", 1, 0, 0, "alpha", "", "1.0.0-alpha"},
           Case{"1.0.0-alpha.1", 1, 0, 0, "alpha.1", "", "1.0.0-alpha.1"},
           Case{"1.0.0-0.3.7", 1, 0, 0, "0.3.7", "", "1.0.0-0.3.7"},
           Case{"1.0.0-x.7.z.92", 1, 0, 0, "x.7.z.92", "", "1.0.0-x.7.z.92"},
           Case{"1.0.0-x-y-z.--", 1, 0, 0, "x-y-z.--", "", "1.0.0-x-y-z.--"},
           Case{"1.0.0--", 1, 0, 0, "-", "", "1.0.0--"},
           Case{"1.0.0-0a", 1, 0, 0, "0a", "", "1.0.0-0a"},
           Case{"1.0.0-01a", 1, 0, 0, "01a", "", "1.0.0-01a"},
           Case{"1.0.0+001", 1, 0, 0, "", "001", "1.0.0+001"},
           Case{"1.0.0+21AF26D3--117B344092BD", 1, 0, 0, "", "21AF26D3--117B344092BD",
                "1.0.0+21AF26D3--117B344092BD"},
           Case{"1.0.0-beta+exp.sha.5114f85", 1, 0, 0, "beta", "exp.sha.5114f85",
                "1.0.0-beta+exp.sha.5114f85"},
           Case{"1.0.0-20190228", 1, 0, 0, "20190228", "", "1.0.0-20190228"},
           Case{"2019.2.28", 2019, 2, 28, "", "", "2019.2.28"},
           Case{"9007199254740991.9007199254740991.9007199254740991", 9007199254740991,
                9007199254740991, 9007199254740991, "", "",
                "9007199254740991.9007199254740991.9007199254740991"},
           Case{"1.0.0-99999999999999999999999", 1, 0, 0, "99999999999999999999999", "",
                "1.0.0-99999999999999999999999"},
       }) {
    CAPTURE(c.text);
    const Version version = Version::parse(c.text);
    CHECK(version.major() == c.major);
    CHECK(version.minor() == c.minor);
    CHECK(version.patch() == c.patch);
    CHECK(version.prerelease() == c.prerelease);
    CHECK(version.build() == c.build);
    CHECK(version.is_release() == version.prerelease().empty());
    CHECK(version.str() == c.printed);
    CHECK(Version(c.major, c.minor, c.patch, c.prerelease, c.build).str() == c.printed);
  }
}

TEST_CASE("version: the whole text of each refusal") {
  const std::string plain = "a version has three numbers, such as 1.2.0";
  const std::string dated = plain + "; a date belongs in a label, such as mymodel-201902.pkl";
  const std::string padded = plain + ", without leading zeros";
  const std::string large = "the numbers of a version go up to 9007199254740991";
  struct Case {
    const char* text;
    std::string hint;
  };
  for (const Case& c : {
           Case{"1.2", plain},
           Case{"", plain},
           Case{"one", plain},
           Case{"1.2.x", plain},
           Case{"201902", dated},
           Case{"20190228", dated},
           Case{"2019-02-28", dated},
           Case{"2019.02.28", dated},
           Case{"2019-02", dated},
           Case{"201913", plain},
           Case{"301902", plain},
           Case{"1.02.3", padded},
           Case{"01.2.3", padded},
           Case{"v01.2.3", padded},
           Case{"1.2.3-01", padded},
           Case{"9007199254740992.0.0", large},
           Case{"0.9007199254740992.0", large},
           Case{"0.0.99999999999999999999999999999999", large},
       }) {
    CHECK(failure([&] { Version::parse(c.text); }) ==
          "usage: malformed version '" + std::string(c.text) + "' | " + c.hint);
  }
  CHECK(failure([] { Version::parse("1.2.3\n"); }) ==
        "usage: malformed version '1.2.3\\x0a' | " + plain);
  const std::string long_text = "1.2.3-" + std::string(251, 'a');
  CHECK(failure([&] { Version::parse(long_text); }) ==
        "usage: version '1.2.3-" + std::string(74, 'a') +
            "…' is too long | a version has at most 256 bytes");
}

TEST_CASE("version: what is none") {
  using namespace std::string_literals;
  for (const std::string& text : {
           "1"s,
           "1."s,
           "1.2."s,
           ".1.2.3"s,
           "1.2.3."s,
           "1.2.3.4"s,
           "1..3"s,
           "1.2.3-"s,
           "1.2.3+"s,
           "1.2.3-+b"s,
           "1.2.3-a+"s,
           "1.2.3-a..b"s,
           "1.2.3-.a"s,
           "1.2.3-a."s,
           "1.2.3+a..b"s,
           "1.2.3+a+b"s,
           "1.2.3-a_b"s,
           "1.2.3-a b"s,
           " 1.2.3"s,
           "1.2.3 "s,
           "=1.2.3"s,
           "V1.2.3"s,
           "vv1.2.3"s,
           "v"s,
           "1.2.3-00"s,
           "1.2.3-a.01"s,
           "-1.2.3"s,
           "+1.2.3"s,
           "1.-2.3"s,
           "1.2.3a"s,
           "1,2,3"s,
           "1.2.3\0"s,
           "1.2\0.3"s,
           "1.2.3-\xc3\xa9"s,
           "\xef\xbc\x91.2.3"s,
           "0x1.2.3"s,
           "1e3.0.0"s,
           "^1.2.3"s,
           "1.2.3 - 2.0.0"s,
           "latest"s,
           "00.0.0"s,
           "0.00.0"s,
           "0.0.00"s,
           "1.2.3-a\n"s,
           "1.2.3+%20"s,
       }) {
    CAPTURE(text);
    CHECK(failure([&] { Version::parse(text); }).rfind("usage: malformed version '", 0) == 0);
  }
}

TEST_CASE("version: 256 bytes fit, 257 do not") {
  const std::string longest = "1.2.3-" + std::string(250, 'a');
  CHECK(Version::parse(longest).str() == longest);
  CHECK(failure([&] { Version::parse(longest + "a"); }) != "nothing");
  CHECK(failure([] { Version(1, 2, 3, std::string(250, 'a')); }) == "nothing");
  CHECK(failure([] { Version(1, 2, 3, std::string(251, 'a')); }) != "nothing");
  CHECK(failure([] { Version(1, 2, 3, "a", std::string(249, 'b')); }) != "nothing");
}

TEST_CASE("version: the parts given one by one are checked as well") {
  const std::string hint = " | a version has three numbers, such as 1.2.0";
  CHECK(failure([] { Version(1, -1, 0); }) == "usage: malformed version '1.-1.0'" + hint);
  CHECK(failure([] { Version(1, 2, 0, "a b"); }) == "usage: malformed version '1.2.0-a b'" + hint);
  CHECK(failure([] { Version(1, 2, 0, "-"); }) == "nothing");
  CHECK(failure([] { Version(1, 2, 0, "rc+1"); }) ==
        "usage: malformed version '1.2.0-rc+1'" + hint);
  CHECK(failure([] { Version(1, 2, 0, "", "a/b"); }) ==
        "usage: malformed version '1.2.0+a/b'" + hint);
  CHECK(failure([] { Version(9007199254740992, 0, 0); }) ==
        "usage: malformed version '9007199254740992.0.0' | the numbers of a version go up to "
        "9007199254740991");
  CHECK(failure([] { Version(9007199254740991, 0, 0); }) == "nothing");
}

TEST_CASE("version: build metadata never matters") {
  CHECK(Version::parse("1.2.3+a") == Version::parse("1.2.3+b"));
  CHECK(Version::parse("1.2.3+a") == Version::parse("1.2.3"));
  CHECK(Version::parse("1.2.3-rc+z") == Version::parse("1.2.3-rc"));
  CHECK(Version::parse("1.2.3+z") < Version::parse("1.2.4+a"));
}
