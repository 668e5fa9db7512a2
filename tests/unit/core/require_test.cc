#include "algoctl/require.h"

#include <doctest/doctest.h>

#include "unit/core/failure.h"

using namespace algoctl;

namespace {

std::string compared(const char* left, const char* symbol, const char* right) {
  const Requirement requirement = Requirement::parse(std::string("k") + symbol + "1");
  const auto holds = compare_metadata(left, requirement.comparison, right);
  return holds ? (*holds ? "yes" : "no") : "neither";
}

}  // namespace

TEST_CASE("Requirement: key, operator, value or the version compared with") {
  const Requirement number = Requirement::parse("accuracy >= 0.9");
  CHECK(number.key == "accuracy");
  CHECK(number.symbol() == ">=");
  CHECK(number.value == "0.9");
  CHECK_FALSE(number.than.has_value());

  const Requirement other = Requirement::parse("accuracy>=@stable");
  CHECK(other.value == "@stable");
  CHECK(other.than->channel() == "stable");

  CHECK(Requirement::parse("framework=onnx").symbol() == "==");
  CHECK(Requirement::parse("framework!=onnx=1").value == "onnx=1");
  CHECK(Requirement::parse("a.b-c<@^1.2").than->kind() == Selector::Kind::range);
}

TEST_CASE("Requirement: what is none is refused") {
  for (const char* text : {"", "accuracy", ">=1", "accuracy ! 1", "accuracy=>0.9", "accuracy<>0.9",
                           "accuracy!==0.94", "accuracy===1", "accuracy=<1"}) {
    CAPTURE(text);
    CHECK_THROWS_WITH_AS(Requirement::parse(text),
                         ("malformed requirement '" + std::string(text) + "'").c_str(), Error);
  }
  for (const char* text : {"note=", "accuracy>= "}) {
    CHECK_THROWS_WITH_AS(Requirement::parse(text),
                         ("requirement '" + std::string(text) + "' has no value").c_str(), Error);
  }
  CHECK_THROWS_AS(Requirement::parse("a>=@1.2.3.4"), Error);
}

TEST_CASE("compare_metadata: numbers as numbers, texts as texts, never one with the other") {
  struct Case {
    const char* left;
    const char* symbol;
    const char* right;
    const char* want;
  };
  for (const Case& c : {
           Case{"10", ">", "9", "yes"},
           Case{"0.10", "==", "0.1", "yes"},
           Case{"1e-3", "<", "0.01", "yes"},
           Case{"-1", "<", "1", "yes"},
           Case{"+1", "==", "1.0", "yes"},
           Case{"0.93", ">=", "0.93", "yes"},
           Case{"0.93", ">", "0.93", "no"},
           Case{"0.92", ">=", "0.93", "no"},
           Case{"9007199254740993", "==", "9007199254740992", "no"},
           Case{"123456789012345678901", ">=", "123456789012345678902", "no"},
           Case{"123456789012345678902", ">=", "123456789012345678901", "yes"},
           Case{"123456789012345678901", "==", "123456789012345678902", "no"},
           Case{"-123456789012345678902", "<", "-123456789012345678901", "yes"},
           Case{"-99999999999999999999", "<", "1", "yes"},
           Case{"100000000000000000000", ">", "99999999999999999999", "yes"},
           Case{"+0007", "==", "7", "yes"},
           Case{"-0", "==", "000", "yes"},
           Case{"-", "==", "0", "neither"},
           Case{"onnx", "==", "onnx", "yes"},
           Case{"onnx", "!=", "torch", "yes"},
           Case{"onnx", "==", "ONNX", "no"},
           Case{"a", "<", "b", "neither"},
           Case{"1", "==", "one", "neither"},
           Case{"nan", ">=", "0", "neither"},
           Case{"inf", ">", "1", "neither"},
           Case{"0x10", "==", "16", "neither"},
           Case{"", "<", "1", "neither"},
       }) {
    CAPTURE(c.left);
    CAPTURE(c.symbol);
    CAPTURE(c.right);
    CHECK(compared(c.left, c.symbol, c.right) == c.want);
  }
}
