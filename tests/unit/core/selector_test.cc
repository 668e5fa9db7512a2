#include "algoctl/selector.h"

#include <doctest/doctest.h>

#include <string>

#include "core/range.h"
#include "unit/core/failure.h"

using algoctl::check_channel_name;
using algoctl::Digest;
using algoctl::Selector;
using algoctl::Version;
using algoctl::test::failure;
using Kind = algoctl::Selector::Kind;
using namespace std::string_literals;

namespace {

const std::string kHex(64, 'a');
const std::string kSelectorHint =
    " | write a version (1.2.3), a range (^1.2, >=1 <3), a channel (stable), latest or sha256:<64 "
    "hex digits>";

bool admits(const char* selector, const char* version, bool prereleases = false) {
  return Selector::parse(selector).admits(Version::parse(version), prereleases);
}

}  // namespace

TEST_CASE("selector: what kind each text is") {
  struct Case {
    std::string text;
    Kind kind;
  };
  for (const Case& c : {
           Case{"latest", Kind::latest},
           Case{"1.2.3", Kind::exact},
           Case{"v1.2.3", Kind::exact},
           Case{"=1.2.3", Kind::exact},
           Case{"= 1.2.3", Kind::exact},
           Case{"=v1.2.3", Kind::exact},
           Case{"1.2.3-rc.1", Kind::exact},
           Case{"1.2.3+build", Kind::exact},
           Case{"1.0.0-20190228", Kind::exact},
           Case{"1.2", Kind::range},
           Case{"1.2.*", Kind::range},
           Case{"1", Kind::range},
           Case{"v1", Kind::range},
           Case{"*", Kind::range},
           Case{"x", Kind::range},
           Case{"X", Kind::range},
           Case{"^1.2", Kind::range},
           Case{"~1.2.3", Kind::range},
           Case{">=1.2 <2", Kind::range},
           Case{">=1.2,<2", Kind::range},
           Case{"1 || 3", Kind::range},
           Case{"1.2.3 || 1.2.4", Kind::range},
           Case{"1.2.3 1.2.3", Kind::range},
           Case{">=1.2.3", Kind::range},
           Case{"1.0 - 2", Kind::range},
           Case{"201902", Kind::range},
           Case{"stable", Kind::channel},
           Case{"canary", Kind::channel},
           Case{"a", Kind::channel},
           Case{"v", Kind::channel},
           Case{"v1-2", Kind::channel},
           Case{"xx", Kind::channel},
           Case{"latest-2", Kind::channel},
           Case{"prod-eu-1", Kind::channel},
           Case{"a-", Kind::channel},
           Case{std::string(63, 'c'), Kind::channel},
           Case{"sha256:" + kHex, Kind::digest},
       }) {
    CAPTURE(c.text);
    CHECK(Selector::parse(c.text).kind() == c.kind);
    CHECK(Selector::parse(c.text).str() == c.text);
    CHECK(Selector::parse(" \t" + c.text + " ").str() == c.text);
  }
}

TEST_CASE("selector: none is latest") {
  CHECK(Selector().kind() == Kind::latest);
  CHECK(Selector().str() == "latest");
}

TEST_CASE("selector: each kind gives its value, and the others are a defect") {
  CHECK(Selector::parse("v1.2.3-rc+b").version().str() == "1.2.3-rc+b");
  CHECK(Selector::parse("stable").channel() == "stable");
  CHECK(Selector::parse("sha256:" + kHex).digest() == Digest::parse(kHex));
  CHECK(Selector::parse("1 || 2").range().alternatives.size() == 2);
  CHECK(failure([] { (void)Selector().version(); }) ==
        "internal: selector 'latest' has no version");
  CHECK(failure([] { (void)Selector::parse("1").version(); }) ==
        "internal: selector '1' has no version");
  CHECK(failure([] { (void)Selector::parse("1").channel(); }) ==
        "internal: selector '1' has no channel");
  CHECK(failure([] { (void)Selector::parse("a").digest(); }) ==
        "internal: selector 'a' has no digest");
  CHECK(failure([] { (void)Selector::parse("1.2.3").range(); }) ==
        "internal: selector '1.2.3' has no range");
}

TEST_CASE("selector: exactly") {
  const Selector selector = Selector::exactly(Version::parse("1.2.3-rc.1"));
  CHECK(selector.kind() == Kind::exact);
  CHECK(selector.str() == "1.2.3-rc.1");
  CHECK(selector.version() == Version::parse("1.2.3-rc.1"));
}

TEST_CASE("selector: what it admits") {
  CHECK(admits("latest", "1.2.3"));
  CHECK_FALSE(admits("latest", "1.2.3-rc.1"));
  CHECK(admits("latest", "1.2.3-rc.1", true));
  CHECK(admits("1.2.3", "1.2.3"));
  CHECK(admits("1.2.3", "1.2.3+other"));
  CHECK_FALSE(admits("1.2.3", "1.2.4"));
  CHECK_FALSE(admits("1.2.3", "1.2.3-rc.1", true));
  CHECK(admits("1.2.3-rc.1", "1.2.3-rc.1"));
  CHECK_FALSE(admits("1.2.3-rc.1", "1.2.3-rc.2", true));
  CHECK(admits("^1.2", "1.9.0"));
  CHECK_FALSE(admits("^1.2", "2.0.0"));
  CHECK_FALSE(admits("^1.2", "1.3.0-rc.1"));
  CHECK(admits("^1.2", "1.3.0-rc.1", true));
  CHECK(admits("^1.2.0-rc.1", "1.2.0-rc.2"));
  CHECK_FALSE(admits("^1.2.0-rc.1", "1.3.0-rc.2"));
  CHECK_FALSE(admits("stable", "1.2.3", true));
  CHECK_FALSE(Selector::parse("sha256:" + kHex).admits(Version::parse("1.2.3"), true));
}

TEST_CASE("selector: the whole text of each refusal") {
  struct Case {
    std::string text, message;
  };
  for (const Case& c : {
           Case{"", "empty selector"},
           Case{"  ", "empty selector"},
           Case{"Stable", "malformed selector 'Stable'"},
           Case{"none", "malformed selector 'none'"},
           Case{"1.2.y", "malformed selector '1.2.y'"},
           Case{">=1.2 <foo", "malformed selector '>=1.2 <foo': '<foo' does not fit"},
           Case{"1 ||", "malformed selector '1 ||': an alternative is empty"},
           Case{"2019-02-28", "malformed selector '2019-02-28'"},
           Case{"my_channel", "malformed selector 'my_channel'"},
           Case{"-x", "malformed selector '-x'"},
           Case{"a%20b", "malformed selector 'a%20b'"},
           Case{std::string(64, 'c'), "malformed selector '" + std::string(64, 'c') + "'"},
       }) {
    CHECK(failure([&] { Selector::parse(c.text); }) == "usage: " + c.message + kSelectorHint);
  }
  CHECK(failure([] { Selector::parse("1\n2"); }) ==
        "usage: malformed selector '1\\x0a2'" + kSelectorHint);
  CHECK(failure([] { Selector::parse("stable\0"s); }) ==
        "usage: malformed selector 'stable\\x00'" + kSelectorHint);
  CHECK(
      failure([] { Selector::parse("sha256:abc"); }) ==
      "usage: malformed digest 'sha256:abc' | write sha256: and 64 lower-case hexadecimal digits");
  CHECK(failure([] { Selector::parse("1.2.3+" + std::string(251, 'b')); }).find("is too long") !=
        std::string::npos);
}

TEST_CASE("selector: channel names") {
  for (const std::string& text :
       {"stable"s, "a"s, "a1-"s, "v"s, "xx"s, "v1-2"s, std::string(63, 'c')}) {
    CAPTURE(text);
    CHECK(failure([&] { check_channel_name(text); }) == "nothing");
  }
  const std::string form =
      " | a channel has 1 to 63 small letters, digits and '-', the first a letter";
  const std::string other = " | choose another name, such as stable or canary";
  for (const std::string& text : {""s, "Stable"s, "1a"s, "-a"s, "a_b"s, "a.b"s, "a b"s, "*"s, "1"s,
                                  "1.2.3"s, "a/b"s, "a@b"s, std::string(64, 'c')}) {
    CHECK(failure([&] { check_channel_name(text); }) ==
          "usage: malformed channel '" + text + "'" + form);
  }
  for (const std::string& text : {"latest"s, "none"s, "x"s}) {
    CHECK(failure([&] { check_channel_name(text); }) ==
          "usage: '" + text + "' cannot name a channel: it has a meaning of its own" + other);
  }
  for (const std::string& text : {"v1"s, "v201902"s, "vx"s, "vv2"s}) {
    CHECK(failure([&] { check_channel_name(text); }) ==
          "usage: '" + text + "' cannot name a channel: it is a range of versions" + other);
  }
}
