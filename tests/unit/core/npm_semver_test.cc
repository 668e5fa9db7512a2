// Version and Range against npm's `semver`: always by stored answers, and where node is there, by
// asking it. `ALGOCTL_UPDATE_GOLDEN=1 unit_core -tc="npm: *"` stores new answers, and counts as
// skipped.

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <optional>

#include "algoctl/error.h"
#include "algoctl/version.h"
#include "core/range.h"
#include "support/temporary_folder.h"
#include "unit/core/semver_cases.h"

using algoctl::Interval;
using algoctl::ParsedRange;
using algoctl::Range;
using algoctl::Version;
using algoctl::test::SemverCase;
using algoctl::test::SemverCases;
using algoctl::test::TemporaryFolder;

namespace {

// Its tildes and x-ranges are those that the answers are made by; older ones differ in corners.
constexpr const char* kOldestNpmSemver = "7.8.0";
constexpr std::uint64_t kSeed = 20190228;
constexpr std::size_t kLiveCases = 20000;
constexpr std::size_t kStoredCases = 1500;

const std::string kVectors = ALGOCTL_SOURCE_DIR "/tests/unit/core/vectors/";

bool is_version(const std::string& text) {
  try {
    Version::parse(text);
    return true;
  } catch (const algoctl::Error&) {
    return false;
  }
}

bool is_candidate(const Interval& interval, const Version& version, bool prereleases) {
  if (interval.low) {
    const int order = version.compare(*interval.low);
    if (order < 0 || (order == 0 && !interval.low_inclusive)) return false;
  }
  if (interval.high) {
    const int order = version.compare(*interval.high);
    if (order > 0 || (order == 0 && !interval.high_inclusive)) return false;
  }
  if (version.is_release() || prereleases) return true;
  const Version tuple(version.major(), version.minor(), version.patch());
  const auto& tuples = interval.prerelease_tuples;
  return std::find(tuples.begin(), tuples.end(), tuple) != tuples.end();
}

char range_answer(const Range& range, const Version& version, bool prereleases) {
  const bool admitted = algoctl::admits(range, version, prereleases);
  const std::vector<Interval> all = algoctl::intervals(range, prereleases);
  const bool candidate = std::any_of(all.begin(), all.end(), [&](const Interval& interval) {
    return is_candidate(interval, version, prereleases);
  });
  // The search by index must find what the comparators admit, and nothing else.
  CHECK(admitted == candidate);
  return admitted ? '1' : '0';
}

std::string our_answer(const SemverCase& c) {
  if (c.kind == "v") return is_version(c.a) ? "1" : "0";
  if (c.kind == "c") {
    const int order = Version::parse(c.a).compare(Version::parse(c.b));
    return std::to_string((order > 0) - (order < 0));
  }
  const ParsedRange parsed = algoctl::parse_range(c.a);
  if (!parsed.range) return "!!";
  const Version version = Version::parse(c.b);
  return {range_answer(*parsed.range, version, false), range_answer(*parsed.range, version, true)};
}

void check(const SemverCase& c) {
  CAPTURE(c.kind);
  CAPTURE(c.a);
  CAPTURE(c.b);
  std::string want = c.answer;
  std::string ours = our_answer(c);
  // `1 - =1.2.3` is a range for npm only with includePrerelease, `1 - 1.0.9007199254740991` only
  // without; ours is one, or not, in both.
  if (c.kind == "r" && (want[0] == '!') != (want[1] == '!')) ours[1] = want[1];
  CHECK(ours == want);
}

std::vector<SemverCase> generate(std::uint64_t seed, std::size_t count) {
  SemverCases source(seed);
  std::vector<SemverCase> cases;
  while (cases.size() < count) cases.push_back(source.next());
  return cases;
}

/// Asks node once. False when node or the package is missing; `npm_version` says which it was.
bool ask_npm(std::vector<SemverCase>& cases, std::string& npm_version) {
  const TemporaryFolder folder;
  std::ofstream questions(folder / "questions");
  for (const SemverCase& c : cases) questions << c.kind << '\t' << c.a << '\t' << c.b << '\n';
  questions.close();
  const std::string command =
      "timeout 100 node '" ALGOCTL_SOURCE_DIR "/tests/support/npm_semver.js' <'" +
      (folder / "questions") + "' >'" + (folder / "answers") + "' 2>/dev/null";
  if (std::system(command.c_str()) != 0) return false;
  std::ifstream answers(folder / "answers");
  std::getline(answers, npm_version);
  for (SemverCase& c : cases) REQUIRE(std::getline(answers, c.answer));
  return true;
}

bool updating() {
  const char* value = std::getenv("ALGOCTL_UPDATE_GOLDEN");
  return value != nullptr && std::string(value) == "1";
}

}  // namespace

TEST_CASE("npm: stored answers of npm's semver") {
  if (updating()) {
    std::vector<SemverCase> cases = generate(kSeed + 1, kStoredCases);
    std::string npm_version;
    REQUIRE(ask_npm(cases, npm_version));
    std::ofstream out(kVectors + "semver.tsv");
    out << "# Random questions and the answers of npm's semver " << npm_version
        << "; made by npm_semver_test.cc\n";
    for (const SemverCase& c : cases) {
      out << c.kind << '\t' << c.a << '\t' << c.b << '\t' << c.answer << '\n';
    }
    MESSAGE("skipped: wrote semver.tsv");
    return;
  }
  const auto cases = algoctl::test::read_semver_cases(kVectors + "semver.tsv");
  CHECK(cases.size() >= kStoredCases);
  for (const SemverCase& c : cases) check(c);
}

TEST_CASE("npm: the classic cases, kept by hand") {
  const auto cases = algoctl::test::read_semver_cases(kVectors + "classic.tsv");
  CHECK(cases.size() >= 200);
  for (const SemverCase& c : cases) check(c);
}

TEST_CASE("npm: random versions and ranges, asked now") {
  std::vector<SemverCase> cases = generate(kSeed, kLiveCases);
  for (SemverCase& c : algoctl::test::read_semver_cases(kVectors + "classic.tsv")) {
    cases.push_back(std::move(c));
  }
  std::string npm_version;
  if (!ask_npm(cases, npm_version)) {
    MESSAGE("skipped: no node with the package semver");
    return;
  }
  if (!is_version(npm_version) || Version::parse(npm_version) < Version::parse(kOldestNpmSemver)) {
    MESSAGE("skipped: semver " << npm_version << " is older than " << kOldestNpmSemver);
    return;
  }
  std::map<std::string, int> seen;
  for (const SemverCase& c : cases) {
    check(c);
    ++seen[c.kind == "r" ? "r " + c.answer : c.kind];
    ++seen[c.kind];
  }
  // A generator that asks only what is easy would prove nothing.
  CHECK(seen["r"] >= 10000);
  CHECK(seen["c"] >= 2000);
  CHECK(seen["v"] >= 1000);
  for (const char* answer : {"r 00", "r 01", "r 11", "r !!"}) {
    CAPTURE(answer);
    CHECK(seen[answer] >= 500);
  }
}
