#include "core/archive_lines.h"

#include <doctest/doctest.h>

#include "unit/core/failure.h"
#include "unit/core/texts.h"

namespace algoctl {
namespace {

using test::failure;
using test::replaced;

JournalRow event() {
  return {3,
          1551312000000,
          "ada \"x\"\n",
          "label",
          "1.0.0",
          "m.pkl",
          "",
          "sha256:" + std::string(64, 'a'),
          "why\t",
          std::string(64, 'b'),
          std::string(64, 'c'),
          std::string(64, 'd'),
          1551312000001};
}

VersionInfo published() {
  return {Algorithm::parse("acme/sentiment"),
          Version::parse("1.2.3-rc.1"),
          9,
          Digest::of("m"),
          Version::parse("1.2.2"),
          1551312000000,
          "ada",
          "notes\nof two lines",
          {"abc", "git@host:x", true},
          Digest::of("r"),
          std::nullopt};
}

}  // namespace

TEST_CASE("archive lines: an event comes back as it was") {
  const std::string line = event_line(event());
  CHECK(line.find('\n') == std::string::npos);
  const JournalRow read = read_event_line(line, "h:1");
  CHECK(event_line(read) == line);
  CHECK(read.who == "ada \"x\"\n");
  CHECK(read.why == "why\t");
  CHECK(read.origin_at == 1551312000001);
  CHECK(read.id() == std::string(64, 'd'));
  JournalRow own = event();
  own.origin = "";
  CHECK(own.id() == own.digest);
}

TEST_CASE("archive lines: a version comes back as it was") {
  for (const std::optional<bool> dirty : {std::optional<bool>(), {true}, {false}}) {
    VersionInfo before = published();
    before.provenance.dirty = dirty;
    if (!dirty) before.previous.reset();
    const std::string line = version_line(before);
    CHECK(line.find('\n') == std::string::npos);
    const VersionInfo after = read_version_line(line, before.algorithm, "h:1");
    CHECK(version_line(after) == line);
    CHECK(after.provenance.dirty == dirty);
    CHECK(after.notes == before.notes);
    CHECK(after.previous.has_value() == dirty.has_value());
  }
}

TEST_CASE("archive lines: bytes that are not UTF-8 survive") {
  JournalRow row = event();
  row.why = "\xff\xfe caf\xe9";
  const std::string line = event_line(row);
  CHECK(line.find("\"why\":{\"hex\":\"fffe20636166e9\"}") != std::string::npos);
  CHECK(read_event_line(line, "h:1").why == row.why);
  VersionInfo info = published();
  info.notes = "\x80";
  CHECK(read_version_line(version_line(info), info.algorithm, "h:1").notes == "\x80");
  CHECK(failure([&] { read_event_line(replaced(line, "fffe", "FFFE"), "h:1"); }) ==
        "integrity: h:1:1:193: malformed hexadecimal digits");
}

TEST_CASE("archive lines: what does not say an event is refused") {
  const std::string line = event_line(event());
  const auto judge = [&](const std::string& from, const std::string& to) {
    return failure([&] { read_event_line(replaced(line, from, to), "h:7"); });
  };
  CHECK(failure([] { read_event_line("", "h:7"); }) ==
        "integrity: h:7:1:1: unexpected end of the text, expected a value");
  CHECK(judge("\"who\"", "\"him\"") == "integrity: h:7:1:1: 'who' is missing");
  CHECK(judge("\"seq\":3", "\"seq\":-3") == "integrity: h:7:1:8: 'seq' is out of range");
  CHECK(judge("\"at\":1551312000000", "\"at\":253402300800000") ==
        "integrity: h:7:1:1: 'at' is out of range");
  CHECK(judge("\"old\":\"\"", "\"old\":null") ==
        "integrity: h:7:1:104: 'old' must be a string, not null");
  CHECK(failure([&] {
          read_version_line(replaced(version_line(published()), "1.2.3-rc.1", "1.2"),
                            Algorithm::parse("a/b"), "h:1");
        }).substr(0, 10) == "integrity:");
}

}  // namespace algoctl
