#include "base/json.h"

#include <doctest/doctest.h>

#include <chrono>
#include <limits>
#include <string>

#include "algoctl/error.h"

using algoctl::Code;
using algoctl::Error;
using algoctl::Json;
using algoctl::json_place;
using algoctl::JsonLimits;
using algoctl::JsonNode;
using algoctl::parse_json;
using Type = algoctl::JsonNode::Type;

namespace {

std::string repeat(const std::string& text, std::size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

/// The message of the refusal; "accepted" when there is none.
std::string json_refusal(const std::string& text, const JsonLimits& limits = {}) {
  try {
    (void)parse_json(text, "f.json", limits);
  } catch (const Error& error) {
    CHECK(error.code() == Code::usage);
    return error.message();
  }
  return "accepted";
}

std::string slice(const std::string& text, const JsonNode& node) {
  return text.substr(node.begin, node.end - node.begin);
}

/// Every span must hold exactly its value: parsed alone it gives the same type and text.
void check_spans(const std::string& text, const JsonNode& node) {
  const std::string alone = slice(text, node);
  CAPTURE(alone);
  const JsonNode again = parse_json(alone, "span");
  CHECK(again.type == node.type);
  CHECK(again.text == node.text);
  CHECK(again.begin == 0);
  CHECK(again.end == alone.size());
  CHECK(again.members.size() == node.members.size());
  CHECK(again.items.size() == node.items.size());
  for (const auto& item : node.items) check_spans(text, item);
  for (const auto& member : node.members) {
    CHECK(text[member.key_begin] == '"');
    CHECK(parse_json(
              text.substr(member.key_begin, text.find(':', member.key_begin) - member.key_begin),
              "key")
              .text == member.key);
    check_spans(text, member.value);
  }
}

}  // namespace

TEST_CASE("json: values are written on one line without spaces") {
  CHECK(Json().dump() == "null");
  CHECK(Json(nullptr).dump() == "null");
  CHECK(Json(true).dump() == "true");
  CHECK(Json(7).dump() == "7");
  CHECK(Json(std::numeric_limits<std::int64_t>::min()).dump() == "-9223372036854775808");
  CHECK(Json("text").dump() == "\"text\"");
  CHECK(Json(std::string("a\"b\n")).dump() == "\"a\\\"b\\n\"");
  CHECK(Json(std::string_view("view")).dump() == "\"view\"");
  CHECK(Json(std::optional<int>()).dump() == "null");
  CHECK(Json(std::optional<std::string>("x")).dump() == "\"x\"");
  CHECK(Json::object().dump() == "{}");
  CHECK(Json::array().dump() == "[]");
}

TEST_CASE("json: members keep the order in which they were set") {
  Json json = Json::object().set("z", 1).set("a", Json::array().push(true).push(nullptr));
  CHECK(json.dump() == R"({"z":1,"a":[true,null]})");
  json.set("z", "replaced");
  CHECK(json.dump() == R"({"z":"replaced","a":[true,null]})");
  CHECK(json.dump(2) == "{\n  \"z\": \"replaced\",\n  \"a\": [\n    true,\n    null\n  ]\n}");
}

TEST_CASE("json: a copy is its own, and a moved-from value is null") {
  Json first = Json::object().set("a", 1);
  Json second = first;
  second.set("a", 2);
  CHECK(first.dump() == R"({"a":1})");
  Json third = std::move(second);
  CHECK(third.dump() == R"({"a":2})");
  CHECK(second.dump() == "null");  // NOLINT(bugprone-use-after-move)
  CHECK(Json(second).dump() == "null");
  CHECK(Json::array().push(second).dump() == "[null]");
  CHECK(Json::object().set("n", second).dump() == R"({"n":null})");
  first = third;
  CHECK(first.dump() == R"({"a":2})");
}

TEST_CASE("json: text that is not UTF-8 is written with replacement characters") {
  CHECK(Json("a\xFF"
             "b")
            .dump() ==
        "\"a\xEF\xBF\xBD"
        "b\"");
}

TEST_CASE("json: members of no object and items of no array are defects") {
  CHECK_THROWS_WITH(Json(1).set("a", 1), "a member was set in a JSON value that is no object");
  CHECK_THROWS_WITH(Json().set("a", 1), "a member was set in a JSON value that is no object");
  CHECK_THROWS_WITH(Json::object().push(1), "an item was pushed to a JSON value that is no array");
}

TEST_CASE("parse_json: every value knows its bytes") {
  for (const std::string text : {
           R"({"a":1})",
           R"({"a":1,"b":[1,2 ,3],"c":{"d":"x"}})",
           "[1]",
           "[1 ]",
           "[ 1 ]",
           "1",
           "1 ",
           " 1",
           "-0",
           "12345678901234567890123",
           "[0,-0,1.5,1e3,-1.25E-2 , 0.10]",
           "true",
           " false ",
           "null\n",
           "[true,false,null]",
           "[true ,false , null ]",
           "\"\"",
           "\"a,b:c\"",
           "[\"]\",\"}\",\":\",\",\"]",
           "[]",
           "[ ]",
           "{}",
           "{ }",
           "[[],[[]],{}]",
           "{\"a\" : 1 , \"b\" : 2 }",
           "{\r\n\t\"a\":\r\n1\r\n}\r\n",
           R"(["\"","\\","\u0041"])",
           "[\"\xC3\xA9\",\"\xF0\x9F\x98\x80\",1]",
           "[1,\n2,\n3\n]",
           "{\"n\":-1.10}",
           "[\"\\ud83d\\ude00\",0]",
           "[1e1,2E+2,3e-3]",
           "[[1,2],[3,4]]",
           "[{\"a\":0},{\"a\":0}]",
       }) {
    CAPTURE(text);
    check_spans(text, parse_json(text, "f.json"));
  }
}

TEST_CASE("parse_json: a number ends where it ends, also at the end of the text") {
  for (const std::string number : {"0", "7", "-1", "10", "1.5", "1e5", "0.10", "-0.0"}) {
    for (const std::string after : {"", " ", "\n", "  "}) {
      const std::string text = number + after;
      CAPTURE(text);
      const JsonNode node = parse_json(text, "f.json");
      CHECK(node.begin == 0);
      CHECK(node.end == number.size());
      CHECK(node.text == number);
    }
    for (const std::string after : {"]", ",0]", " ]", "\n,0]"}) {
      const std::string text = "[" + number + after;
      CAPTURE(text);
      CHECK(slice(text, parse_json(text, "f.json").items[0]) == number);
    }
  }
}

TEST_CASE("parse_json: numbers keep their spelling and strings are decoded") {
  const JsonNode root = parse_json(
      R"({"a":1.10,"b":123456789012345678901234567890,"c":"\u0061\n\"","\u006dodels":[]})", "f");
  CHECK(root.find("a")->text == "1.10");
  CHECK(root.find("b")->text == "123456789012345678901234567890");
  CHECK(root.find("c")->text == "a\n\"");
  CHECK(root.find("models")->is(Type::array));
  CHECK(root.find("none") == nullptr);
  CHECK(root.members[3].key == "models");
  CHECK(parse_json("true", "f").text == "true");
  CHECK(parse_json("\"a\\u0000b\"", "f").text == std::string("a\0b", 3));
}

TEST_CASE("parse_json: integer() is the whole number that fits") {
  struct Case {
    const char* text;
    std::optional<std::int64_t> want;
  };
  for (const auto& c : {
           Case{"0", 0},
           Case{"-0", 0},
           Case{"42", 42},
           Case{"-7", -7},
           Case{"1.0", 1},
           Case{"1e3", 1000},
           Case{"9223372036854775807", std::numeric_limits<std::int64_t>::max()},
           Case{"-9223372036854775808", std::numeric_limits<std::int64_t>::min()},
           Case{"9223372036854775808", std::nullopt},
           Case{"1.5", std::nullopt},
           Case{"1e300", std::nullopt},
           Case{"1e-3", std::nullopt},
           Case{"\"1\"", std::nullopt},
           Case{"true", std::nullopt},
           Case{"9007199254740992.0", 9007199254740992},
           Case{"9007199254740994.0", std::nullopt},
           Case{"-2.0", -2},
       }) {
    CAPTURE(c.text);
    CHECK(parse_json(c.text, "f").integer() == c.want);
  }
}

TEST_CASE("parse_json: malformed text is refused where it goes wrong") {
  struct Case {
    std::string text;
    const char* want;
  };
  for (const auto& c : {
           Case{"", "f.json:1:1: unexpected end of the text, expected a value"},
           Case{"  \n ", "f.json:2:2: unexpected end of the text, expected a value"},
           Case{"{", "f.json:1:2: unexpected end of the text, expected a string as key"},
           Case{"[", "f.json:1:2: unexpected end of the text, expected a value"},
           Case{"[1", "f.json:1:3: unexpected end of the text, expected ',' or ']'"},
           Case{"[1,", "f.json:1:4: unexpected end of the text, expected a value"},
           Case{"[1,]", "f.json:1:4: unexpected ']', expected a value"},
           Case{"[1, ]", "f.json:1:5: unexpected ']', expected a value"},
           Case{"[1,,2]", "f.json:1:4: unexpected ',', expected a value"},
           Case{"[,1]", "f.json:1:2: unexpected ',', expected a value"},
           Case{"[1 2]", "f.json:1:4: unexpected number, expected ',' or ']'"},
           Case{"[1:2]", "f.json:1:3: unexpected ':', expected ',' or ']'"},
           Case{"[1}", "f.json:1:3: unexpected '}', expected ',' or ']'"},
           Case{"[\"a\" \"b\"]", "f.json:1:6: unexpected string, expected ',' or ']'"},
           Case{"[01]", "f.json:1:3: unexpected number, expected ',' or ']'"},
           Case{"01", "f.json:1:2: unexpected number, expected the end of the text"},
           Case{"-01", "f.json:1:3: unexpected number, expected the end of the text"},
           Case{"{\"a\"}", "f.json:1:5: unexpected '}', expected ':'"},
           Case{"{\"a\" 1}", "f.json:1:6: unexpected number, expected ':'"},
           Case{"{\"a\",1}", "f.json:1:5: unexpected ',', expected ':'"},
           Case{"{\"a\"::1}", "f.json:1:6: unexpected ':', expected a value"},
           Case{"{\"a\":}", "f.json:1:6: unexpected '}', expected a value"},
           Case{"{\"a\":1,}", "f.json:1:8: unexpected '}', expected a string as key"},
           Case{"{\"a\":1 \"b\":2}", "f.json:1:8: unexpected string, expected ',' or '}'"},
           Case{"{\n  \"a\": 1\n  \"b\": 2\n}",
                "f.json:3:3: unexpected string, expected ',' or '}'"},
           Case{"{\"a\":1]", "f.json:1:7: unexpected ']', expected ',' or '}'"},
           Case{"{,}", "f.json:1:2: unexpected ',', expected a string as key"},
           Case{"{a:1}", "f.json:1:2: unexpected 'a', expected a string as key"},
           Case{"{'a':1}", "f.json:1:2: unexpected ''', expected a string as key"},
           Case{"{1:1}", "f.json:1:2: unexpected number, expected a string as key"},
           Case{"{} {}", "f.json:1:4: unexpected '{', expected the end of the text"},
           Case{"1,", "f.json:1:2: unexpected ',', expected the end of the text"},
           Case{"1 ,", "f.json:1:3: unexpected ',', expected the end of the text"},
           Case{"{}x", "f.json:1:3: unexpected 'x', expected the end of the text"},
           Case{"{}\n}", "f.json:2:1: unexpected '}', expected the end of the text"},
           Case{"]", "f.json:1:1: unexpected ']', expected a value"},
           Case{"nul", "f.json:1:1: unexpected 'nul', expected a value"},
           Case{"[nulL]", "f.json:1:2: unexpected 'nulL', expected a value"},
           Case{"True", "f.json:1:1: unexpected 'True', expected a value"},
           Case{"NaN", "f.json:1:1: unexpected 'NaN', expected a value"},
           Case{"+1", "f.json:1:1: unexpected '+', expected a value"},
           Case{".5", "f.json:1:1: unexpected '.', expected a value"},
           Case{"[1, // no\n2]", "f.json:1:5: unexpected '/', expected a value"},
           Case{"\xC3\xA9", "f.json:1:1: unexpected '\xC3\xA9', expected a value"},
           Case{"\xC2\xA0{}", "f.json:1:1: unexpected '\xC2\xA0', expected a value"},
           Case{"\xFF", "f.json:1:1: unexpected '\\xff', expected a value"},
           Case{"\xEF\xBB{}", "f.json:1:1: unexpected '\\xef\\xbb', expected a value"},
           Case{std::string("{}\0", 3),
                "f.json:1:3: unexpected '\\x00', expected the end of the text"},
           Case{std::string("{} \0{}", 6),
                "f.json:1:4: unexpected '\\x00', expected the end of the text"},
           Case{std::string("[1,\0]", 5), "f.json:1:4: unexpected '\\x00', expected a value"},
           Case{std::string("1\0", 2),
                "f.json:1:2: unexpected '\\x00', expected the end of the text"},
       }) {
    CAPTURE(c.text);
    CHECK(json_refusal(c.text) == c.want);
  }
}

TEST_CASE("parse_json: faults inside a token name what is wrong with it") {
  struct Case {
    std::string text;
    const char* want;
  };
  for (const auto& c : {
           Case{"[1, -]", "f.json:1:5: malformed number"},
           Case{"[1.]", "f.json:1:2: malformed number"},
           Case{"[1e+]", "f.json:1:2: malformed number"},
           Case{"[-x]", "f.json:1:2: malformed number"},
           Case{"1e999", "f.json:1:1: number out of range: '1e999'"},
           Case{"[0, -1e999 ]", "f.json:1:5: number out of range: '-1e999'"},
           Case{"{\"size\":\n 1e400}", "f.json:2:2: number out of range: '1e400'"},
           Case{"[\"abc", "f.json:1:2: string without closing quote"},
           Case{"{\"a\": \"b}", "f.json:1:7: string without closing quote"},
           Case{"[\"a\nb\"]", "f.json:1:4: control character in a string"},
           Case{"[\"a\tb\"]", "f.json:1:4: control character in a string"},
           Case{std::string("[\"a\0b\"]", 7), "f.json:1:4: control character in a string"},
           Case{"[\"\\x41\"]", "f.json:1:4: unknown escape in a string"},
           Case{"[\"\\u12G4\"]", "f.json:1:7: \\u without 4 hexadecimal digits"},
           Case{"[\"\\ud800\"]", "f.json:1:9: half of a surrogate pair"},
           Case{"[\"\\udc00\"]", "f.json:1:8: half of a surrogate pair"},
           Case{"[\"a\xFF\"]", "f.json:1:4: invalid UTF-8"},
           Case{"[\"\xC0\xAF\"]", "f.json:1:3: invalid UTF-8"},
           Case{"[\"\xED\xA0\x80\"]", "f.json:1:4: invalid UTF-8"},
           Case{"[\"\xF4\x90\x80\x80\"]", "f.json:1:4: invalid UTF-8"},
           Case{"[\"\xC3", "f.json:1:4: invalid UTF-8"},
           Case{"{\"\xC3\x28\":1}", "f.json:1:4: invalid UTF-8"},
           Case{"\xEF\xBB\xBF{}", "f.json:1:1: byte order mark"},
           Case{"[\"must be escaped\" x]", "f.json:1:20: unexpected 'x', expected ',' or ']'"},
           Case{"[must be escaped]", "f.json:1:2: unexpected 'must', expected a value"},
       }) {
    CAPTURE(c.text);
    CHECK(json_refusal(c.text) == c.want);
  }
}

TEST_CASE("parse_json: a byte order mark is refused with its remedy") {
  try {
    (void)parse_json("\xEF\xBB\xBF{}", "f.json");
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.hint() == "save the file as UTF-8 without byte order mark");
  }
}

TEST_CASE("parse_json: duplicate keys are refused at every level, however they are escaped") {
  CHECK(json_refusal(R"({"a":1,"a":2})") == "f.json:1:8: duplicate key 'a'");
  CHECK(json_refusal(R"({"a":1,"b":{"c":1,
    "c":2}})") == "f.json:2:5: duplicate key 'c'");
  CHECK(json_refusal(R"([[{"x":{"y":[{"z":0,"z":0}]}}]])") == "f.json:1:21: duplicate key 'z'");
  CHECK(json_refusal("{\"models\":{}, \"\\u006dodels\":{}}") ==
        "f.json:1:15: duplicate key 'models'");
  CHECK(json_refusal(R"({"":1,"":2})") == "f.json:1:7: duplicate key ''");
  CHECK(json_refusal(R"({"a":{"a":{"a":1}},"b":{"a":1}})") == "accepted");
  CHECK(json_refusal(R"({"a":1,"A":2})") == "accepted");
}

TEST_CASE("parse_json: limits on levels, values and bytes hold to the last one") {
  CHECK(json_refusal(repeat("[", 64) + repeat("]", 64)) == "accepted");
  CHECK(json_refusal(repeat("[", 65) + repeat("]", 65)) == "f.json:1:65: more than 64 levels");
  CHECK(json_refusal(repeat("{\"a\":", 64) + "1" + repeat("}", 64)) == "accepted");
  CHECK(json_refusal(repeat("{\"a\":", 65) + "1" + repeat("}", 65)) ==
        "f.json:1:321: more than 64 levels");

  CHECK(json_refusal("[" + repeat("1,", 99998) + "1]") == "accepted");
  CHECK(json_refusal("[" + repeat("1,", 99999) + "1]") ==
        "f.json:1:200000: more than 100000 values");
  CHECK(json_refusal("[" + repeat("[],", 99999) + "[]]") ==
        "f.json:1:299999: more than 100000 values");

  const std::size_t most = std::size_t{4} << 20;
  CHECK(json_refusal("\"" + std::string(most - 2, 'x') + "\"") == "accepted");
  CHECK(json_refusal("\"" + std::string(most - 1, 'x') + "\"") ==
        "f.json:1:1: more than 4194304 bytes");

  CHECK(json_refusal("[1]", {.bytes = 2}) == "f.json:1:1: more than 2 bytes");
  CHECK(json_refusal("[1]", {.nodes = 1}) == "f.json:1:2: more than 1 values");
  CHECK(json_refusal("[1]", {.depth = 0}) == "f.json:1:1: more than 0 levels");
}

TEST_CASE("parse_json: two million nested brackets are refused at once") {
  const auto begin = std::chrono::steady_clock::now();
  CHECK(json_refusal(repeat("[", 2000000)) == "f.json:1:65: more than 64 levels");
  CHECK(json_refusal(repeat("{\"a\":", 800000)) == "f.json:1:321: more than 64 levels");
  CHECK(json_refusal(std::string(4000000, '"')) ==
        "f.json:1:3: unexpected string, expected the end of the text");
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));
}

TEST_CASE("parse_json: an object of a hundred thousand keys is not slow") {
  std::string text = "{";
  for (int i = 0; i < 99999; ++i) {
    text += (i ? ",\"" : "\"");
    text += std::to_string(i) + "\":0";
  }
  const auto begin = std::chrono::steady_clock::now();
  CHECK(parse_json(text + "}", "f").members.size() == 99999);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(10));
}

TEST_CASE("json_place: lines and columns are counted from one, columns in bytes") {
  const std::string text = "ab\ncd\r\n\xC3\xA9x";
  CHECK(json_place(text, 0, "f") == "f:1:1");
  CHECK(json_place(text, 2, "f") == "f:1:3");
  CHECK(json_place(text, 3, "f") == "f:2:1");
  CHECK(json_place(text, 7, "f") == "f:3:1");
  CHECK(json_place(text, 9, "f") == "f:3:3");
  CHECK(json_place(text, 99, "f") == "f:3:4");
  CHECK(json_place("", 0, "f") == "f:1:1");
}
