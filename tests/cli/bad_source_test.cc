#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/text.h"
#include "support/shop.h"

namespace fs = std::filesystem;

namespace algoctl::test {
TEST_CASE("source: what is no file to read") {
  const Started shop;
  const std::string pipe = shop.work() + "/pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  fs::create_symlink("nowhere", shop.work() + "/dangling");
  fs::create_symlink("loop", shop.work() + "/loop");
  shop.write("file", "f");
  for (const char* command : {"upload", "release"}) {
    check_error(shop, {command, "pipe"}, 2, "'pipe' is a pipe, not a regular file",
                "to store what a program writes, pipe it in and name the file -");
    check_error(shop, {command, "/dev/null"}, 2, "'/dev/null' is a device, not a regular file",
                "to store what a program writes, pipe it in and name the file -");
    check_error(shop, {command, "dangling"}, 3, "there is no file 'dangling'",
                "check the path and the current folder");
    check_error(shop, {command, "file/x"}, 3, "there is no file 'file/x'",
                "check the path and the current folder");
    check_error(shop, {command, "loop"}, 6,
                "cannot look at 'loop': Too many levels of symbolic links",
                "a symbolic link on the way leads back to itself, or may not be followed");
    check_error(shop, {command, ""}, 3, "there is no file ''",
                "check the path and the current folder");
  }
  fs::create_directory(shop.work() + "/folder");
  fs::create_symlink("../file", shop.work() + "/folder/link");
  CHECK(shop.answer({"upload", "folder", "--no-manifest"}) == "data://acme/sentiment/folder/link");
  fs::create_symlink("..", shop.work() + "/folder/up");
  check_error(shop, {"upload", "folder"}, 2, "'folder/up' is a link to a folder",
              "put the files themselves into the folder");
}

TEST_CASE("source: a file that grows while it is read is refused, and nothing is left") {
  const Started shop;
  const std::string path = shop.write("growing", std::string(std::size_t{4} << 20, 'g'));
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    std::ofstream out(path, std::ios::app | std::ios::binary);
    while (!stop) out.put('x').flush();
  });
  const auto result = shop.algoctl({"upload", "growing"});
  stop = true;
  writer.join();
  CHECK(result.exit == 6);
  CHECK(result.out == "");
  CHECK(starts_with(result.err, "algoctl: 'growing' changed while it was read\n"));
  CHECK(names_in(shop.home() + "/store/staging").empty());
  CHECK(shop.answer({"list", "acme/sentiment", "--labels"}) == "");
}

TEST_CASE("CI: writing without a named registry is refused, reading is not") {
  const Started shop;
  shop.write("m", "m");
  shop.answer({"upload", "m"});
  const std::string home = shop / "user/.local/share/algoctl";
  ProcessOptions ci{.env = {{"CI", "true"}, {"ALGOCTL_HOME", ""}}};
  const std::string before = shop.state();
  for (const Arguments& arguments : {Arguments{"init", "acme/sentiment"},
                                     {"upload", "m"},
                                     {"publish"},
                                     {"release", "m"},
                                     {"import", "m"},
                                     {"publish", "--dry-run"}}) {
    CAPTURE(join(arguments, " "));
    const auto result = shop.algoctl(arguments, ci);
    CHECK(result.exit == 2);
    CHECK(result.out == "");
    CHECK(result.err ==
          error_text(
              "CI is set and no registry is named: '" + home + "' would vanish with this machine",
              "name one with --home, ALGOCTL_HOME, ALGOCTL_REGISTRY or .algoctl.json"));
  }
  CHECK(shop.state() == before);
  CHECK(!fs::exists(home));
  CHECK(shop.algoctl({"list"}, ci).exit == 0);
  CHECK(shop.answer({"publish", "--home", shop.home()}, ci) == "1.0.0");
  ci.env["ALGOCTL_REGISTRY"] = shop.home() + "/registry.db";
  CHECK(shop.answer({"publish"}, ci) == "1.0.0");
  ci.env.erase("ALGOCTL_REGISTRY");
  shop.write(".algoctl.json", "{\"home\":\"" + shop.home() + "\"}");
  CHECK(shop.answer({"publish"}, ci) == "1.0.0");
}

}  // namespace algoctl::test
