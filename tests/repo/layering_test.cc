// The rooms of the library and their order, as docs/architecture.md draws them. Every rule is a
// function over files, so that it can be shown a planted violation before it judges the tree.

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "repo/source_tree.h"

namespace algoctl::test {
namespace {

using Violations = std::vector<std::string>;

// What each room may include besides itself.
const std::map<std::string, std::set<std::string>> kBelow = {
    {"base", {}},
    {"core", {"base"}},
    {"http", {"base"}},
    {"curl", {"http"}},
    {"store", {"http", "core", "base"}},
    {"registry", {"core", "base"}},
    {"client", {"registry", "store", "http", "core", "base"}},
    {"reload", {"client", "registry", "store", "http", "core", "base"}},
    {"c", {"reload", "client", "registry", "store", "http", "core", "base"}},
};

// Public headers that a room may see; a room not named may see all of them.
const std::map<std::string, std::set<std::string>> kPublicHeaders = {
    {"base", {"error.h", "export.h"}},
    {"http", {"error.h", "export.h"}},
    {"curl", {}},
};
const std::set<std::string> kClientHeaders = {"client.h", "algoctl.h"};

// Who may include what comes from elsewhere: a prefix of the include, and of the paths allowed.
struct Foreign {
  const char* include;
  std::vector<const char*> allowed;
};
const std::vector<Foreign> kForeign = {
    {"SQLiteCpp/", {"lib/src/registry/"}}, {"sqlite3", {"lib/src/registry/"}},
    {"curl/", {"lib/src/curl/"}},          {"nlohmann/", {"lib/src/base/json"}},
    {"openssl/", {"lib/src/base/hash"}},   {"CLI/", {"cli/options.cc"}},
    {"yaml.h", {"lib/src/base/yaml"}},     {"expat.h", {"lib/src/base/xml"}},
};

const std::set<std::string> kBaseForCli = {"base/text.h", "base/json.h", "base/file.h",
                                           "base/clock.h"};

std::string first_part(const std::string& path) { return path.substr(0, path.find('/')); }

std::string room_of(const SourceFile& file) {
  const std::string prefix = "lib/src/";
  return begins(file.path, prefix) ? first_part(file.path.substr(prefix.size())) : "";
}

bool may_see_public_header(const std::string& room, const std::string& header) {
  const bool above_client = room == "client" || room == "reload" || room == "c";
  if (kClientHeaders.count(header) > 0 && !above_client) return false;
  const auto limited = kPublicHeaders.find(room);
  return limited == kPublicHeaders.end() || limited->second.count(header) > 0;
}

/// Includes in the library's rooms that do not point down.
Violations upward_includes(const std::vector<SourceFile>& files) {
  Violations found;
  for (const SourceFile& file : files) {
    const std::string room = room_of(file);
    const auto below = kBelow.find(room);
    if (below == kBelow.end()) {
      found.push_back(violation(file, 1, "is in no room that this test knows"));
      continue;
    }
    for (const Include& include : includes_of(file)) {
      const std::string target = first_part(include.name);
      if (target == "algoctl") {
        if (!may_see_public_header(room, include.name.substr(8))) {
          found.push_back(violation(file, include.line, room + " includes " + include.name));
        }
      } else if (include.name == "migrations.h") {
        if (room != "registry") {
          found.push_back(violation(file, include.line, room + " includes the schema"));
        }
      } else if (!include.angled || kBelow.count(target) > 0) {
        if (target == room || below->second.count(target) > 0) continue;
        found.push_back(violation(file, include.line, room + " includes " + include.name));
      }
    }
  }
  return found;
}

/// Includes in the program of anything but public headers, a few helpers, and its own files.
Violations deep_cli_includes(const std::vector<SourceFile>& files) {
  std::set<std::string> own;
  for (const SourceFile& file : files) own.insert(file.path.substr(std::string("cli/").size()));
  Violations found;
  for (const SourceFile& file : files) {
    for (const Include& include : includes_of(file)) {
      const bool allowed = begins(include.name, "algoctl/") || own.count(include.name) > 0 ||
                           kBaseForCli.count(include.name) > 0 ||
                           (include.angled && kBelow.count(first_part(include.name)) == 0);
      if (!allowed) found.push_back(violation(file, include.line, "includes " + include.name));
    }
  }
  return found;
}

/// Public headers that include more than each other and the standard library, or are too long.
Violations heavy_public_headers(const std::vector<SourceFile>& files) {
  Violations found;
  for (const SourceFile& file : files) {
    for (const Include& include : includes_of(file)) {
      const bool standard =
          include.angled && (include.name.find_first_of("/.") == std::string::npos ||
                             include.name == "stddef.h" || include.name == "stdint.h");
      if (!standard && !begins(include.name, "algoctl/")) {
        found.push_back(violation(file, include.line, "includes " + include.name));
      }
    }
    const int count = count_lines(file.text);
    if (count >= 200)
      found.push_back(violation(file, count, "a public header has under 200 lines"));
  }
  return found;
}

/// Includes of a dependency outside the one place that knows it.
Violations strayed_dependencies(const std::vector<SourceFile>& files) {
  Violations found;
  for (const SourceFile& file : files) {
    for (const Include& include : includes_of(file)) {
      for (const Foreign& foreign : kForeign) {
        if (!begins(include.name, foreign.include)) continue;
        const auto allows = [&](const char* path) { return begins(file.path, path); };
        if (std::any_of(foreign.allowed.begin(), foreign.allowed.end(), allows)) continue;
        found.push_back(violation(file, include.line, "includes " + include.name));
      }
    }
  }
  return found;
}

std::vector<SourceFile> cxx(const std::vector<std::string>& folders) {
  return with_ending(read_tree(folders), {".cc", ".h"});
}

}  // namespace

TEST_CASE("layers: an include that points up or sideways is seen") {
  const std::vector<std::pair<SourceFile, std::string>> planted = {
      {{"lib/src/base/a.cc", "#include \"core/version.h\"\n"}, "base includes core/version.h"},
      {{"lib/src/core/a.cc", "#include \"store/store.h\"\n"}, "core includes store/store.h"},
      {{"lib/src/core/a.cc", "#include <store/store.h>\n"}, "core includes store/store.h"},
      {{"lib/src/store/a.h", "# include \"registry/db.h\"\n"}, "store includes registry/db.h"},
      {{"lib/src/http/a.cc", "#include \"store/s.h\"\n"}, "http includes store/s.h"},
      {{"lib/src/http/a.cc", "#include \"curl/multi.h\"\n"}, "http includes curl/multi.h"},
      {{"lib/src/curl/a.cc", "#include \"base/text.h\"\n"}, "curl includes base/text.h"},
      {{"lib/src/curl/a.cc", "#include \"algoctl/error.h\"\n"}, "curl includes algoctl/error.h"},
      {{"lib/src/registry/a.cc", "#include \"store/s.h\"\n"}, "registry includes store/s.h"},
      {{"lib/src/registry/a.cc", "#include \"client/c.h\"\n"}, "registry includes client/c.h"},
      {{"lib/src/client/a.cc", "#include \"reload/r.h\"\n"}, "client includes reload/r.h"},
      {{"lib/src/reload/a.cc", "#include \"c/memory.h\"\n"}, "reload includes c/memory.h"},
      {{"lib/src/client/a.cc", "#include \"context.h\"\n"}, "client includes context.h"},
      {{"lib/src/base/a.cc", "#include \"algoctl/version.h\"\n"},
       "base includes algoctl/version.h"},
      {{"lib/src/core/a.cc", "#include \"algoctl/client.h\"\n"}, "core includes algoctl/client.h"},
      {{"lib/src/store/a.cc", "#include \"migrations.h\"\n"}, "store includes the schema"},
  };
  for (const auto& [file, what] : planted) {
    CHECK(upward_includes({file}) == Violations{file.path + ":1: " + what});
  }
  CHECK(upward_includes({{"lib/src/extra/a.cc", ""}}).size() == 1);
  CHECK(upward_includes({{"lib/src/reload/a.cc", "#include \"client/c.h\"\n#include <map>\n"}})
            .empty());
}

TEST_CASE("layers: the library's includes point down only") {
  const auto files = cxx({"lib/src"});
  CHECK(files.size() > 10);
  CHECK(lines(upward_includes(files)) == "");
}

TEST_CASE("layers: an include of the program that goes too deep is seen") {
  const SourceFile own{"cli/context.h", ""};
  for (const char* name : {"client/state.h", "registry/db.h", "base/hash.h", "core/range.h"}) {
    const SourceFile file{"cli/a.cc", "\n#include \"" + std::string(name) + "\"\n"};
    CHECK(deep_cli_includes({own, file}) ==
          Violations{"cli/a.cc:2: includes " + std::string(name)});
  }
  const char* fine =
      "#include <map>\n#include \"context.h\"\n#include \"algoctl/client.h\"\n"
      "#include \"base/json.h\"\n#include <CLI/CLI.hpp>\n";
  CHECK(deep_cli_includes({own, {"cli/b.cc", fine}}).empty());
}

TEST_CASE("layers: the program sees public headers, a few helpers and itself") {
  const auto files = cxx({"cli"});
  CHECK(!files.empty());
  CHECK(lines(deep_cli_includes(files)) == "");
}

TEST_CASE("layers: a public header that includes others' headers or is too long is seen") {
  const auto judge = [](const std::string& text) {
    return heavy_public_headers({{"lib/include/algoctl/a.h", text}}).size();
  };
  CHECK(judge("#include <nlohmann/json.hpp>\n") == 1);
  CHECK(judge("#include <sys/stat.h>\n") == 1);
  CHECK(judge("#include <sqlite3.h>\n") == 1);
  CHECK(judge("#include \"base/file.h\"\n") == 1);
  CHECK(judge("#include \"version.h\"\n") == 1);
  CHECK(judge(std::string(200, '\n')) == 1);
  CHECK(judge(std::string(199, '\n')) == 0);
  CHECK(judge("#include <string_view>\n#include \"algoctl/error.h\"\n") == 0);
  CHECK(judge("#include <stddef.h>\n#include <stdint.h>\n") == 0);
}

TEST_CASE("layers: public headers include each other and the standard library only") {
  const auto files = cxx({"lib/include"});
  CHECK(files.size() > 5);
  CHECK(lines(heavy_public_headers(files)) == "");
}

TEST_CASE("layers: a dependency outside its one place is seen") {
  const std::vector<std::pair<std::string, std::string>> planted = {
      {"lib/src/client/a.cc", "SQLiteCpp/Database.h"},
      {"lib/src/store/a.cc", "sqlite3.h"},
      {"cli/a.cc", "curl/curl.h"},
      {"lib/src/base/text.cc", "nlohmann/json.hpp"},
      {"lib/src/core/digest.cc", "openssl/evp.h"},
      {"cli/main.cc", "CLI/CLI.hpp"},
      {"lib/src/client/a.cc", "yaml.h"},
  };
  for (const auto& [path, name] : planted) {
    const SourceFile angled{path, "#include <" + name + ">\n"};
    const SourceFile quoted{path, "#include \"" + name + "\"\n"};
    CHECK(strayed_dependencies({angled, quoted}) == Violations(2, path + ":1: includes " + name));
  }
  CHECK(
      strayed_dependencies({{"lib/src/base/json_write.cc", "#include <nlohmann/json.hpp>\n"},
                            {"lib/src/base/hash.cc", "#include <openssl/evp.h>\n"},
                            {"lib/src/registry/sqlite_db.cc", "#include <SQLiteCpp/Database.h>\n"},
                            {"cli/options.cc", "#include <CLI/CLI.hpp>\n"}})
          .empty());
}

TEST_CASE("layers: each dependency is included in one place") {
  CHECK(lines(strayed_dependencies(cxx({"lib", "cli"}))) == "");
}

}  // namespace algoctl::test
