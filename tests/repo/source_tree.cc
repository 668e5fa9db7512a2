#include "repo/source_tree.h"

#include <algorithm>
#include <filesystem>
#include <regex>

#include "support/temporary_folder.h"

namespace fs = std::filesystem;

namespace algoctl::test {
namespace {

// Build trees, whatever they are called, and what tools leave behind.
bool is_left_out(const fs::path& folder) {
  const std::string name = folder.filename().string();
  return name == ".git" || name == "build" || name == ".cache" || name == "__pycache__" ||
         fs::exists(folder / "CMakeCache.txt");
}

// The offset after the quoted text that begins at `begin`, or the end.
std::size_t after_quote(std::string_view text, std::size_t begin) {
  for (std::size_t i = begin + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == text[begin]) {
      return i + 1;
    }
  }
  return text.size();
}

std::size_t after(std::string_view text, std::string_view mark, std::size_t from) {
  const std::size_t at = text.find(mark, from);
  return at == std::string_view::npos ? text.size() : at + mark.size();
}

// The offset after the comment or literal that begins at `begin`; `begin` when none does.
std::size_t after_comment_or_literal(std::string_view text, std::size_t begin) {
  const std::string_view rest = text.substr(begin);
  const bool in_word = begin > 0 && isalnum(text[begin - 1]);
  if (begins(rest, "//")) return std::min(text.find('\n', begin), text.size());
  if (begins(rest, "/*")) return after(text, "*/", begin + 2);
  if (begins(rest, "R\"") && !in_word) {
    const std::string delimiter(rest.substr(2, rest.find('(') - 2));
    return after(text, ")" + delimiter + "\"", begin);
  }
  if (begins(rest, "\"")) return after_quote(text, begin);
  // An apostrophe inside a number is a separator.
  if (begins(rest, "'") && !in_word) return after_quote(text, begin);
  return begin;
}

}  // namespace

std::vector<SourceFile> read_tree(const std::vector<std::string>& folders) {
  const fs::path root = ALGOCTL_SOURCE_DIR;
  std::vector<SourceFile> files;
  for (const std::string& folder : folders) {
    for (fs::recursive_directory_iterator it(root / folder), end; it != end; ++it) {
      if (it->is_directory() && is_left_out(it->path())) {
        it.disable_recursion_pending();
      } else if (it->is_regular_file() && !it->is_symlink()) {
        const fs::path path = it->path().lexically_relative(root).lexically_normal();
        files.push_back({path.string(), read(it->path().string())});
      }
    }
  }
  std::sort(files.begin(), files.end(), [](auto& a, auto& b) { return a.path < b.path; });
  return files;
}

std::vector<SourceFile> with_ending(const std::vector<SourceFile>& files,
                                    const std::vector<std::string_view>& endings) {
  std::vector<SourceFile> found;
  for (const SourceFile& file : files) {
    const auto fits = [&](std::string_view ending) { return ends(file.path, ending); };
    if (std::any_of(endings.begin(), endings.end(), fits)) found.push_back(file);
  }
  return found;
}

std::vector<Include> includes_of(const SourceFile& file) {
  static const std::regex pattern(R"re(^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]*)[>"])re");
  std::vector<Include> found;
  int number = 0;
  std::size_t begin = 0;
  while (begin < file.text.size()) {
    const std::size_t end = std::min(file.text.find('\n', begin), file.text.size());
    const std::string line = file.text.substr(begin, end - begin);
    ++number;
    std::smatch match;
    if (std::regex_search(line, match, pattern)) {
      found.push_back({number, match[2], match[1] == "<"});
    }
    begin = end + 1;
  }
  return found;
}

std::string code_of(std::string_view text) {
  std::string code(text);
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = after_comment_or_literal(text, at);
    for (std::size_t i = at; i < end; ++i) {
      if (code[i] != '\n') code[i] = ' ';
    }
    at = std::max(end, at + 1);
  }
  return code;
}

std::string violation(const SourceFile& file, int line, const std::string& what) {
  return file.path + ":" + std::to_string(line) + ": " + what;
}

int count_lines(std::string_view text) {
  return static_cast<int>(std::count(text.begin(), text.end(), '\n'));
}

int line_at(std::string_view text, std::size_t offset) {
  return 1 + count_lines(text.substr(0, offset));
}

bool begins(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

bool ends(std::string_view text, std::string_view suffix) {
  return text.size() >= suffix.size() && text.substr(text.size() - suffix.size()) == suffix;
}

std::string lines(const std::vector<std::string>& violations) {
  std::string text;
  for (const std::string& each : violations) text += each + "\n";
  return text;
}

}  // namespace algoctl::test
