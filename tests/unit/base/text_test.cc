#include "base/text.h"

#include <doctest/doctest.h>

namespace algoctl {

TEST_CASE("nearest: finds what was meant, and nothing else") {
  struct Case {
    const char* wanted;
    std::vector<std::string> candidates;
    const char* found;  // empty: none
  };
  for (const Case& c : {
           Case{"uplod", {"publish", "upload", "pull"}, "upload"},
           Case{"pubilsh", {"publish", "pull"}, "publish"},  // two letters changed places
           Case{"list", {"ls", "log"}, ""},
           Case{"upload", {}, ""},
           Case{"", {"ls"}, ""},
           Case{"x", {"y"}, ""},  // nothing in common
           Case{"pul", {"push", "pull"}, "pull"},
           Case{"stable", {"staple", "stable"}, "stable"},
           Case{"ab", {"ac", "ad"}, "ac"},  // the first of equals
           Case{"sentiment", {"segment"}, "segment"},
           Case{"sentiment", {"elephant"}, ""},
       }) {
    CAPTURE(std::string(c.wanted));
    CHECK(nearest(c.wanted, c.candidates).value_or("") == c.found);
  }
}

TEST_CASE("did_you_mean: asks, or says nothing") {
  CHECK(did_you_mean("uplod", {"upload"}) == "did you mean 'upload'?");
  CHECK(did_you_mean("zzz", {"upload"}).empty());
}

TEST_CASE("quoted: nothing that it prints can move the cursor") {
  struct Case {
    std::string_view text;
    std::string printed;
  };
  for (const Case& c : {
           Case{"", "''"}, Case{"model.pkl", "'model.pkl'"}, Case{"zwölf 模型", "'zwölf 模型'"},
           Case{"a\nb\t\x7f", "'a\\x0ab\\x09\\x7f'"}, Case{"\x1b[2J", "'\\x1b[2J'"},
           Case{std::string_view("a\0b", 3), "'a\\x00b'"},
           Case{"\xc2\x9b", "'\\xc2\\x9b'"},                    // the control character CSI
           Case{"\xe2\x80\xae", "'\\xe2\\x80\\xae'"},           // right-to-left override
           Case{"\xff", "'\\xff'"},                             // no UTF-8
           Case{"\xc3", "'\\xc3'"},                             // cut off
           Case{"\xc0\xaf", "'\\xc0\\xaf'"},                    // overlong
           Case{"\xed\xa0\x80", "'\\xed\\xa0\\x80'"},           // a surrogate
           Case{"\xf4\x90\x80\x80", "'\\xf4\\x90\\x80\\x80'"},  // past the last code point
       }) {
    CAPTURE(c.printed);
    CHECK(quoted(c.text) == c.printed);
  }
}

TEST_CASE("quoted: a long text is cut after 80 bytes, never inside a character") {
  CHECK(quoted(std::string(80, 'a')) == "'" + std::string(80, 'a') + "'");
  CHECK(quoted(std::string(81, 'a')) == "'" + std::string(80, 'a') + "…'");
  CHECK(quoted(std::string(79, 'a') + "öx") == "'" + std::string(79, 'a') + "…'");
}

TEST_CASE("quoted_path: a long path is printed whole, and as safely") {
  CHECK(quoted_path("/" + std::string(300, 'a')) == "'/" + std::string(300, 'a') + "'");
  CHECK(quoted_path("/a\nb\xff") == "'/a\\x0ab\\xff'");
}

TEST_CASE("split and join undo each other") {
  struct Case {
    const char* text;
    std::vector<std::string> parts;
  };
  for (const Case& c : {Case{"", {""}}, Case{"a", {"a"}}, Case{"a,b", {"a", "b"}},
                        Case{",a,", {"", "a", ""}}, Case{",", {"", ""}}}) {
    CAPTURE(std::string(c.text));
    CHECK(split(c.text, ',') == c.parts);
    CHECK(join(c.parts, ",") == c.text);
  }
  CHECK(join({}, ", ").empty());
  CHECK(join({"a", "b"}, " or ") == "a or b");
}

TEST_CASE("printable: control characters as spaces, and nothing else") {
  CHECK(printable("a\tb\r\nc\x1b[31m\x7f d\xc3\xa4\xff") == "a b  c [31m  d\xc3\xa4\xff");
}

TEST_CASE("starts_with: a text begins with itself and with nothing") {
  CHECK(starts_with("sha256:00", "sha256:"));
  CHECK(starts_with("abc", "abc"));
  CHECK(starts_with("abc", ""));
  CHECK_FALSE(starts_with("ab", "abc"));
  CHECK_FALSE(starts_with("", "a"));
}

}  // namespace algoctl
