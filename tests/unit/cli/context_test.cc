#include "context.h"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <map>

#include "algoctl/error.h"
#include "base/file.h"
#include "support/temporary_folder.h"

namespace algoctl::cli {
namespace {

constexpr const char* kManifest = R"({"schema":"algoctl.manifest/v1","name":"acme/sentiment"})";

/// A context in a folder of its own; what it prints goes to two files in it.
class Stage {
 public:
  explicit Stage(const GlobalOptions& globals = {}, const std::string& command = "resolve",
                 std::map<std::string, std::string> variables = {})
      : out_(open("out")), err_(open("err")), output_(out_.get()), console_(err_.get()) {
    const auto variable = [variables](const std::string& name) -> std::optional<std::string> {
      const auto it = variables.find(name);
      return it == variables.end() ? std::nullopt : std::optional(it->second);
    };
    const auto read = [](const std::string&) { return std::nullopt; };
    ctx_ = std::make_unique<Context>(command, globals, Surroundings{variable, read, folder_.path()},
                                     output_, console_);
  }

  Context& ctx() { return *ctx_; }
  const test::TemporaryFolder& folder() { return folder_; }
  std::string out() {
    ctx_->flush();
    return test::read(folder_ / "out");
  }
  std::string err() { return test::read(folder_ / "err"); }

 private:
  Fd open(const std::string& name) {
    return open_file(folder_ / name, O_WRONLY | O_CREAT | O_APPEND, 0600);
  }

  test::TemporaryFolder folder_;
  Fd out_;
  Fd err_;
  Output output_;
  Console console_;
  std::unique_ptr<Context> ctx_;
};

GlobalOptions with_json() {
  GlobalOptions globals;
  globals.json = true;
  return globals;
}

template <typename Action>
std::string problem(Action action) {
  try {
    action();
  } catch (const Error& error) {
    CHECK(error.code() == Code::usage);
    return error.message() + "|" + error.hint();
  }
  return "none";
}

}  // namespace

TEST_CASE("answer: a line, or a record") {
  const auto fill = [](Json& record) { record.set("version", "1.3.0"); };
  Stage text;
  text.ctx().answer("1.3.0", fill);
  CHECK(text.out() == "1.3.0\n");
  Stage json(with_json());
  json.ctx().answer("1.3.0", fill);
  CHECK(json.out() == "{\"schema\":\"algoctl.resolve/v1\",\"version\":\"1.3.0\"}\n");
  Stage two_words(with_json(), "registry create");
  two_words.ctx().answer("x", [](Json&) {});
  CHECK(two_words.out() == "{\"schema\":\"algoctl.registry-create/v1\"}\n");
}

TEST_CASE("answer: several lines, or none") {
  Stage text;
  text.ctx().answer(std::vector<std::string>{"a", "b"}, [](Json&) {});
  text.ctx().answer(std::vector<std::string>{}, [](Json&) {});
  CHECK(text.out() == "a\nb\n");
}

TEST_CASE("rows: lines, or one record that holds them all") {
  for (const bool json : {false, true}) {
    for (const int count : {0, 1, 2}) {
      GlobalOptions globals;
      globals.json = json;
      Stage stage(globals, "list");
      Rows rows =
          stage.ctx().rows("versions", [](Json& head) { head.set("algorithm", "acme/sentiment"); });
      for (int i = 0; i < count; ++i) {
        const std::string version = "1." + std::to_string(i) + ".0";
        CHECK(rows.add(version, [&](Json& item) { item.set("version", version); }));
      }
      rows.finish();
      const std::string items[] = {"", R"({"version":"1.0.0"})",
                                   R"({"version":"1.0.0"},{"version":"1.1.0"})"};
      const std::string lines[] = {"", "1.0.0\n", "1.0.0\n1.1.0\n"};
      CHECK(stage.out() ==
            (json ? R"({"schema":"algoctl.list/v1","algorithm":"acme/sentiment","versions":[)" +
                        items[count] + "]}\n"
                  : lines[count]));
    }
  }
}

TEST_CASE("messages: -q takes them away, -v adds to them, --json wants none") {
  struct Case {
    bool quiet, verbose, json;
    const char* want;
  };
  for (const Case& c : {
           Case{false, false, false, "algoctl: m\nalgoctl: warning: w\n"},
           Case{false, true, false, "algoctl: m\nalgoctl: d\nalgoctl: warning: w\n"},
           Case{true, false, false, ""},
           Case{true, true, false, ""},
           Case{false, false, true, "algoctl: warning: w\n"},
           Case{false, true, true, "algoctl: m\nalgoctl: d\nalgoctl: warning: w\n"},
           Case{true, false, true, ""},
       }) {
    GlobalOptions globals;
    globals.quiet = c.quiet;
    globals.verbose = c.verbose;
    globals.json = c.json;
    Stage stage(globals);
    stage.ctx().message("m");
    stage.ctx().detail("d");
    stage.ctx().warn("w");
    CHECK(stage.err() == c.want);
    CHECK(stage.out() == "");
  }
}

TEST_CASE("confirm: --yes answers, and without a terminal nobody else does") {
  GlobalOptions globals;
  globals.yes = true;
  CHECK(Stage(globals).ctx().confirm("go on?"));
}

TEST_CASE("manifest: the one named, else the nearest, else an error") {
  Stage stage;
  CHECK_FALSE(stage.ctx().find_manifest());
  CHECK(problem([&] { stage.ctx().manifest(); }) ==
        "there is no algorithm.json here or in a parent folder|"
        "make one with `algoctl init OWNER/NAME`, or name one with --manifest");
  const std::string path = stage.folder().write("algorithm.json", kManifest);
  CHECK(stage.ctx().manifest() == path);
  GlobalOptions globals;
  globals.manifest = "other.json";
  Stage named(globals);
  CHECK(named.ctx().manifest() == named.folder() / "other.json");
}

TEST_CASE("reference: @SELECTOR alone means this folder's algorithm") {
  Stage stage;
  CHECK(stage.ctx().reference("acme/other@^1").str() == "acme/other@^1");
  CHECK(problem([&] { stage.ctx().reference("@stable"); }) ==
        "'@stable' means this folder's algorithm, and there is no algorithm.json here or in a "
        "parent folder|write OWNER/NAME@stable");
  const std::string path = stage.folder().write("algorithm.json", kManifest);
  CHECK(stage.ctx().own_algorithm()->str() == "acme/sentiment");
  CHECK(stage.ctx().reference("@stable").str() == "acme/sentiment@stable");
  stage.folder().write("algorithm.json", "{\n}");
  CHECK(problem([&] { stage.ctx().reference("@stable"); }) ==
        path + ":1:1: the manifest has no name|");
  stage.folder().write("algorithm.json", "{\n \"name\": \"Acme\"}");
  CHECK(problem([&] { stage.ctx().reference("@stable"); }).find(path + ":2:10: ") == 0);
}

TEST_CASE("lock_path: beside the manifest, else here") {
  Stage stage;
  CHECK(stage.ctx().lock_path() == stage.folder() / "algoctl.lock");
  GlobalOptions globals;
  globals.manifest = "/srv/project/algorithm.json";
  CHECK(Stage(globals).ctx().lock_path() == "/srv/project/algoctl.lock");
  globals.manifest = "/algorithm.json";
  CHECK(Stage(globals).ctx().lock_path() == "/algoctl.lock");
}

TEST_CASE("client: needs a home, and to write on a CI machine a name for it") {
  CHECK(problem([] { Stage().ctx().client(); }) ==
        "there is no home folder: HOME is not set|name one with --home or ALGOCTL_HOME");
  Stage named({}, "list", {{"ALGOCTL_REGISTRY", "/srv/registry.db"}});
  CHECK(named.ctx().client().options().registry == "/srv/registry.db");
  Stage ci({}, "publish", {{"CI", "true"}, {"HOME", "/u"}});
  CHECK(problem([&] { ci.ctx().writing_client(); }).find("CI is set and no registry is named") ==
        0);
  CHECK(&ci.ctx().client() == &ci.ctx().client());
}

}  // namespace algoctl::cli
