#include "settings.h"

#include <doctest/doctest.h>

#include <map>

#include "algoctl/error.h"
#include "setting_values.h"

namespace algoctl::cli {
namespace {

using Texts = std::map<std::string, std::string>;

/// A machine that consists of variables and files.
struct Machine {
  Texts variables;
  Texts files;
  std::string folder = "/work place/project/deep";

  [[nodiscard]] Settings settings(const GlobalOptions& options = {}) const {
    const auto look_up = [](const Texts& texts) {
      return [&texts](const std::string& name) -> std::optional<std::string> {
        const auto it = texts.find(name);
        return it == texts.end() ? std::nullopt : std::optional(it->second);
      };
    };
    return resolve_settings(options, {look_up(variables), look_up(files), folder});
  }

  [[nodiscard]] std::string problem(const GlobalOptions& options = {}) const {
    try {
      (void)settings(options);
    } catch (const Error& error) {
      CHECK(error.code() == Code::usage);
      return error.message() + "|" + error.hint();
    }
    return "none";
  }
};

std::string told(const Setting& setting) { return setting.value + " <- " + setting.source; }

}  // namespace

TEST_CASE("settings: the defaults") {
  const Settings plain = Machine{{{"HOME", "/u/ada"}}, {}}.settings();
  CHECK(told(plain.home) == "/u/ada/.local/share/algoctl <- default");
  CHECK(told(plain.cache) == "/u/ada/.cache/algoctl <- default");
  CHECK(told(plain.registry) == " <- default");
  CHECK(told(plain.store) == " <- default");
  CHECK(told(plain.manifest) == " <- default");
  CHECK(told(plain.timeout) == "30 <- default");
  CHECK(told(plain.allow_network_filesystem) == "false <- default");
  CHECK(plain.wait == std::chrono::seconds(30));

  const Machine xdg{{{"HOME", "/u/ada"}, {"XDG_DATA_HOME", "/d"}, {"XDG_CACHE_HOME", "/c"}}, {}};
  CHECK(xdg.settings().home.value == "/d/algoctl");
  CHECK(xdg.settings().cache.value == "/c/algoctl");
}

TEST_CASE("settings: a base folder that is empty or relative counts as unset") {
  const Machine machine{{{"HOME", "/u/ada"}, {"XDG_DATA_HOME", "d"}, {"XDG_CACHE_HOME", ""}}, {}};
  CHECK(machine.settings().home.value == "/u/ada/.local/share/algoctl");
  CHECK(machine.settings().cache.value == "/u/ada/.cache/algoctl");
}

TEST_CASE("settings: without HOME the cache is in the home that is named") {
  CHECK(Machine{}.settings().home.value == "");
  const Machine machine{{{"ALGOCTL_HOME", "/srv/models"}}, {}};
  CHECK(machine.settings().cache.value == "/srv/models/cache");
}

TEST_CASE("settings: each layer beats those below it") {
  Machine machine{{{"HOME", "/u/ada"}}, {}};
  GlobalOptions options;
  const auto home = [&] { return told(machine.settings(options).home); };
  CHECK(home() == "/u/ada/.local/share/algoctl <- default");
  machine.files["/etc/algoctl/config.json"] = R"({"home": "/machine"})";
  CHECK(home() == "/machine <- /etc/algoctl/config.json");
  machine.files["/u/ada/.config/algoctl/config.json"] = R"({"home": "/user"})";
  CHECK(home() == "/user <- /u/ada/.config/algoctl/config.json");
  machine.variables["XDG_CONFIG_HOME"] = "/x";
  CHECK(home() == "/machine <- /etc/algoctl/config.json");
  machine.files["/x/algoctl/config.json"] = R"({"home": "/xdg"})";
  CHECK(home() == "/xdg <- /x/algoctl/config.json");
  machine.files["/.algoctl.json"] = R"({"home": "/root of all"})";
  CHECK(home() == "/root of all <- /.algoctl.json");
  machine.files["/work place/project/.algoctl.json"] = R"({"home": "models"})";
  CHECK(home() == "/work place/project/models <- /work place/project/.algoctl.json");
  machine.files["/work place/project/deep/.algoctl.json"] = R"({"store": "s"})";
  CHECK(home() == "/xdg <- /x/algoctl/config.json");  // only the nearest project file is read
  machine.variables["ALGOCTL_HOME"] = "";
  CHECK(home() == "/xdg <- /x/algoctl/config.json");
  machine.variables["ALGOCTL_HOME"] = "../env";
  CHECK(home() == "/work place/project/env <- environment ALGOCTL_HOME");
  options.home = "opt";
  CHECK(home() == "/work place/project/deep/opt <- option --home");
}

TEST_CASE("settings: every one can come from every layer that has it") {
  Machine machine;
  machine.files["/etc/algoctl/config.json"] =
      R"({"home":"/h","registry":"r.db","store":"file:s","cache":"c","timeout":2.5,"cache_size":7,"trash_grace":9,"limit_rate":8,)"
      R"("manifest":"m.json","allow_network_filesystem":true})";
  const Settings files = machine.settings();
  CHECK(files.home.value == "/h");
  CHECK(files.registry.value == "/etc/algoctl/r.db");
  CHECK(files.store.value == "file:/etc/algoctl/s");
  CHECK(files.cache.value == "/etc/algoctl/c");
  CHECK(files.timeout.value == "2.5");
  CHECK(files.wait == std::chrono::milliseconds(2500));
  CHECK(files.manifest.value == "/etc/algoctl/m.json");
  CHECK(files.allow_network_filesystem.value == "true");
  for (const Setting* setting : files.all()) CHECK(setting->source == "/etc/algoctl/config.json");

  machine.variables = {{"ALGOCTL_HOME", "/eh"},
                       {"ALGOCTL_REGISTRY", "postgres://u:p@db/models"},
                       {"ALGOCTL_STORE", "s3://bucket/prefix"},
                       {"ALGOCTL_MANIFEST", "/em.json"},
                       {"ALGOCTL_TIMEOUT", "0"}};
  const Settings variables = machine.settings();
  CHECK(told(variables.home) == "/eh <- environment ALGOCTL_HOME");
  CHECK(told(variables.registry) == "postgres://u:p@db/models <- environment ALGOCTL_REGISTRY");
  CHECK(told(variables.store) == "s3://bucket/prefix <- environment ALGOCTL_STORE");
  CHECK(told(variables.manifest) == "/em.json <- environment ALGOCTL_MANIFEST");
  CHECK(told(variables.timeout) == "0 <- environment ALGOCTL_TIMEOUT");
  CHECK(variables.wait == std::chrono::milliseconds(0));

  GlobalOptions options;
  options.registry = "sqlite:r.db";
  options.store = "st";
  options.manifest = "a.json";
  options.timeout = "1";
  options.allow_network_filesystem = true;
  const Settings given = machine.settings(options);
  CHECK(told(given.registry) == "sqlite:/work place/project/deep/r.db <- option --registry");
  CHECK(told(given.store) == "/work place/project/deep/st <- option --store");
  CHECK(told(given.manifest) == "/work place/project/deep/a.json <- option --manifest");
  CHECK(told(given.timeout) == "1 <- option --timeout");
  CHECK(told(given.allow_network_filesystem) == "true <- option --allow-network-filesystem");
}

TEST_CASE("settings: a bad configuration file is named with line and column") {
  struct Case {
    const char* text;
    const char* want;
  };
  const std::string path = "/etc/algoctl/config.json";
  for (const Case& c : {
           Case{"{\n  \"hoem\": \"/x\"\n}", ":2:3: unknown setting 'hoem'|did you mean 'home'?"},
           Case{"{\"colour\": 1}", ":1:2: unknown setting 'colour'|"},
           Case{"{\"home\": 1}", ":1:10: 'home' must be a string|"},
           Case{"{\"timeout\": \"1\"}", ":1:13: 'timeout' must be a number|"},
           Case{"{\"timeout\": -1}",
                ":1:13: '-1' is not a number of seconds|"
                "write seconds alone, such as 30 or 0.5"},
           Case{"{\"allow_network_filesystem\": 1}",
                ":1:30: 'allow_network_filesystem' must be true or false|"},
           Case{" []", ":1:2: not a JSON object|"},
       }) {
    CAPTURE(c.text);
    CHECK(Machine{{}, {{path, c.text}}}.problem() == path + c.want);
  }
  CHECK(Machine{{}, {{path, "{\n\"home\" \"x\"}"}}}.problem().find(path + ":2:") == 0);
}

TEST_CASE("settings: an empty string in a file is as good as nothing") {
  const Machine machine{{{"HOME", "/u"}}, {{"/etc/algoctl/config.json", R"({"home":""})"}}};
  CHECK(told(machine.settings().home) == "/u/.local/share/algoctl <- default");
}

TEST_CASE("settings: a bad option or variable is named") {
  GlobalOptions options;
  options.timeout = "5m";
  CHECK(Machine{}.problem(options) ==
        "option --timeout: '5m' is not a number of seconds|"
        "write seconds alone, such as 30 or 0.5");
  CHECK(Machine{{{"ALGOCTL_TIMEOUT", "soon"}}, {}}.problem() ==
        "environment ALGOCTL_TIMEOUT: 'soon' is not a number of seconds|"
        "write seconds alone, such as 30 or 0.5");
  options = {};
  options.home = "";
  CHECK(Machine{}.problem(options) == "option --home is empty|");
  options = {};
  options.limit_rate = "fast";
  CHECK(Machine{}.problem(options) ==
        "option --limit-rate: 'fast' is not a number of bytes|"
        "write bytes alone, without a unit, such as 10485760 for 10 MiB");
}

TEST_CASE("settings: a password is not taken from an option") {
  GlobalOptions options;
  options.registry = "postgres://ada:secret@db/models";
  CHECK(Machine{}.problem(options) ==
        "option --registry: a password does not belong on the command line|"
        "put the URL into ALGOCTL_REGISTRY or a configuration file");
  options = {};
  options.store = "s3://AKIA:secret@models";
  CHECK(Machine{}.problem(options) ==
        "option --store: a password does not belong in a store's URL|"
        "take it out: credentials come from the environment or from files");
}

TEST_CASE("settings: a CI machine needs a registry that is named") {
  const auto refused = [](const char* ci, const Texts& variables, const GlobalOptions& options) {
    Machine machine{variables, {}};
    machine.variables["HOME"] = "/u";
    machine.variables["CI"] = ci;
    try {
      require_named_registry_in_ci(machine.settings(options));
    } catch (const Error& error) {
      CHECK(error.code() == Code::usage);
      CHECK(error.message() ==
            "CI is set and no registry is named: '/u/.local/share/algoctl' would vanish with this "
            "machine");
      CHECK(error.hint() ==
            "name one with --home, ALGOCTL_HOME, ALGOCTL_REGISTRY or .algoctl.json");
      return true;
    }
    return false;
  };
  CHECK(refused("true", {}, {}));
  CHECK(refused("1", {}, {}));
  CHECK(refused("true", {{"ALGOCTL_STORE", "/s"}}, {}));
  CHECK_FALSE(refused("", {}, {}));
  CHECK_FALSE(refused("false", {}, {}));
  CHECK_FALSE(refused("0", {}, {}));
  CHECK_FALSE(refused("true", {{"ALGOCTL_HOME", "/h"}}, {}));
  CHECK_FALSE(refused("true", {{"ALGOCTL_REGISTRY", "/r.db"}}, {}));
  GlobalOptions options;
  options.home = "/h";
  CHECK_FALSE(refused("true", {}, options));
}

TEST_CASE("parse_seconds: whole and broken numbers up to a year") {
  CHECK(parse_seconds("30") == std::chrono::milliseconds(30000));
  CHECK(parse_seconds("0.5") == std::chrono::milliseconds(500));
  CHECK(parse_seconds("0") == std::chrono::milliseconds(0));
  for (const char* text : {"", "-1", "1s", " 1", "nan", "inf", "1e99", "0x10", "31536001"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_seconds(text));
  }
}

TEST_CASE("parent_of: up to the root and no further") {
  CHECK(parent_of("/a/b") == "/a");
  CHECK(parent_of("/a") == "/");
  CHECK(parent_of("/") == "");
  CHECK(in_folder("/", "x") == "/x");
  CHECK(in_folder("/a", "x") == "/a/x");
}

}  // namespace algoctl::cli
