#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace algoctl::test {

/// One question to a semver implementation, and its answer, as tests/support/npm_semver.js has
/// them.
struct SemverCase {
  std::string kind, a, b, answer;
};

/// Random questions, the same on every machine for one seed. Leaves out the ranges that algoctl
/// reads otherwise than npm on purpose (core/range.h): commas, empty alternatives, `*` and `+`
/// glued to other text, white space that is no blank, numeric prereleases over 2^53.
class SemverCases {
 public:
  explicit SemverCases(std::uint64_t seed) : random_(seed) {}

  SemverCase next();

 private:
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }
  bool chance(std::size_t percent) { return below(100) < percent; }
  std::string pick(const std::vector<std::string>& from) { return from[below(from.size())]; }

  std::string number();
  std::string prerelease();
  std::string version();
  std::string partial();
  std::string comparator();
  std::string alternative();
  std::string range();
  std::string mutated(std::string text, std::string_view alphabet);

  std::mt19937_64 random_;  // its sequence is fixed by the standard, a distribution's is not
};

/// Rows `kind a b answer`, separated by tabs; lines that start with # are comments.
std::vector<SemverCase> read_semver_cases(const std::string& path);

}  // namespace algoctl::test
