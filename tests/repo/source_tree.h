#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace algoctl::test {

/// A file of the repository. The path is relative to its root: `lib/src/core/version.cc`.
struct SourceFile {
  std::string path;
  std::string text;
};

/// One `#include`: the line it stands on, and what stands between its quotes or brackets.
struct Include {
  int line;
  std::string name;
  bool angled;
};

/// The regular files below `folders` of the repository, sorted by path; build trees and version
/// control left out. Throws when a folder is not there.
std::vector<SourceFile> read_tree(const std::vector<std::string>& folders);

/// Those whose name ends with one of `endings`.
std::vector<SourceFile> with_ending(const std::vector<SourceFile>& files,
                                    const std::vector<std::string_view>& endings);

std::vector<Include> includes_of(const SourceFile& file);

/// The text with comments and literals of strings and characters as spaces; lines stay.
std::string code_of(std::string_view text);

/// `PATH:LINE: WHAT`.
std::string violation(const SourceFile& file, int line, const std::string& what);

int count_lines(std::string_view text);
int line_at(std::string_view text, std::size_t offset);
bool begins(std::string_view text, std::string_view prefix);
bool ends(std::string_view text, std::string_view suffix);

/// One violation per line, so that a failed check reads well.
std::string lines(const std::vector<std::string>& violations);

}  // namespace algoctl::test
