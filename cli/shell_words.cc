#include "shell_words.h"

#include <cctype>

namespace algoctl::cli {

namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n'; }

/// `NAME=VALUE`.
bool is_assignment(const std::string& word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string::npos || equals == 0 || std::isdigit(word[0]) != 0) return false;
  for (const char c : word.substr(0, equals)) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_') return false;
  }
  return true;
}

/// Appends to `word` what follows up to the space that ends it. Returns the offset of that space,
/// or the end.
std::size_t read_word(std::string_view line, std::size_t at, std::string& word) {
  char quote = '\0';
  for (; at < line.size(); ++at) {
    const char c = line[at];
    if (quote == '\0' && is_space(c)) return at;
    if (c == quote) {
      quote = '\0';
    } else if (quote == '\0' && (c == '\'' || c == '"')) {
      quote = c;
    } else if (c == '\\' && quote != '\'') {
      // Between double quotes a backslash stays, unless it is before what it can quote there.
      const bool last = at + 1 == line.size();
      if (quote == '"' &&
          (last || std::string_view("\"\\$`").find(line[at + 1]) == std::string_view::npos)) {
        word += c;
      } else if (!last) {
        word += line[++at];
      }
    } else {
      word += c;
    }
  }
  return at;
}

}  // namespace

std::vector<std::string> shell_words(std::string_view line) {
  std::vector<std::string> words;
  for (std::size_t at = 0;;) {
    while (at < line.size() && is_space(line[at])) ++at;
    std::string word;
    at = read_word(line, at, word);
    const bool last = at == line.size();
    const bool before_command = words.empty() && !last && is_assignment(word);
    if (!before_command) words.push_back(std::move(word));
    if (last) return words;
  }
}

}  // namespace algoctl::cli
