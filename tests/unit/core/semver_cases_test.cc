#include "unit/core/semver_cases.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace algoctl::test {
namespace {

bool has_empty_alternative(const std::string& range) {
  std::size_t begin = 0;
  for (;;) {
    const std::size_t end = range.find("||", begin);
    const std::string alternative =
        range.substr(begin, end == std::string::npos ? end : end - begin);
    if (alternative.find_first_not_of(' ') == std::string::npos) return true;
    if (end == std::string::npos) return false;
    begin = end + 2;
  }
}

/// `~> >1.2`
bool has_doubled_tilde_operator(const std::string& range) {
  for (std::size_t at = 0; (at = range.find("~> ", at)) != std::string::npos; ++at) {
    const std::size_t next = range.find_first_not_of(' ', at + 2);
    if (next != std::string::npos && range[next] == '>') return true;
  }
  return false;
}

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

}  // namespace

std::string SemverCases::number() {
  if (chance(3)) return pick({"9007199254740991", "9007199254740992", "99999999999999999999999"});
  return pick({"0", "0", "0", "1", "1", "1", "2", "2", "3", "10"});
}

std::string SemverCases::prerelease() {
  std::string text =
      pick({"alpha", "beta", "rc", "0", "1", "2", "10", "a-b", "-", "x", "0a", "X-1"});
  while (chance(35)) text += "." + pick({"0", "1", "2", "10", "11", "alpha", "x", "--"});
  return text;
}

std::string SemverCases::version() {
  // One call in each expression: operands of + may be evaluated in either order.
  std::string text = number();
  text += "." + number();
  text += "." + number();
  if (chance(45)) text += "-" + prerelease();
  if (chance(10)) text += "+" + pick({"b", "1", "001", "b.1", "-"});
  return text;
}

std::string SemverCases::partial() {
  const auto part = [&] { return chance(12) ? pick({"x", "X", "*"}) : number(); };
  std::string text = chance(8) ? pick({"v", "=", "v=", "vv", "=="}) : "";
  if (chance(45)) return text + version();
  text += part();
  if (chance(25)) return text;
  text += "." + part();
  if (chance(45)) return text;
  text += "." + part();
  if (chance(25)) text += "-" + prerelease();
  return text;
}

std::string SemverCases::comparator() {
  std::string text =
      pick({"", "", "", ">", ">=", "<", "<=", ">=", "<", "=", "~", "~>", "^", "^", "~"});
  if (chance(12)) text += " ";
  return text + partial();
}

std::string SemverCases::alternative() {
  if (chance(15)) {
    const std::string from = partial();
    return from + " - " + partial();
  }
  std::string text = comparator();
  while (chance(40)) text += " " + comparator();
  return text;
}

std::string SemverCases::range() {
  std::string text = alternative();
  while (chance(25)) {
    text += pick({"||", " || ", "|| "});
    text += alternative();
  }
  if (chance(20) && text.find_first_of("*+") == std::string::npos) {
    text = mutated(text, "00123.-<>=~^vxX| a");
  }
  return text;
}

std::string SemverCases::mutated(std::string text, std::string_view alphabet) {
  do {
    const std::size_t at = below(text.size() + 1);
    const char c = alphabet[below(alphabet.size())];
    const std::size_t kind = below(3);
    if (kind == 0) text.insert(at, 1, c);
    if (kind == 1 && at < text.size()) text[at] = c;
    if (kind == 2 && at < text.size()) text.erase(at, 1);
  } while (chance(30));
  return text;
}

SemverCase SemverCases::next() {
  const std::size_t kind = below(100);
  const auto sound = [&] {
    // The numbers of a version that is to be compared are not the question.
    for (;;) {
      std::string text = version();
      if (text.find("99254740992") == std::string::npos &&
          text.find("99999") == std::string::npos) {
        return text;
      }
    }
  };
  if (kind < 10) {
    const std::string text = chance(20) ? "v" + version() : version();
    return {"v", trimmed(chance(60) ? mutated(text, "0123.-+vxaZ_ ~") : text), "", ""};
  }
  if (kind < 25) return {"c", sound(), sound(), ""};
  for (;;) {
    std::string text = range();
    if (has_empty_alternative(text) || has_doubled_tilde_operator(text)) continue;
    return {"r", std::move(text), sound(), ""};
  }
}

std::vector<SemverCase> read_semver_cases(const std::string& path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error("cannot read " + path);
  std::vector<SemverCase> cases;
  std::string line;
  while (std::getline(in, line)) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream fields(line);
    SemverCase c;
    std::getline(fields, c.kind, '\t');
    std::getline(fields, c.a, '\t');
    std::getline(fields, c.b, '\t');
    std::getline(fields, c.answer, '\t');
    if (c.answer.empty()) throw std::runtime_error("malformed row in " + path + ": " + line);
    cases.push_back(std::move(c));
  }
  return cases;
}

}  // namespace algoctl::test

TEST_CASE("semver cases: one seed, one sequence") {
  algoctl::test::SemverCases a(7);
  algoctl::test::SemverCases b(7);
  for (int i = 0; i < 100; ++i) {
    const auto x = a.next();
    const auto y = b.next();
    CHECK(x.kind + x.a + x.b == y.kind + y.a + y.b);
  }
}
