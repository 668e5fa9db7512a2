#include "support/golden.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <vector>

#include "base/text.h"
#include "support/temporary_folder.h"

namespace fs = std::filesystem;

namespace algoctl::test {

namespace {

constexpr const char* kVariable = "ALGOCTL_REWRITE_GOLDENS";

std::string path_of(const std::string& name) {
  return std::string(ALGOCTL_SOURCE_DIR) + "/tests/golden/" + name;
}

void rewrite(const std::string& path, const std::string& text) {
  fs::create_directories(fs::path(path).parent_path());
  std::ofstream(path) << text;
  const std::string said = path + " was rewritten: look at it, and run without " + kVariable;
  FAIL_CHECK(said);
}

/// The first line that is not the same.
std::string difference(const std::string& golden, const std::string& text) {
  std::vector<std::string> wanted = split(golden, '\n');
  std::vector<std::string> found = split(text, '\n');
  const std::size_t count = std::max(wanted.size(), found.size());
  wanted.resize(count, "(the end)");
  found.resize(count, "(the end)");
  for (std::size_t i = 0; i < count; ++i) {
    if (wanted[i] == found[i]) continue;
    return "line " + std::to_string(i + 1) + "\n  golden: " + wanted[i] + "\n  now:    " + found[i];
  }
  return "";
}

}  // namespace

std::string golden(const std::string& name) {
  const std::string path = path_of(name);
  if (!fs::exists(path)) {
    const std::string said = "there is no " + path + ": make it with " + kVariable + "=1";
    FAIL_CHECK(said);
    return "";
  }
  return read(path);
}

void check_golden(const std::string& name, const std::string& text) {
  const std::string path = path_of(name);
  const bool rewriting = std::getenv(kVariable) != nullptr;
  if (rewriting && (!fs::exists(path) || read(path) != text)) return rewrite(path, text);
  if (rewriting) FAIL_CHECK("nothing was compared");
  const std::string wanted = golden(name);
  if (wanted == text) return;
  const std::string said =
      path + ": " + difference(wanted, text) + "\n  if that is right: " + kVariable + "=1";
  FAIL_CHECK(said);
}

}  // namespace algoctl::test
