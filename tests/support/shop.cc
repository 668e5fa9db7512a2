#include "support/shop.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <regex>
#include <stdexcept>

#include "algoctl/digest.h"
#include "base/clock.h"
#include "base/text.h"

namespace fs = std::filesystem;

namespace algoctl::test {

namespace {

bool ends_with(const std::string& text, std::string_view end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

/// What a registry says, however its pages lie; nullopt when SQLite cannot read it.
std::optional<std::string> rows_of(const std::string& path) {
  const ProcessResult dump = run({"sqlite3", "-readonly", path, ".dump"});
  if (dump.exit != 0 || dump.out.find("CREATE TABLE") == std::string::npos) return std::nullopt;
  return sha256_of(dump.out);
}

std::string describe(const std::string& path) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) return " gone";
  char mode[32];
  std::snprintf(mode, sizeof(mode), " %o", static_cast<unsigned>(info.st_mode));
  if (S_ISLNK(info.st_mode)) return mode + (" -> " + fs::read_symlink(path).string());
  if (!S_ISREG(info.st_mode) || ends_with(path, "-shm") || ends_with(path, "-wal")) return mode;
  if (ends_with(path, "/registry.db")) {
    if (const auto rows = rows_of(path)) return mode + (" rows " + *rows);
  }
  return mode + (" " + std::to_string(info.st_size)) + " " + sha256_of(test::read(path));
}

}  // namespace

Shop::Shop() { fs::create_directories(work()); }

std::string Shop::write(std::string_view name, std::string_view bytes) const {
  std::string path = folder_.write("work/" + std::string(name), bytes);
  // Until the clock of files has moved on, the program cannot tell that a file was not changed.
  const std::int64_t written = file_clock_ns();
  while (file_clock_ns() == written) {
  }
  return path;
}

std::string Shop::read(std::string_view name) const {
  return test::read(work() + "/" + std::string(name));
}

ProcessOptions Shop::inside(ProcessOptions options) const {
  options.env.emplace("HOME", folder_ / "user");
  options.env.emplace("ALGOCTL_HOME", home());
  options.env.emplace("XDG_CACHE_HOME", cache());
  if (options.cwd.empty()) options.cwd = work();
  return options;
}

ProcessResult Shop::algoctl(const Arguments& arguments, const ProcessOptions& options) const {
  return run_algoctl(arguments, inside(options));
}

std::string Shop::answer(const Arguments& arguments, const ProcessOptions& options) const {
  ProcessResult result = algoctl(arguments, options);
  if (result.exit != 0) {
    throw std::runtime_error(arguments.at(0) + " exits with " + std::to_string(result.exit) + ": " +
                             result.err);
  }
  if (!result.out.empty() && result.out.back() == '\n') result.out.pop_back();
  return result.out;
}

std::string Shop::ship(std::string_view name, std::string_view bytes, Arguments publish) const {
  write(name, bytes);
  answer({"upload", std::string(name)});
  publish.insert(publish.begin(), "publish");
  return answer(publish);
}

std::string Shop::state() const { return listing(home()) + listing(work()); }

Started::Started() { answer({"init", "acme/sentiment"}); }

std::string listing(const std::string& folder) {
  if (!fs::exists(folder)) return folder + " absent\n";
  std::vector<std::string> lines;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    lines.push_back(entry.path().string() + describe(entry.path().string()) + "\n");
  }
  std::sort(lines.begin(), lines.end());
  std::string text = folder + describe(folder) + "\n";
  for (const std::string& line : lines) text += line;
  return text;
}

std::string sha256_of(std::string_view bytes) { return Digest::of(bytes).hex(); }

std::string filled(std::string text, const std::map<std::string, std::string>& values) {
  for (const auto& [key, value] : values) {
    for (std::size_t at = text.find(key); at != std::string::npos;
         at = text.find(key, at + value.size())) {
      text.replace(at, key.size(), value);
    }
  }
  return text;
}

std::string without_times(const std::string& text) {
  static const std::regex time(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)");
  return std::regex_replace(text, time, "TIME");
}

std::string without_dates(const std::string& text) {
  static const std::regex date(R"(\d{4}-\d\d-\d\d)");
  return std::regex_replace(text, date, "DATE");
}

std::string error_text(const std::string& message, const std::string& hint) {
  std::string text = "algoctl: " + message + "\n";
  if (!hint.empty()) text += "  hint: " + filled(hint, {{"\n", "\n        "}}) + "\n";
  return text;
}

void check_error(const Shop& shop, const Arguments& arguments, int exit, const std::string& message,
                 const std::string& hint) {
  CAPTURE(join(arguments, " "));
  const std::string before = shop.state();
  const auto result = shop.algoctl(arguments);
  CHECK(result.exit == exit);
  CHECK(result.out == "");
  CHECK(without_times(result.err) == error_text(message, hint));
  CHECK(shop.state() == before);
}

void give_away_store(const Shop& shop) {
  const std::string path = shop.home() + "/store/store.json";
  const std::string marker = test::read(path);
  const std::size_t owner = marker.find("\"owner\":\"");
  REQUIRE(owner != std::string::npos);
  fs::remove(path);
  std::ofstream(path) << marker.substr(0, owner) << R"("owner":"another registry"})"
                      << "\n";
}

std::string names_in(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return join(names, " ");
}

}  // namespace algoctl::test
