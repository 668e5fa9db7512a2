// Everything that the program prints in its main job, kept in tests/golden and compared whole.

#include "support/golden.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>

#include "base/json.h"
#include "base/text.h"
#include "support/transcript.h"

namespace algoctl::test {
namespace {

/// The names in the overview, which is made from the table of commands.
std::vector<std::string> command_names() {
  static const std::regex row(R"(^  ([a-z]+( [a-z]+)*)  +\S)");
  std::vector<std::string> names;
  for (const std::string& line : split(run_algoctl({"--help"}).out, '\n')) {
    std::smatch match;
    if (std::regex_search(line, match, row)) names.push_back(match[1]);
  }
  return names;
}

/// Asks a server, which the sessions have none of: link_test.cc has one.
const std::string kNeedsServer = "link";

std::string dashed(const std::string& name) { return filled(name, {{" ", "-"}}); }

/// The names of the commands that no step runs; with `json`: runs with --json.
std::string never_run(const Transcript& transcript, bool json) {
  std::vector<std::string> missing;
  for (const std::string& name : command_names()) {
    const std::regex call("\\balgoctl( -\\S+)* " + name + "\\b(?!.* --help)");
    bool found = name == kNeedsServer;
    for (const auto& step : transcript.steps()) {
      const bool fits = !json || step.command.find(" --json") != std::string::npos;
      found = found || (fits && step.result.exit == 0 && std::regex_search(step.command, call));
    }
    if (!found) missing.push_back(name);
  }
  return join(missing, " ");
}

std::string keys_of(const JsonNode& object) {
  std::vector<std::string> keys;
  for (const JsonMember& member : object.members) keys.push_back(member.key);
  std::sort(keys.begin(), keys.end());
  return join(keys, " ");
}

/// The fields of each record, and of the rows in it, by the record's schema: always the same ones.
class Fields {
 public:
  void check(const std::string& line) {
    CAPTURE(line);
    const JsonNode record = parse_json(line, "the record");
    REQUIRE(!record.members.empty());
    REQUIRE(record.members[0].key == "schema");
    const std::string schema = record.members[0].value.text;
    CHECK(std::regex_match(schema, std::regex(R"(algoctl\.[a-z-]+/v1)")));
    same(schema, keys_of(record));
    for (const JsonMember& member : record.members) {
      for (const JsonNode& row : member.value.items) same(schema + " " + member.key, keys_of(row));
    }
  }

  [[nodiscard]] bool has(const std::string& schema) const { return seen_.count(schema) > 0; }

 private:
  void same(const std::string& what, const std::string& keys) {
    CAPTURE(what);
    CHECK(seen_.emplace(what, keys).first->second == keys);
  }

  std::map<std::string, std::string> seen_;
};

}  // namespace

TEST_CASE("golden: the help of every command") {
  check_golden("help/algoctl.txt", run_algoctl({"--help"}).out);
  const auto names = command_names();
  CHECK(names.size() > 10);
  std::size_t files = 1;
  for (const std::string& name : names) {
    Arguments arguments = split(name, ' ');
    arguments.push_back("--help");
    check_golden("help/" + dashed(name) + ".txt", run_algoctl(arguments).out);
    ++files;
  }
  for (const auto& entry :
       std::filesystem::directory_iterator(ALGOCTL_SOURCE_DIR "/tests/golden/help")) {
    CAPTURE(entry.path().string());
    CHECK(files-- > 0);  // more files than commands: one is left over
  }
}

TEST_CASE("golden: the main job, as people see it") {
  const Shop shop;
  const Transcript transcript(shop, golden("session.txt"));
  check_golden("session.txt", transcript.text());
  CHECK(never_run(transcript, false) == "");
}

TEST_CASE("golden: the main job, as programs see it") {
  const Shop shop;
  const Transcript transcript(shop, golden("session.json.txt"));
  check_golden("session.json.txt", transcript.text());
  CHECK(never_run(transcript, true) == "");
  Fields fields;
  for (const auto& step : transcript.steps()) {
    if (step.command.find(" --json") == std::string::npos) continue;
    CAPTURE(step.command);
    const std::string& record = step.result.exit == 0 ? step.result.out : step.result.err;
    CHECK(step.result.exit * step.result.out.size() == 0);
    for (const std::string& line : split(record, '\n')) {
      if (!line.empty()) fields.check(line);
    }
  }
  for (const std::string& name : command_names()) {
    CAPTURE(name);
    if (name == kNeedsServer) continue;
    CHECK(fields.has("algoctl." + dashed(name) + "/v1"));
  }
}

}  // namespace algoctl::test
