#include "algoctl/name.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "unit/core/failure.h"

using algoctl::Algorithm;
using algoctl::Label;
using algoctl::Slot;
using algoctl::test::failure;
using namespace std::string_literals;

namespace {

const std::string kAlgorithmHint =
    " | owner and name have 1 to 64 characters: small letters, digits, and between them '.', '_' "
    "and '-'";
const std::string kLabelHint =
    " | a label has at most 255 letters, digits, '_', '.', '+', '=' and '-', in segments joined by "
    "'/' that start with a letter, a digit or '_'";
const std::string kSlotHint =
    " | a slot has at most 255 letters, digits, '_', '.', '+' and '-', in segments joined by '/' "
    "that start with a letter, a digit or '_'";

bool is_algorithm(const std::string& text) {
  return failure([&] { Algorithm::parse(text); }) == "nothing";
}
bool is_label(const std::string& text) {
  return failure([&] { Label::parse(text); }) == "nothing";
}
bool is_slot(const std::string& text) {
  return failure([&] { Slot::parse(text); }) == "nothing";
}

/// What must be no algorithm, no label and no slot, wherever it is written.
const std::vector<std::string>& hostile_names() {
  static const std::vector<std::string> names = {
      // up and out of the folder
      ".",
      "..",
      "../x",
      "x/..",
      "x/../y",
      "../../etc/passwd",
      "./x",
      "x/./y",
      "x/.",
      "a..b",
      "a/b..c",
      "a/..b",
      "...",
      "a/...",
      "..a",
      "a..",
      "x/y/..",
      "..\\x",
      "x\\..\\y",
      ".\\x",
      // absolute, of a home, of a drive, of a device
      "/",
      "//",
      "/x",
      "/etc/passwd",
      "//host/share",
      "~",
      "~/x",
      "~root/x",
      "C:\\x",
      "C:/x",
      "\\\\host\\share",
      "file:///etc/passwd",
      "a//b",
      "a/",
      "a/b/",
      "a:b",
      "NUL:",
      // percent-encoded once, twice, over-long, half
      "%2e%2e/x",
      "%2e%2e%2fx",
      "%252e%252e%252fx",
      "..%2fx",
      "x%2f..",
      "%2Fetc",
      "a%00",
      "a%2",
      "%",
      "%c0%ae%c0%ae/x",
      "a%20b",
      "&#46;&#46;/x",
      "\\u002e\\u002e/x",
      // for a shell
      ";",
      "a;b",
      "a;rm -rf x",
      "a|b",
      "a&b",
      "a&&b",
      "$(x)",
      "${x}",
      "$x",
      "`x`",
      "a>b",
      "a<b",
      "a b",
      " a",
      "a ",
      "a\tb",
      "'a'",
      "\"a\"",
      "a'b",
      "a\"b",
      "a\\b",
      "a*",
      "?",
      "[a]",
      "{a,b}",
      "a!b",
      "a#b",
      "#a",
      "a^b",
      "(a)",
      "a,b",
      "a@b",
      "@a",
      // for an option parser
      "-",
      "--",
      "-x",
      "--x",
      "-rf",
      "a/-x",
      "--help",
      "a/--x",
      "+x",
      "=x",
      "a/=x",
      // hidden files
      ".a",
      ".git/config",
      "a/.b",
      ".bashrc",
      // for a C string, a terminal, a log
      "a\0b"s,
      "\0"s,
      "a\0"s,
      "a\nb",
      "a\n",
      "\na",
      "a\rb",
      "a\r\n",
      "\x1b[2J",
      "a\x1b]0;x\x07",
      "a\x7f",
      "a\x08",
      "a\x0b",
      "\x01",
      "a\x1f",
      // bytes that are no UTF-8, or longer than they need to be
      "\xff",
      "a\x80",
      "\xc0\xae\xc0\xae/x",
      "\xe0\x80\xae",
      "\xed\xa0\x80",
      "\xf8\x88\x80\x80\x80",
      // twins of allowed characters
      "\xd0\xb0"
      "cme",
      "\xef\xbd\x81",
      "a\xe2\x80\x90"
      "b",
      "a\xe2\x88\x95"
      "b",
      "a\xe2\x81\x84"
      "b",
      "\xe2\x80\xa6",
      "a\xef\xbc\x8f"
      "b",
      "\xef\xbc\x8e\xef\xbc\x8e",
      "e\xcc\x81",
      "\xc3\xa9",
      "a\xe2\x80\x8b",
      "a\xe2\x80\xae"
      "b",
      "\xef\xbb\xbf"
      "a",
      "a\xc2\xa0"
      "b",
      "\xc4\xb1",
      "\xf0\x9f\x98\x80",
      "\xe2\x84\xaa",
      // for SQL
      "a'--",
      "a' or '1'='1",
      "a\";drop table version",
      "a/**/b",
      // nothing
      "",
      " ",
      "\t",
  };
  return names;
}

}  // namespace

TEST_CASE("name: an algorithm is an owner and a name") {
  const Algorithm algorithm = Algorithm::parse("acme/sentiment");
  CHECK(algorithm.str() == "acme/sentiment");
  CHECK(algorithm.owner() == "acme");
  CHECK(algorithm.name() == "sentiment");
  for (const std::string& text :
       {"a/b"s, "0/0"s, "a.b/c-d_e"s, "a--b/c__d"s, "9a/a9"s, std::string(64, 'a') + "/b",
        "a/" + std::string(64, 'z'), "latest/none"s, "con/nul"s}) {
    CAPTURE(text);
    CHECK(is_algorithm(text));
  }
}

TEST_CASE("name: the whole text of each refused algorithm") {
  struct Case {
    std::string text, fault;
  };
  for (const Case& c : {
           Case{"Acme/x", "the owner may not have 'A'"},
           Case{"acme/Sentiment", "the name may not have 'S'"},
           Case{"acme/x y", "the name may not have ' '"},
           Case{"acme/x/y", "the name may not have '/'"},
           Case{"acme/-x", "the name may not start with '-'"},
           Case{"acme/x-", "the name may not end with '-'"},
           Case{".acme/x", "the owner may not start with '.'"},
           Case{"acme_/x", "the owner may not end with '_'"},
           Case{"acme/-", "the name may not start with '-'"},
           Case{"/x", "the owner is empty"},
           Case{"acme/", "the name is empty"},
           Case{"/", "the owner is empty"},
           Case{"a..b/x", "the owner may not have '..'"},
           Case{"acme/a..b", "the name may not have '..'"},
           Case{"acme/a%2e", "the name may not have '%'"},
           Case{"acme/\xc3\xa9t\xc3\xa9", "the name may not have '\xc3\xa9'"},
           Case{"acme/" + std::string(65, 'x'), "the name has 65 characters"},
           Case{"acme/x@1", "the name may not have '@'"},
       }) {
    CHECK(failure([&] { Algorithm::parse(c.text); }) ==
          "usage: malformed algorithm '" + c.text + "': " + c.fault + kAlgorithmHint);
  }
  CHECK(failure([] { Algorithm::parse("acme/a\nb"); }) ==
        "usage: malformed algorithm 'acme/a\\x0ab': the name may not have '\\x0a'" +
            kAlgorithmHint);
  CHECK(failure([] { Algorithm::parse("acme/a\xff"); }) ==
        "usage: malformed algorithm 'acme/a\\xff': the name may not have '\\xff'" + kAlgorithmHint);
  CHECK(failure([] { Algorithm::parse("acme"); }) ==
        "usage: malformed algorithm 'acme' | write owner/name, such as acme/sentiment");
  CHECK(failure([] { Algorithm::parse(""); }) ==
        "usage: malformed algorithm '' | write owner/name, such as acme/sentiment");
}

TEST_CASE("name: hostile text is nowhere a name") {
  REQUIRE(hostile_names().size() >= 100);
  for (const std::string& text : hostile_names()) {
    CAPTURE(text);
    CHECK_FALSE(is_algorithm(text));
    CHECK_FALSE(is_algorithm("acme/" + text));
    CHECK_FALSE(is_label(text));
    CHECK_FALSE(is_slot(text));
    // The message shows no byte that a terminal would obey.
    const std::string message = failure([&] { Label::parse(text); });
    CHECK(message.find_first_of("\n\r\x1b\x07\x7f"s + '\0') == std::string::npos);
  }
}

TEST_CASE("name: hostile text does not become a label or a slot inside a folder") {
  for (const std::string& text : hostile_names()) {
    CAPTURE(text);
    CHECK_FALSE(is_label("folder/" + text));
    CHECK_FALSE(is_slot("folder/" + text));
    CHECK_FALSE(is_label(text + "/model.pkl"));
  }
}

TEST_CASE("name: algorithms collide when only separators differ") {
  const auto key = [](const char* text) { return Algorithm::parse(text).collision_key(); };
  CHECK(key("acme/a-b") == "acme/a-b");
  CHECK(key("acme/a_b") == key("acme/a-b"));
  CHECK(key("acme/a.b") == key("acme/a-b"));
  CHECK(key("acme/a_b.c-d") == key("acme/a.b-c_d"));
  CHECK(key("acme/ab") != key("acme/a-b"));
  CHECK(key("acme/a--b") != key("acme/a-b"));
  CHECK(key("a-c/x") != key("a_c/x"));
  CHECK(key("a.c/x.y") == "a.c/x-y");
}

TEST_CASE("name: labels") {
  for (const std::string& text : {"mymodel-201902.pkl"s,
                                  "tokenizer/vocab.json"s,
                                  "a"s,
                                  "A"s,
                                  "_"s,
                                  "_a/_b"s,
                                  "0"s,
                                  "model.tar.gz"s,
                                  "a=b"s,
                                  "lr=0.1+l2/epoch=3.ckpt"s,
                                  "a/b/c/d/e/f"s,
                                  "a+b"s,
                                  "a-"s,
                                  "a."s,
                                  "a.-+=_"s,
                                  "saved_model/variables/variables.data-00000-of-00001"s,
                                  std::string(255, 'a'),
                                  "CON"s,
                                  "a.b.c"s,
                                  "a/b.=c"s}) {
    CAPTURE(text);
    CHECK(Label::parse(text).str() == text);
  }
  CHECK_FALSE(is_label(std::string(256, 'a')));
  CHECK(Label::parse("a") < Label::parse("b"));
  CHECK(Label::parse("a") != Label::parse("A"));
}

TEST_CASE("name: the whole text of each refused label and slot") {
  struct Case {
    std::string text, fault;
  };
  for (const Case& c : {
           Case{"", "it is empty"},
           Case{std::string(256, 'a'), "it has 256 bytes"},
           Case{"my model.pkl", "' ' does not fit"},
           Case{"../x", "'.' does not fit at the start"},
           Case{"a/.b", "'.' does not fit at the start"},
           Case{"-x", "'-' does not fit at the start"},
           Case{"a/=b", "'=' does not fit at the start"},
           Case{"a..b", "'..' does not fit"},
           Case{"/a", "'/' does not fit at the start"},
           Case{"a//b", "'/' does not fit at the start"},
           Case{"a/", "'/' does not fit at the end"},
           Case{"a%2fb", "'%' does not fit"},
           Case{"a:b", "':' does not fit"},
           Case{"mod\xc3\xa8le", "'\xc3\xa8' does not fit"},
           Case{"\xf0\x9f\x98\x80", "'\xf0\x9f\x98\x80' does not fit"},
       }) {
    const std::string shown = c.text.size() > 80 ? std::string(80, 'a') + "…" : c.text;
    CHECK(failure([&] { Label::parse(c.text); }) ==
          "usage: malformed label '" + shown + "': " + c.fault + kLabelHint);
    if (c.text == "a/=b") continue;
    CHECK(failure([&] { Slot::parse(c.text); }) ==
          "usage: malformed slot '" + shown + "': " + c.fault + kSlotHint);
  }
  CHECK(failure([] { Label::parse("a\0b"s); }) ==
        "usage: malformed label 'a\\x00b': '\\x00' does not fit" + kLabelHint);
  CHECK(failure([] { Slot::parse("a=b"); }) ==
        "usage: malformed slot 'a=b': '=' does not fit" + kSlotHint);
}

TEST_CASE("name: slots and their environment variables") {
  struct Case {
    const char* slot;
    const char* variable;
  };
  for (const Case& c : {
           Case{"model", "ALGOCTL_MODEL_MODEL"},
           Case{"tokenizer", "ALGOCTL_MODEL_TOKENIZER"},
           Case{"tokenizer/vocab.json", "ALGOCTL_MODEL_TOKENIZER_VOCAB_JSON"},
           Case{"a-b", "ALGOCTL_MODEL_A_B"},
           Case{"a_b", "ALGOCTL_MODEL_A_B"},
           Case{"A+b9", "ALGOCTL_MODEL_A_B9"},
           Case{"_x", "ALGOCTL_MODEL__X"},
       }) {
    CAPTURE(c.slot);
    CHECK(Slot::parse(c.slot).str() == c.slot);
    CHECK(Slot::parse(c.slot).variable() == c.variable);
  }
}
