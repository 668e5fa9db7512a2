#include "base/yaml.h"

#include <doctest/doctest.h>

#include "unit/core/failure.h"

namespace algoctl {
namespace {

/// The tree on one line: strings between single quotes, null as it is.
std::string shown(const JsonNode& node) {
  std::string out;
  switch (node.type) {
    case JsonNode::Type::null: return "null";
    case JsonNode::Type::string: return "'" + node.text + "'";
    case JsonNode::Type::array:
      for (const JsonNode& item : node.items) out += (out.empty() ? "" : ", ") + shown(item);
      return "[" + out + "]";
    case JsonNode::Type::object:
      for (const JsonMember& member : node.members) {
        out += (out.empty() ? "" : ", ") + member.key + ": " + shown(member.value);
      }
      return "{" + out + "}";
    default: return "?";
  }
}

std::string as_read(const std::string& text) { return shown(parse_yaml(text, "file")); }

std::string yaml_refusal(const std::string& text, const JsonLimits& limits = {}) {
  return test::failure([&] { parse_yaml(text, "file", limits); });
}

}  // namespace

TEST_CASE("parse_yaml: mappings, lists and scalars as they read") {
  struct Case {
    const char* text;
    const char* want;
  };
  for (const Case& c : {
           Case{"", "null"},
           Case{"# nothing\n", "null"},
           Case{"a: 1\nb:\n  - x\n  - 'y z'\n  -\n", "{a: '1', b: ['x', 'y z', null]}"},
           Case{"{a: [1, {b: c}], d: }\n", "{a: ['1', {b: 'c'}], d: null}"},
           Case{"a: ~\nb: null\nc: 'null'\nd: \"~\"\ne: ''\nf: NULL\n",
                "{a: null, b: null, c: 'null', d: '~', e: '', f: null}"},
           Case{"a: 3.10\nb: true\nc: 2023-12-01 10:11:12.345678\n",
                "{a: '3.10', b: 'true', c: '2023-12-01 10:11:12.345678'}"},
           Case{"a: |\n  one\n  two\nb: >-\n  three\n  four\n",
                "{a: 'one\ntwo\n', b: 'three four'}"},
           Case{"a: !!python/object:os.system ls\n", "{a: 'ls'}"},
           Case{"%YAML 1.1\n---\na: \"\\u00e9\\x41\"\n...\n", "{a: 'éA'}"},
           Case{"a: &x [1, 2]\nb: *x\n&k c: *k\n", "{a: ['1', '2'], b: ['1', '2'], c: 'c'}"},
           Case{"a: &x 1\nb: &x 2\nc: *x\n", "{a: '1', b: '2', c: '2'}"},
           Case{"? a\n: b\n", "{a: 'b'}"},
           Case{"a\r\n", "'a'"},
       }) {
    CAPTURE(c.text);
    CHECK(as_read(c.text) == c.want);
  }
}

TEST_CASE("parse_yaml: what is malformed is said with line and column") {
  struct Case {
    const char* text;
    const char* want;
  };
  for (const Case& c : {
           Case{"a: b: c\n", "file:1:5: mapping values are not allowed in this context"},
           Case{"é: é: c\n", "file:1:7: mapping values are not allowed in this context"},
           Case{"a: [1,\nb: 2\n", "file:3:1: did not find expected ',' or ']'"},
           Case{"a: 'x\n", "file:2:1: found unexpected end of stream"},
           Case{"a:\n\t- b\n", "file:2:1: found character that cannot start any token"},
           Case{"a: @b\n", "file:1:4: found character that cannot start any token"},
           Case{"a: 1\nb: 2\na: 3\n", "file:3:1: duplicate key 'a'"},
           Case{"- {x: 1, 'x': 2}\n", "file:1:10: duplicate key 'x'"},
           Case{"[a]: b\n", "file:1:1: a key must be a scalar"},
           Case{"? {a: b}\n: c\n", "file:1:3: a key must be a scalar"},
           Case{"x: &x [a]\n*x : b\n", "file:2:1: a key must be a scalar"},
           Case{"a: *x\n", "file:1:4: no value is complete under '&x'"},
           Case{"a: &x\n  b: *x\n", "file:2:6: no value is complete under '&x'"},
           Case{"a: 1\n---\nb: 2\n", "file:2:1: a second document | keep one document in the file"},
           Case{"a: \xff\n", "file:1:4: invalid leading UTF-8 octet"},
           Case{"a: b\n\xc3(\n", "file:2:2: invalid trailing UTF-8 octet"},
           Case{"a: \xed\xa0\x80\n", "file:1:4: invalid Unicode character"},
           Case{"a: \x01\n", "file:1:4: control characters are not allowed"},
           Case{"\xEF\xBB\xBF"
                "a: b\n",
                "file:1:1: byte order mark | save the file as UTF-8 without byte order mark"},
           Case{"\xFF\xFE"
                "a\0",
                "file:1:1: invalid leading UTF-8 octet"},
       }) {
    CAPTURE(c.text);
    CHECK(yaml_refusal(c.text) == std::string("usage: ") + c.want);
  }
}

TEST_CASE("parse_yaml: offsets are those of the text, in bytes") {
  const std::string text = "é: [ü, x]\nb: &a\n  c: 'd'\n";
  const JsonNode root = parse_yaml(text, "file");
  const auto from = [&](std::size_t offset) { return text.substr(offset, 1); };
  CHECK(root.members.at(0).key_begin == 0);
  CHECK(from(root.members.at(0).value.begin) == "[");
  CHECK(from(root.members.at(0).value.items.at(1).begin) == "x");
  CHECK(from(root.members.at(1).key_begin) == "b");
  CHECK(from(root.find("b")->members.at(0).value.begin) == "'");
}

TEST_CASE("parse_yaml: the limits hold at their edges") {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  CHECK(yaml_refusal(nested(64)) == "nothing");
  CHECK(yaml_refusal(nested(65)) == "usage: file:1:65: more than 64 levels");
  CHECK(yaml_refusal(std::string(1000000, '[')) == "usage: file:1:65: more than 64 levels");
  CHECK(yaml_refusal("[1, 2]", {.nodes = 3}) == "nothing");
  CHECK(yaml_refusal("[1, 2]", {.nodes = 2}) == "usage: file:1:5: more than 2 values");
  CHECK(yaml_refusal("abcd", {.bytes = 4}) == "nothing");
  CHECK(yaml_refusal("abcde", {.bytes = 4}) == "usage: file:1:1: more than 4 bytes");
}

TEST_CASE("parse_yaml: aliases cannot make much of little") {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string before = std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) bomb += (j == 0 ? "*a" : ", *a") + before;
    bomb += "]\n";
  }
  CHECK(yaml_refusal(bomb) == "usage: file:5:40: more than 100000 values");
  std::string deep = "a0: &a0 [x]\n";
  for (int i = 1; i < 70; ++i) {
    deep += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) +
            "]\n";
  }
  CHECK(yaml_refusal(deep) == "usage: file:64:12: more than 64 levels");
  const std::string large = "a: &a " + std::string(1 << 20, 'x') + "\nb: [*a, *a, *a, *a]\n";
  CHECK(yaml_refusal(large) == "usage: file:2:9: more than 4194304 bytes with aliases filled in");
  std::string anchors;
  for (int i = 0; i < 60; ++i) anchors += "&a" + std::to_string(i) + " [";
  anchors += std::string(100000, 'x') + std::string(60, ']');
  CHECK(yaml_refusal(anchors) ==
        "usage: file:1:105: more than 4194304 bytes with aliases filled in");
}

}  // namespace algoctl
