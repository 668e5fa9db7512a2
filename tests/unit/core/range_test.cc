#include "core/range.h"

#include <doctest/doctest.h>

#include <string>

using algoctl::Comparator;
using algoctl::Interval;
using algoctl::ParsedRange;
using algoctl::Version;

namespace {

bool is_range(const std::string& text) { return algoctl::parse_range(text).range.has_value(); }

/// `[1.0.0 2.0.0-0) 1.0.0`: the ends, and the tuples whose prereleases count; intervals behind `|`.
std::string shown(const std::string& text, bool prereleases = false) {
  const ParsedRange parsed = algoctl::parse_range(text);
  if (!parsed.range) return "no range";
  std::string out;
  for (const Interval& interval : algoctl::intervals(*parsed.range, prereleases)) {
    if (!out.empty()) out += " | ";
    out += interval.low_inclusive ? "[" : "(";
    out += (interval.low ? interval.low->str() : "-") + " ";
    out += interval.high ? interval.high->str() : "-";
    out += interval.high_inclusive ? "]" : ")";
    for (const Version& tuple : interval.prerelease_tuples) out += " " + tuple.str();
  }
  return out;
}

}  // namespace

TEST_CASE("range: each form as an interval") {
  struct Case {
    const char* text;
    const char* releases;
    const char* prereleases;
  };
  for (const Case& c : {
           Case{"*", "(- -)", "(- -)"},
           Case{"x", "(- -)", "(- -)"},
           Case{"1", "[1.0.0 2.0.0-0)", "[1.0.0-0 2.0.0-0)"},
           Case{"1.x", "[1.0.0 2.0.0-0)", "[1.0.0-0 2.0.0-0)"},
           Case{"1.2.*", "[1.2.0 1.3.0-0)", "[1.2.0-0 1.3.0-0)"},
           Case{"1.2.3", "[1.2.3 1.2.3]", "[1.2.3 1.2.3]"},
           Case{"v1.2.3+b", "[1.2.3 1.2.3]", "[1.2.3 1.2.3]"},
           Case{"=1.2.3-rc.1", "[1.2.3-rc.1 1.2.3-rc.1] 1.2.3", "[1.2.3-rc.1 1.2.3-rc.1]"},
           Case{"^1.2.3", "[1.2.3 2.0.0-0)", "[1.2.3 2.0.0-0)"},
           Case{"^1.2", "[1.2.0 2.0.0-0)", "[1.2.0-0 2.0.0-0)"},
           Case{"^0.2.3", "[0.2.3 0.3.0-0)", "[0.2.3 0.3.0-0)"},
           Case{"^0.0.3", "[0.0.3 0.0.4-0)", "[0.0.3 0.0.4-0)"},
           Case{"^0.0", "(- 0.1.0-0)", "[0.0.0-0 0.1.0-0)"},
           Case{"^1.2.3-rc.1", "[1.2.3-rc.1 2.0.0-0) 1.2.3", "[1.2.3-rc.1 2.0.0-0)"},
           Case{"~1.2.3", "[1.2.3 1.3.0-0)", "[1.2.3 1.3.0-0)"},
           Case{"~1.2", "[1.2.0 1.3.0-0)", "[1.2.0-0 1.3.0-0)"},
           Case{"~1", "[1.0.0 2.0.0-0)", "[1.0.0-0 2.0.0-0)"},
           Case{">=1.2 <2", "[1.2.0 2.0.0-0)", "[1.2.0-0 2.0.0-0)"},
           Case{">=1.2,<2", "[1.2.0 2.0.0-0)", "[1.2.0-0 2.0.0-0)"},
           Case{" >= 1.2 ,\t< 2 ", "[1.2.0 2.0.0-0)", "[1.2.0-0 2.0.0-0)"},
           Case{">1.2", "[1.3.0 -)", "[1.3.0-0 -)"},
           Case{">1.2.3", "(1.2.3 -)", "(1.2.3 -)"},
           Case{"<=1.2", "(- 1.3.0-0)", "(- 1.3.0-0)"},
           Case{"<1.2.3", "(- 1.2.3)", "(- 1.2.3)"},
           Case{"<=1.2.3-b", "(- 1.2.3-b] 1.2.3", "(- 1.2.3-b]"},
           Case{"1.2 - 2.3", "[1.2.0 2.4.0-0)", "[1.2.0-0 2.4.0-0)"},
           Case{"1.2.3 - 2.3.4", "[1.2.3 2.3.4]", "[1.2.3-0 2.3.4]"},
           Case{"* - 2", "(- 3.0.0-0)", "(- 3.0.0-0)"},
           Case{"1 || 3", "[1.0.0 2.0.0-0) | [3.0.0 4.0.0-0)",
                "[1.0.0-0 2.0.0-0) | [3.0.0-0 4.0.0-0)"},
           Case{"1 - 2, <2.5 || 4", "[1.0.0 2.5.0-0) | [4.0.0 5.0.0-0)",
                "[1.0.0-0 2.5.0-0) | [4.0.0-0 5.0.0-0)"},
           // Impossible alternatives are left out.
           Case{">2 <1", "", ""},
           Case{"1.2.3 1.2.4", "", ""},
           Case{">1.2.3 <=1.2.3", "", ""},
           Case{"<0.0.0-0", "", ""},
           Case{">*", "", ""},
           Case{">2 <1 || 3", "[3.0.0 4.0.0-0)", "[3.0.0-0 4.0.0-0)"},
           // The tightest bound wins, exclusive before inclusive.
           Case{">=1.0.0 >1.0.0 <=2.0.0 <2.0.0", "(1.0.0 2.0.0)", "(1.0.0 2.0.0)"},
           Case{">1.0.0 >=1.0.0 <2.0.0 <=2.0.0", "(1.0.0 2.0.0)", "(1.0.0 2.0.0)"},
           Case{">=1.0.0 >=1.1.0 <=2.0.0 <=1.9.0", "[1.1.0 1.9.0]", "[1.1.0 1.9.0]"},
           // Tuples: each once, and only where the interval holds a prerelease of it.
           Case{">=1.2.3-a <1.2.3-b", "[1.2.3-a 1.2.3-b) 1.2.3", "[1.2.3-a 1.2.3-b)"},
           Case{">=1.2.3-a <2.0.0-b", "[1.2.3-a 2.0.0-b) 1.2.3 2.0.0", "[1.2.3-a 2.0.0-b)"},
           Case{">=1.2.3-a >=1.5.0", "[1.5.0 -)", "[1.5.0 -)"},
           Case{"<=2.0.0-0", "(- 2.0.0-0] 2.0.0", "(- 2.0.0-0]"},
           // npm: `*` swallows its neighbours, and `>=0.0.0` is `*`.
           Case{"1.2.3-rc.1 || *", "(- -)", "[1.2.3-rc.1 1.2.3-rc.1] | (- -)"},
           Case{">=0.0.0", "(- -)", "[0.0.0 -)"},
           Case{">=0", "(- -)", "[0.0.0-0 -)"},
       }) {
    CAPTURE(c.text);
    CHECK(shown(c.text) == c.releases);
    CHECK(shown(c.text, true) == c.prereleases);
  }
}

TEST_CASE("range: where algoctl differs from npm on purpose") {
  // A comma is AND.
  CHECK(shown("^1.2,!=1") == "no range");
  CHECK(shown("1,2") == "");
  for (const char* text : {"1,", ",1", "1,,2", ",", ">=,1", "1 || ,2"}) {
    CAPTURE(text);
    CHECK_FALSE(is_range(text));
  }
  // An empty range or alternative is malformed; npm takes it for `*`.
  for (const char* text : {"", " ", "||", "1 ||", "|| 1", "1 || || 2", "1||||2"}) {
    CAPTURE(text);
    CHECK_FALSE(is_range(text));
  }
  // `*` and `+build` stand only where a version's part may; npm cuts them out.
  for (const char* text : {"1.2.3*", "*1.2.3", "1.2.3 <*>1", "+b", "1.2.3 +b", ">+5 1.2", "1+b.*",
                           "1.2.3+a+b", "~> >1.2"}) {
    CAPTURE(text);
    CHECK_FALSE(is_range(text));
  }
  // White space is blanks and tabs.
  for (const char* text : {"1\n2", "1 \r", "1\v2", "1\xc2\xa0"}) CHECK_FALSE(is_range(text));
  CHECK(is_range("1\t2"));
  // Whether `1 - =1.2.3` is a range does not depend on prereleases.
  CHECK_FALSE(is_range("1 - =1.2.3"));
  CHECK(shown("1.0.0 - 1.0.9007199254740991", true) == "[1.0.0-0 1.0.9007199254740991]");
  // At most 1,024 bytes.
  std::string longest = "1";
  while (longest.size() + 3 <= 1024) longest += "||1";
  CHECK(is_range(longest));
  CHECK_FALSE(is_range(longest + "||1"));
}

TEST_CASE("range: what does not fit is named") {
  struct Case {
    const char* text;
    const char* misfit;
  };
  for (const Case& c : {
           Case{"foo", "foo"},
           Case{">=1.2 <foo", "<foo"},
           Case{">=1.2 < foo bar", "<"},
           Case{"1 || 2.y || 3", "2.y"},
           Case{"1.2.3.4", "1.2.3.4"},
           Case{"^1.2, ~x.y", "~x.y"},
           Case{"1 - 2 - 3", "-"},
           Case{"1 - 9007199254740991", "1 - 9007199254740991"},
           Case{"^9007199254740992.0.0", "^9007199254740992.0.0"},
           Case{"1 ||", ""},
           Case{"1.02", "1.02"},
           Case{"%31", "%31"},
       }) {
    CAPTURE(c.text);
    const ParsedRange parsed = algoctl::parse_range(c.text);
    CHECK_FALSE(parsed.range.has_value());
    CHECK(parsed.misfit == c.misfit);
  }
}
