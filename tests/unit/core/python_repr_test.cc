// Python itself is asked what it prints: over a table, over random documents, over every character.

#include "core/python_repr.h"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstdio>
#include <random>

#include "base/text.h"
#include "core/python_printable.h"
#include "support/process.h"

namespace algoctl {
namespace {

using Random = std::mt19937_64;

/// What a Python script prints; nullopt, and a loud message, where there is no Python.
std::optional<std::string> python(const std::string& script, const std::string& input = "") {
  test::ProcessResult result{127, "", ""};
  try {
    result = test::run({"python3", "-c", script}, {.input = input});
  } catch (const std::exception&) {
    // Said below.
  }
  if (result.exit != 127) {
    INFO(result.err);
    REQUIRE(result.exit == 0);
    return result.out;
  }
  MESSAGE("NOT TESTED: python3 is not installed, nobody says what it prints");
  return std::nullopt;
}

/// Compares with Python for each JSON text, which has no line end in it.
void check_with_python(const std::vector<std::string>& texts) {
  const auto printed = python(
      "import json, sys\n"
      "for line in sys.stdin.buffer.read().split(b'\\n'):\n"
      "    sys.stdout.buffer.write(str([json.loads(line)]).encode() + b'\\n')\n",
      join(texts, "\n"));
  if (!printed) return;
  const auto lines = split(*printed, '\n');
  REQUIRE(lines.size() == texts.size() + 1);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    CAPTURE(texts[i]);
    CHECK(python_repr(parse_json("[" + texts[i] + "]", "text")) == lines[i]);
  }
}

std::string utf8(char32_t point) {
  const auto tail = [](char32_t bits) { return static_cast<char>(0x80U | (bits & 0x3fU)); };
  if (point < 0x80) return {static_cast<char>(point)};
  if (point < 0x800) return {static_cast<char>(0xc0U | (point >> 6U)), tail(point)};
  if (point < 0x10000) {
    return {static_cast<char>(0xe0U | (point >> 12U)), tail(point >> 6U), tail(point)};
  }
  return {static_cast<char>(0xf0U | (point >> 18U)), tail(point >> 12U), tail(point >> 6U),
          tail(point)};
}

char32_t random_point(Random& random) {
  const auto below = [&](unsigned end) { return static_cast<char32_t>(random() % end); };
  constexpr char32_t kNear[] = {'\'', '"',  '\\', '\n',   '\t',  0x7f,
                                0xa0, 0xad, 0xe9, 0x200b, 0x3000};
  switch (random() % 6) {
    case 0: return kNear[random() % std::size(kNear)];
    case 1: return below(0x20);
    case 2: return below(0x3000);
    case 3: return 0x1f000 + below(0x1000);
    default: return 0x20 + below(0x5f);
  }
}

std::string random_string(Random& random) {
  std::string text;
  for (auto left = random() % 8; left > 0; --left) text += utf8(random_point(random));
  return Json(text).dump();
}

std::string shown(double value) {
  char buffer[40];
  std::snprintf(buffer, sizeof(buffer), "%.17g", value);
  return buffer;
}

std::string random_number(Random& random) {
  switch (random() % 4) {
    case 0: return std::to_string(static_cast<std::int64_t>(random()));
    case 1: {  // any double that there is
      const double value = std::bit_cast<double>(random());
      return std::isfinite(value) ? shown(value) : "-0.0";
    }
    case 2:  // around the places where the notation changes, and powers of two
      return shown(std::ldexp(1.0, static_cast<int>(random() % 2098) - 1074));
    default: {
      const auto places = static_cast<int>(random() % 24) - 6;
      return std::to_string(random() % 100000) + "e" + std::to_string(places);
    }
  }
}

std::string random_value(Random& random, int depth) {
  switch (random() % (depth > 3 ? 5 : 7)) {
    case 0: return random() % 2 == 0 ? "true" : "false";
    case 1: return "null";
    case 2:
    case 3: return random_string(random);
    case 4: return random_number(random);
    case 5: {
      std::vector<std::string> items;
      for (auto left = random() % 4; left > 0; --left) {
        items.push_back(random_value(random, depth + 1));
      }
      return "[" + join(items, ", ") + "]";
    }
    default: {
      std::vector<std::string> members;
      for (auto left = random() % 4; left > 0; --left) {
        const std::string key = "\"" + std::to_string(left) + random_string(random).substr(1);
        members.push_back(key + " : " + random_value(random, depth + 1));
      }
      return "{" + join(members, ",") + "}";
    }
  }
}

}  // namespace

TEST_CASE("python_repr: what stands in a manifest, spelled out") {
  const auto repr = [](const char* text) { return python_repr(parse_json(text, "text"), "lock"); };
  CHECK(repr(R"({"a": [true, false, null], "lock": "x", "b": {}})") ==
        "{'a': [True, False, None], 'b': {}}");
  CHECK(repr(R"({"lock": 1, "a": {"lock": 2}})") == "{'a': {'lock': 2}}");
  CHECK(repr(R"({"lock": 1})") == "{}");
  CHECK(repr(R"(["it's", "say \"it's\"", "\"", "a\\b\n\u0000\u00ad\u00e9"])") ==
        R"(["it's", 'say "it\'s"', '"', 'a\\b\n\x00\xadé'])");
  CHECK(repr(R"([1.0, -0, -0.0, 1e16, 123456789012345680.0, 1e-4, 0.00001, 1E2, 5e-324])") ==
        "[1.0, 0, -0.0, 1e+16, 1.2345678901234568e+17, 0.0001, 1e-05, 100.0, 5e-324]");
}

TEST_CASE("python_repr: Python prints the same for a table of values") {
  check_with_python({
      "0",
      "-0",
      "7",
      "-12345678901234567890123456789",
      "0.0",
      "-0.0",
      "1e3",
      "1e15",
      "1e16",
      "1e17",
      "9999999999999998.0",
      "99999999999999990.0",
      "1.5e16",
      "123e-7",
      "0.0001",
      "0.00012345",
      "0.00001",
      "1e-400",
      "-1e-400",
      "4.9e-324",
      "2e-324",
      "2.5e-324",
      "1.7976931348623157e308",
      "2.2250738585072014e-308",
      "9007199254740993",
      "9007199254740993.0",
      "5.684341886080802e-14",
      "0.1",
      "1E+2",
      "1e-0",
      "100000000000000000000000.0",
      "\"\"",
      "\"'\"",
      "\"\\\"\"",
      "\"'\\\"\"",
      "\"\\\\\"",
      "\"\\u007f\\u0080\\u00a0\\u00ad\"",
      "\"\\u0378\\u200b\\u2028\\ufeff\\uffff\\ue000\"",
      "\"\\ud83d\\ude00\\udbff\\udfff\"",
      "\"\\b\\f\\/\"",
      "[]",
      "{}",
      "[[], {}, [{}]]",
      "{\"\": {\"'\": [1, 2.50, true]}}",
  });
}

TEST_CASE("python_repr: Python prints the same for random documents") {
  Random random(201902);
  std::vector<std::string> texts;
  for (int i = 0; i < 3000; ++i) texts.push_back(random_value(random, 0));
  for (int i = 0; i < 3000; ++i) texts.push_back(random_number(random));
  check_with_python(texts);
}

TEST_CASE("is_python_printable: Python says the same of every character") {
  const auto printed = python(
      "import unicodedata\n"
      "print(unicodedata.unidata_version)\n"
      "print(''.join('1' if chr(c).isprintable() else '0' for c in range(0x110000)))\n");
  if (!printed) return;
  const auto lines = split(*printed, '\n');
  if (lines.at(0) != "14.0.0") {
    MESSAGE("NOT TESTED: this Python has Unicode " << lines.at(0) << ", not 14.0.0");
    return;
  }
  std::string ours;
  for (char32_t point = 0; point < 0x110000; ++point) {
    ours += is_python_printable(point) ? '1' : '0';
  }
  CHECK((ours == lines.at(1)));
}

}  // namespace algoctl
