#include "reading.h"

#include <doctest/doctest.h>

#include "base/text.h"

namespace algoctl::cli {
namespace {

using Words = std::vector<std::string>;
using Kind = Reading::Place::Kind;

std::string values_of(const Reading& reading) {
  std::vector<std::string> texts;
  for (const auto& value : reading.values()) texts.push_back(value.text);
  return join(texts, "|");
}

}  // namespace

TEST_CASE("reading: what stands at the cursor") {
  struct Case {
    Words before;
    std::string word;
    Kind kind;
    Meaning meaning;
    std::string head;
    std::string typed;
  };
  for (const Case& each : std::vector<Case>{
           {{}, "pu", Kind::command, Meaning::free_text, "", "pu"},
           {{"help"}, "pu", Kind::command, Meaning::free_text, "", "pu"},
           {{"-q", "--home", "/h"}, "pu", Kind::command, Meaning::free_text, "", "pu"},
           {{"--home"}, "x", Kind::value, Meaning::folder, "", "x"},
           {{"bogus"}, "x", Kind::nothing, Meaning::free_text, "", "x"},
           {{"bogus"}, "-", Kind::option, Meaning::free_text, "", "-"},
           {{"pull"}, "", Kind::value, Meaning::reference, "", ""},
           {{"pull", "a/b"}, "", Kind::option, Meaning::free_text, "", ""},
           {{"pull", "--slot"}, "m", Kind::value, Meaning::slot, "", "m"},
           {{"pull", "--slot"}, "--to", Kind::value, Meaning::slot, "", "--to"},
           {{"pull"}, "--slot=m", Kind::value, Meaning::slot, "--slot=", "m"},
           {{"pull"}, "--slo", Kind::option, Meaning::free_text, "", "--slo"},
           {{"pull"}, "--bogus=m", Kind::option, Meaning::free_text, "", "--bogus=m"},
           {{"pull"}, "--dir=m", Kind::nothing, Meaning::free_text, "", ""},
           {{"pull", "-o"}, "", Kind::value, Meaning::folder, "", ""},
           {{"pull", "--"}, "-x", Kind::value, Meaning::reference, "", "-x"},
           {{"pull", "--", "a/b"}, "-x", Kind::nothing, Meaning::free_text, "", "-x"},
           {{"upload", "a", "b"}, "c", Kind::value, Meaning::slot_and_file, "", "c"},
           {{"upload"}, "-", Kind::option, Meaning::free_text, "", "-"},
       }) {
    CAPTURE(join(each.before, " "));
    CAPTURE(each.word);
    const auto place = Reading(each.before).place_of(each.word);
    CHECK(place.kind == each.kind);
    CHECK(place.meaning == each.meaning);
    CHECK(place.before == each.head);
    CHECK(place.word == each.typed);
  }
}

TEST_CASE("reading: the values so far, and the options that every command takes") {
  const Reading reading({"--home=/h", "pull", "--bogus", "--slot", "a", "acme/x@1", "--timeout",
                         "soon", "--registry"});
  CHECK(values_of(reading) == "/h|a|acme/x@1|soon");
  CHECK(reading.values()[2].meaning == Meaning::reference);
  CHECK(reading.globals().home == "/h");
  CHECK(reading.globals().timeout == "soon");
  CHECK_FALSE(reading.globals().registry);
  CHECK(reading.has_command());
  CHECK_FALSE(Reading({"--json"}).has_command());
}

}  // namespace algoctl::cli
