#include <doctest/doctest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "base/text.h"
#include "support/process.h"
#include "support/temporary_folder.h"

namespace algoctl::test {
namespace {

using Arguments = std::vector<std::string>;

ProcessResult run_clean(const Arguments& arguments, ProcessOptions options = {}) {
  options.env.emplace("HOME", "/u/ada");
  return run_algoctl(arguments, options);
}

/// The line of `config` for one setting, without its name.
std::string setting(const ProcessResult& result, const std::string& name) {
  for (const std::string& line : split(result.out, '\n')) {
    if (starts_with(line, name + "\t")) return line.substr(name.size() + 1);
  }
  return "missing";
}

}  // namespace

TEST_CASE("algoctl: alone it explains itself on stderr and fails") {
  const auto result = run_clean({});
  CHECK(result.exit == 2);
  CHECK(result.out == "");
  CHECK(result.err.find("Usage: algoctl COMMAND") != std::string::npos);
  const auto json = run_clean({"--json"});
  CHECK(json.exit == 2);
  CHECK(json.err == R"({"schema":"algoctl.error/v1","code":"usage","exit":2,)"
                    R"("message":"no command given","hint":"see: algoctl --help"})"
                    "\n");
}

TEST_CASE("algoctl: help and version are answers") {
  const auto overview = run_clean({"--help"});
  CHECK(overview.exit == 0);
  CHECK(overview.err == "");
  CHECK(starts_with(overview.out, "algoctl ships a retrained model"));
  CHECK(run_clean({"-h"}).out == overview.out);
  CHECK(run_clean({"help"}).out == overview.out);
  CHECK(run_clean({"--version"}).out == "algoctl 0.1.0\n");
  CHECK(run_clean({"--version", "--json"}).out ==
        "{\"schema\":\"algoctl.version/v1\",\"version\":\"0.1.0\"}\n");
}

TEST_CASE("algoctl: help of a command, however it is asked for") {
  const auto help = run_clean({"config", "--help"});
  CHECK(help.exit == 0);
  CHECK(help.err == "");
  CHECK(starts_with(help.out, "print each setting and where it came from\n\nExamples:\n"));
  for (const Arguments& arguments : {Arguments{"help", "config"},
                                     {"--help", "config"},
                                     {"config", "-h"},
                                     {"-q", "config", "--help"},
                                     {"config", "--bogus", "--help"}}) {
    const auto other = run_clean(arguments);
    CHECK(other.exit == 0);
    CHECK(other.out == help.out);
  }
}

TEST_CASE("algoctl: an unknown command names the nearest") {
  const auto result = run_clean({"confg", "--home", "x"});
  CHECK(result.exit == 2);
  CHECK(result.out == "");
  CHECK(result.err ==
        "algoctl: unknown command 'confg'\n"
        "  hint: did you mean 'config'?\n");
  CHECK(run_clean({"help", "confg"}).err == result.err);
  CHECK(run_clean({"confg", "--help"}).err == result.err);
  CHECK(run_clean({"zzzzzzzz"}).err ==
        "algoctl: unknown command 'zzzzzzzz'\n  hint: see: algoctl --help\n");
  CHECK(run_clean({""}).err == "algoctl: unknown command ''\n  hint: see: algoctl --help\n");
}

TEST_CASE("algoctl: an unknown option names the nearest") {
  const auto result = run_clean({"config", "--hoem", "x"});
  CHECK(result.exit == 2);
  CHECK(result.err ==
        "algoctl: unknown option '--hoem'\n"
        "  hint: did you mean '--home'?\n");
  CHECK(run_clean({"--bogus-option"}).err ==
        "algoctl: unknown option '--bogus-option'\n  hint: see: algoctl --help\n");
  CHECK(run_clean({"--vesion"}).err ==
        "algoctl: unknown option '--vesion'\n  hint: did you mean '--version'?\n");
  CHECK(run_clean({"config", "extra"}).err ==
        "algoctl: unexpected argument 'extra'\n  hint: see: algoctl config --help\n");
  CHECK(run_clean({"config", "--dry-run"}).err ==
        "algoctl: unknown option '--dry-run'\n  hint: 'config' changes nothing\n");
}

TEST_CASE("algoctl: --json turns every error into a record, also that of the options") {
  for (const Arguments& arguments :
       {Arguments{"config", "--hoem", "--json"}, {"--json", "config", "--hoem"}}) {
    const auto result = run_clean(arguments);
    CHECK(result.exit == 2);
    CHECK(result.out == "");
    CHECK(result.err == R"({"schema":"algoctl.error/v1","code":"usage","exit":2,)"
                        R"("message":"unknown option '--hoem'","hint":"did you mean '--home'?"})"
                        "\n");
  }
  CHECK(starts_with(run_clean({"--json", "confg"}).err, "{\"schema\":\"algoctl.error/v1\""));
  CHECK(starts_with(run_clean({"config", "--", "--json"}).err, "algoctl: "));
}

TEST_CASE("algoctl: global options stand before or after the command") {
  for (const Arguments& arguments : {Arguments{"--home", "/h", "config"},
                                     {"config", "--home", "/h"},
                                     {"--home=/h", "config"},
                                     {"-q", "--home", "/h", "-v", "config", "--yes"}}) {
    CHECK(setting(run_clean(arguments), "home") == "/h\toption --home");
  }
  CHECK(setting(run_clean({"--home", "config", "config"}, {.cwd = "/"}), "home") ==
        "/config\toption --home");
  CHECK(run_clean({"--home"}).err ==
        "algoctl: option --home needs a value: --home DIR\n  hint: see: algoctl --help\n");
}

TEST_CASE("config: every setting with where it came from") {
  const auto result = run_clean({"config"}, {.cwd = "/"});
  CHECK(result.exit == 0);
  CHECK(result.err == "");
  CHECK(result.out ==
        "home\t/u/ada/.local/share/algoctl\tdefault\n"
        "registry\t\tdefault\n"
        "store\t\tdefault\n"
        "cache\t/u/ada/.cache/algoctl\tdefault\n"
        "cache_size\t10737418240\tdefault\n"
        "trash_grace\t3600\tdefault\n"
        "manifest\t\tdefault\n"
        "timeout\t30\tdefault\n"
        "limit_rate\t0\tdefault\n"
        "allow_network_filesystem\tfalse\tdefault\n");
}

TEST_CASE("config: as a record") {
  const auto result = run_clean({"config", "--json"}, {.cwd = "/"});
  CHECK(result.exit == 0);
  CHECK(result.out == R"({"schema":"algoctl.config/v1","settings":[)"
                      R"({"name":"home","value":"/u/ada/.local/share/algoctl","source":"default"},)"
                      R"({"name":"registry","value":null,"source":"default"},)"
                      R"({"name":"store","value":null,"source":"default"},)"
                      R"({"name":"cache","value":"/u/ada/.cache/algoctl","source":"default"},)"
                      R"({"name":"cache_size","value":"10737418240","source":"default"},)"
                      R"({"name":"trash_grace","value":"3600","source":"default"},)"
                      R"({"name":"manifest","value":null,"source":"default"},)"
                      R"({"name":"timeout","value":"30","source":"default"},)"
                      R"({"name":"limit_rate","value":"0","source":"default"},)"
                      R"({"name":"allow_network_filesystem","value":"false","source":"default"}]})"
                      "\n");
}

TEST_CASE("config: options beat environment, project, user and defaults") {
  const TemporaryFolder folder;
  const std::string user =
      folder.write("xdg/algoctl/config.json", R"({"home":"/user","store":"/user","timeout":5})");
  const std::string project =
      folder.write("project/.algoctl.json", R"({"home":"models","store":"/project"})");
  folder.write("project/deep/x", "");
  ProcessOptions options{.env = {{"XDG_CONFIG_HOME", folder / "xdg"}},
                         .cwd = folder / "project/deep"};
  auto result = run_clean({"config"}, options);
  CHECK(setting(result, "home") == folder / "project/models" + "\t" + project);
  CHECK(setting(result, "store") == "/project\t" + project);
  CHECK(setting(result, "timeout") == "5\t" + user);
  options.env["ALGOCTL_HOME"] = "here";
  options.env["ALGOCTL_TIMEOUT"] = "";
  result = run_clean({"config"}, options);
  CHECK(setting(result, "home") == folder / "project/deep/here" + "\tenvironment ALGOCTL_HOME");
  CHECK(setting(result, "timeout") == "5\t" + user);
  result = run_clean({"config", "--home", "opt", "--timeout", "1"}, options);
  CHECK(setting(result, "home") == folder / "project/deep/opt" + "\toption --home");
  CHECK(setting(result, "timeout") == "1\toption --timeout");
}

TEST_CASE("config: shows no password") {
  const auto result =
      run_clean({"config"}, {.env = {{"ALGOCTL_REGISTRY", "postgres://ada:secret@db/models"}}});
  CHECK(setting(result, "registry") == "postgres://db/models\tenvironment ALGOCTL_REGISTRY");
  const auto refused = run_clean({"config", "--registry", "postgres://ada:secret@db/models"});
  CHECK(refused.exit == 2);
  CHECK(refused.err.find("secret") == std::string::npos);
}

TEST_CASE("config: a malformed file is named with line and column") {
  const TemporaryFolder folder;
  const std::string path = folder.write(".algoctl.json", "{\n  \"hoem\": \"/x\"\n}\n");
  const auto result = run_clean({"config"}, {.cwd = folder.path()});
  CHECK(result.exit == 2);
  CHECK(result.err == "algoctl: " + path +
                          ":2:3: unknown setting 'hoem'\n"
                          "  hint: did you mean 'home'?\n");
}

TEST_CASE("configuration, lock file, manifest: a named pipe is refused, not waited for") {
  const TemporaryFolder folder;
  const std::string home = "--home=" + (folder / "home");
  for (const auto& [name, command] :
       {std::pair{".algoctl.json", "list"}, {"algoctl.lock", "pull"}, {"algorithm.json", "pull"}}) {
    CAPTURE(name);
    const std::string path = folder / name;
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    const auto result = run_clean({command, home}, {.cwd = folder.path(), .seconds = 10});
    CHECK(result.exit == 2);
    CHECK(result.err == "algoctl: '" + path + "' is a named pipe, not a file\n");
    REQUIRE(::unlink(path.c_str()) == 0);
  }
}

TEST_CASE("stdout: closed is not an error") {
  for (const Arguments& arguments : {Arguments{"config"}, {"--help"}, {"config", "--json"}}) {
    const auto closed = run_clean(arguments, {.close_stdout = true});
    CHECK(closed.exit == 0);
    CHECK(closed.err == "");
    const auto early = run_clean(arguments, {.stop_reading = true});
    CHECK(early.exit == 0);
    CHECK(early.err == "");
  }
  CHECK(run_clean({"confg"}, {.close_stdout = true}).exit == 2);
}

TEST_CASE("stdout: a full disk is an error of its own") {
  const auto result = run_clean({"config"}, {.stdout_path = "/dev/full"});
  CHECK(result.exit == 6);
  CHECK(starts_with(result.err, "algoctl: cannot write to stdout: No space left on device\n"));
  CHECK(run_clean({"--help"}, {.stdout_path = "/dev/full"}).exit == 6);
}

TEST_CASE("standard files: none of them need be there") {
  const ProcessOptions none{.close_stdin = true, .close_stdout = true, .close_stderr = true};
  CHECK(run_clean({"config"}, none).exit == 0);
  CHECK(run_clean({"confg"}, none).exit == 2);
}

TEST_CASE("colour: on a terminal, unless somebody is against it") {
  ProcessOptions options{.env = {{"TERM", "xterm"}}, .terminal = true};
  CHECK(run_clean({"confg"}, options).err.find("\033[1;31malgoctl:\033[0m unknown") == 0);
  options.env["NO_COLOR"] = "";
  CHECK(run_clean({"confg"}, options).err.find("\033[") == 0);
  options.env["NO_COLOR"] = "1";
  CHECK(run_clean({"confg"}, options).err.find('\033') == std::string::npos);
  options.env = {{"TERM", "dumb"}};
  CHECK(run_clean({"confg"}, options).err.find('\033') == std::string::npos);
  options.env = {{"TERM", "xterm"}};
  CHECK(run_clean({"confg", "--json"}, options).err.find('\033') == std::string::npos);
  CHECK(run_clean({"confg"}).err.find('\033') == std::string::npos);
}

TEST_CASE("the folder it stands in may be gone") {
  const TemporaryFolder folder;
  const auto result =
      run({"sh", "-c", "mkdir gone && cd gone && rmdir ../gone && exec \"$0\" config --home /h",
           ALGOCTL_PROGRAM},
          {.cwd = folder.path()});
  CHECK(result.exit == 0);
  CHECK(setting(result, "home") == "/h\toption --home");
}

}  // namespace algoctl::test
