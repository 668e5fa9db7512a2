#include "http/module.h"

#include <dlfcn.h>
#include <doctest/doctest.h>

#include <filesystem>

#include "algoctl/error.h"
#include "base/file.h"
#include "support/process.h"
#include "support/temporary_folder.h"

namespace algoctl::http {

namespace fs = std::filesystem;
using test::TemporaryFolder;

namespace {

/// The module of this build.
std::string built() {
  const AlgoctlHttpModule& module = load_module();
  Dl_info info{};
  REQUIRE(dladdr(reinterpret_cast<const void*>(module.open), &info) != 0);
  return fs::canonical(info.dli_fname).string();
}

std::string name() { return fs::path(module_places("/x").front()).filename().string(); }

struct Told {
  std::string message;
  std::string hint;
};

Told refused(const std::vector<std::string>& places) {
  try {
    load_module(places);
  } catch (const Error& error) {
    CHECK(error.code() == Code::storage);
    return {error.message(), error.hint()};
  }
  FAIL("was not refused");
  return {};
}

}  // namespace

TEST_CASE("module: where it is looked for") {
  const auto places = module_places("/opt/algoctl/bin");
  REQUIRE(places.size() >= 2);
  CHECK(places[0] == "/opt/algoctl/bin/libalgoctl-http.so.0");
  CHECK(places[1] == "/opt/algoctl/bin/../lib/libalgoctl-http.so.0");
}

TEST_CASE("module: the one of this build is found, and is the same every time") {
  const AlgoctlHttpModule& module = load_module();
  CHECK(module.version == kAlgoctlHttpVersion);
  CHECK(&load_module() == &module);
  CHECK(&load_module({built()}) == &module);
  // A place without a file is passed over.
  CHECK(&load_module({"/nowhere/" + name(), built()}) == &module);
}

// In a process of its own, see below: once a process has the module, the loader finds it by name.
TEST_CASE("module: absent" * doctest::skip()) {
  const Told told = refused({"/opt/bin/" + name(), "/opt/lib/" + name()});
  CHECK(told.message == "cannot speak HTTP: there is no libalgoctl-http.so.0");
  CHECK(told.hint == "install it as '/opt/lib/libalgoctl-http.so.0'");
}

TEST_CASE("module: its absence is said with the file that is missing") {
  const auto result =
      test::run({fs::canonical("/proc/self/exe").string(), "--no-skip", "-tc=module: absent"});
  CHECK(result.exit == 0);
  CHECK(result.out.find(" 1 passed") != std::string::npos);
}

TEST_CASE("module: a library that is another one is refused") {
  Dl_info info{};
  REQUIRE(dladdr(reinterpret_cast<const void*>(&dladdr), &info) != 0);
  const std::string libc = fs::canonical(info.dli_fname).string();
  const Told told = refused({libc});
  CHECK(told.message == "cannot use '" + libc + "': it belongs to another version");
  CHECK(told.hint == "install the one that came with this version of algoctl");
}

TEST_CASE("module: a file that is none is refused with the loader's words") {
  TemporaryFolder folder;
  const std::string path = folder.write(name(), "not a library");
  const Told told = refused({path});
  CHECK(told.message == "cannot load '" + path + "': " + path + ": file too short");
  CHECK(told.hint == "install what it needs (libcurl 7.87 or later); `ldd` lists it");
}

TEST_CASE("module: it exports its entry and nothing else") {
  const auto symbols = test::run({"nm", "-D", "--defined-only", built()});
  REQUIRE(symbols.exit == 0);
  CHECK(symbols.out.find(" T algoctl_http_module\n") != std::string::npos);
  CHECK(std::count(symbols.out.begin(), symbols.out.end(), '\n') == 1);
}

TEST_CASE("module: the program starts without libcurl") {
  const auto needed = test::run({"ldd", ALGOCTL_PROGRAM});
  REQUIRE(needed.exit == 0);
  CHECK(needed.out.find("libc.so") != std::string::npos);
  CHECK(needed.out.find("curl") == std::string::npos);
  const auto curl = test::run({"ldd", built()});
  REQUIRE(curl.exit == 0);
  CHECK(curl.out.find("libcurl.so") != std::string::npos);
}

}  // namespace algoctl::http
