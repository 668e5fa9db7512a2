// What must not stand in a file of this repository.

#include <doctest/doctest.h>

#include <regex>
#include <string>
#include <vector>

#include "repo/source_tree.h"

namespace algoctl::test {
namespace {

using Violations = std::vector<std::string>;

/// Source files of 400 lines and more.
Violations long_files(const std::vector<SourceFile>& files) {
  Violations found;
  for (const SourceFile& file : files) {
    const int count = count_lines(file.text);
    if (count >= 400) {
      found.push_back(violation(file, count, "a source file has under 400 lines"));
    }
  }
  return found;
}

/// Uses of what the library leaves to the program: output, environment, the end of the process.
Violations process_words(const std::vector<SourceFile>& files) {
  static const std::regex pattern(
      R"(\bstd::(cout|cerr|clog)\b|\b(secure_getenv|getenv|setenv|putenv|unsetenv)\s*\()"
      R"(|\b(exit|_exit|_Exit|quick_exit|printf|puts|putchar|perror)\s*\()");
  Violations found;
  for (const SourceFile& file : files) {
    const std::string code = code_of(file.text);
    for (std::sregex_iterator it(code.begin(), code.end(), pattern), end; it != end; ++it) {
      const auto offset = static_cast<std::size_t>(it->position());
      found.push_back(violation(file, line_at(code, offset), it->str()));
    }
  }
  return found;
}

// Put together here, so that this file does not name what it looks for.
std::string folder(const std::string& name) { return "/" + name + "/"; }

/// Absolute paths that only one developer has: of homes, and of `root`, where this copy happens to
/// stand (unless that is a folder like `/src`, which says nothing).
Violations machine_paths(const std::vector<SourceFile>& files, const std::string& root) {
  std::vector<std::string> paths = {folder("home"), folder("Users"), folder("root")};
  if (root.find('/', 1) != std::string::npos) paths.push_back(root);
  Violations found;
  for (const SourceFile& file : files) {
    for (const std::string& path : paths) {
      for (auto at = file.text.find(path); at != std::string::npos;
           at = file.text.find(path, at + 1)) {
        // `build/root/` and `${prefix}/home/` are no absolute paths.
        const char before = at == 0 ? ' ' : file.text[at - 1];
        const bool goes_on = isalnum(before) || before == '_' || before == '.' || before == '}' ||
                             before == '-' || before == ')';
        if (!goes_on) found.push_back(violation(file, line_at(file.text, at), path));
      }
    }
  }
  return found;
}

const std::vector<std::string_view> kSources = {".cc", ".h", ".sh", ".py", ".cmake", ".sql"};

}  // namespace

TEST_CASE("repository: a long file is seen") {
  CHECK(long_files({{"lib/a.cc", std::string(400, '\n')}}).size() == 1);
  CHECK(long_files({{"lib/a.cc", std::string(399, '\n')}}).empty());
}

TEST_CASE("repository: source files have under 400 lines") {
  const auto files = with_ending(read_tree({"."}), kSources);
  CHECK(files.size() > 20);
  CHECK(lines(long_files(files)) == "");
}

TEST_CASE("repository: output, environment and exit are seen in code alone") {
  const auto judge = [](const std::string& text) {
    return process_words({{"lib/src/base/a.cc", text}});
  };
  CHECK(judge("\nstd::cout << 1;") == Violations{"lib/src/base/a.cc:2: std::cout"});
  CHECK(judge("std::cerr << 1;").size() == 1);
  CHECK(judge("auto home = std::getenv(\"HOME\");").size() == 1);
  CHECK(judge("::getenv (name)").size() == 1);
  CHECK(judge("if (bad) exit(1);").size() == 1);
  CHECK(judge("std::exit(1); ::_exit(1);").size() == 2);
  CHECK(judge("char c = '\"'; exit(1); // \"").size() == 1);
  CHECK(judge("int n = 1'000; exit(n);").size() == 1);
  CHECK(judge("/* a */ exit(1); /* b */").size() == 1);
  CHECK(judge("auto sql = R\"SQL(it's \"x)\")SQL\"; exit(1);").size() == 1);
  CHECK(judge("auto sql = R\"(exit(1) \")\";").empty());
  CHECK(judge("// calls exit(1)\n/* std::cout */ const char* s = \"\\\"getenv(\";").empty());
  CHECK(judge("error.exit_status(); snprintf(b, n, f); on_exit(f); fputs(s, f);").empty());
}

TEST_CASE("repository: the library prints nothing, never exits, reads no environment") {
  const auto files = with_ending(read_tree({"lib"}), {".cc", ".h"});
  CHECK(files.size() > 10);
  CHECK(lines(process_words(files)) == "");
}

TEST_CASE("repository: a path of a developer's machine is seen") {
  const auto judge = [](const std::string& text) {
    return machine_paths({{"a.md", text}}, "/data/ada/algoctl").size();
  };
  CHECK(judge("see\n`" + folder("home") + "ada/algoctl`") == 1);
  CHECK(judge(folder("root") + ".cache") == 1);
  CHECK(judge("cd /data/ada/algoctl && make") == 1);
  CHECK(judge("${prefix}" + folder("root") + "x and src" + folder("home")) == 0);
  CHECK(machine_paths({{"a.md", "\"/src/base\""}}, "/src").empty());
}

TEST_CASE("repository: no file names a path of a developer's machine") {
  CHECK(lines(machine_paths(read_tree({"."}), ALGOCTL_SOURCE_DIR)) == "");
}

}  // namespace algoctl::test
