#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "base/text.h"
#include "support/shop.h"

namespace fs = std::filesystem;

namespace algoctl::test {
namespace {

/// acme/sentiment 1.0.0 of `v1`; the label m was moved from it to `v2` and to `v3`.
struct Moved : Shop {
  Moved() {
    answer({"init", "acme/sentiment"});
    ship("m", "v1");
    for (const std::string bytes : {"v2", "v3"}) {
      write("m", bytes);
      answer({"upload", "m", "--replace"});
    }
  }

  [[nodiscard]] bool there(const std::string& bytes) const {
    const std::string hex = sha256_of(bytes);
    return fs::exists(home() + "/store/objects/sha256/" + hex.substr(0, 2) + "/" + hex);
  }
};

const std::string kV2 = "sha256:" + sha256_of("v2");
const ProcessOptions kNow{.env = {{"ALGOCTL_TRASH_GRACE", "0"}}};

void check(const ProcessResult& result, const std::string& out, const std::string& err) {
  CHECK(result.exit == 0);
  CHECK(without_times(result.out) == out);
  CHECK(without_times(result.err) == err);
}

}  // namespace

TEST_CASE("gc: what a label left goes into the trash, and after the grace it is freed") {
  const Moved shop;
  const std::string why = "data://acme/sentiment/m was moved away from it at TIME";
  const std::string trashed = "trashed\tobject\t" + kV2 + "\t2\t" + why + "\n";
  const std::string state = shop.state();
  check(shop.algoctl({"gc", "--dry-run"}), trashed,
        "algoctl: would free 0 bytes; 2 bytes would go into the trash, to be freed after 3600 s\n");
  CHECK(shop.state() == state);
  check(shop.algoctl({"gc"}), trashed,
        "algoctl: freed 0 bytes; 2 bytes went into the trash, to be freed after 3600 s\n");
  CHECK(shop.there("v2"));
  check(shop.algoctl({"gc"}), "", "algoctl: freed 0 bytes\n");
  const std::string freed = "freed\tobject\t" + kV2 + "\t2\t" + why + "; in the trash since TIME\n";
  const std::string noted = shop.state();
  check(shop.algoctl({"gc", "--dry-run"}, kNow), freed, "algoctl: would free 2 bytes\n");
  CHECK(shop.state() == noted);
  check(shop.algoctl({"gc"}, kNow), freed, "algoctl: freed 2 bytes\n");
  CHECK_FALSE(shop.there("v2"));
  CHECK(shop.there("v1"));
  CHECK(shop.there("v3"));
  check(shop.algoctl({"gc"}, kNow), "", "algoctl: freed 0 bytes\n");
}

TEST_CASE("gc: -q says nothing beside the lines") {
  const Moved shop;
  const auto result = shop.algoctl({"gc", "-q", "--dry-run"});
  CHECK(starts_with(result.out, "trashed\tobject\t" + kV2));
  CHECK(result.err == "");
}

TEST_CASE("gc: --json is one record with every item") {
  const Moved shop;
  CHECK(without_times(shop.answer({"gc", "--json"})) ==
        R"({"schema":"algoctl.gc/v1","items":[{"step":"trashed","kind":"object","name":")" + kV2 +
            R"(","size":2,"why":"data://acme/sentiment/m was moved away from it at TIME"}]})");
  CHECK(shop.answer({"gc", "--json"}) == R"({"schema":"algoctl.gc/v1","items":[]})");
}

TEST_CASE("gc: --keep-last and --keep-for keep what labels named before") {
  const Moved shop;
  for (const Arguments& keep : {Arguments{"--keep-last", "1"}, {"--keep-for", "1h"}}) {
    check(shop.algoctl({"gc", keep[0], keep[1]}), "", "algoctl: freed 0 bytes\n");
  }
  CHECK(shop.algoctl({"gc", "--keep-last", "0", "--keep-for", "0s"})
            .out.find("trashed\tobject\t" + kV2) != std::string::npos);
}

TEST_CASE("gc: malformed counts and durations are refused") {
  const Moved shop;
  check_error(shop, {"gc", "--keep-last", "two"}, 2, "option --keep-last: 'two' is not a number",
              "write 0, 1, 2 …");
  check_error(shop, {"gc", "--keep-last=-1"}, 2, "option --keep-last: '-1' is not a number",
              "write 0, 1, 2 …");
  for (const std::string duration : {"90", "d", "", "1y", "-1d", "100001s"}) {
    check_error(shop, {"gc", "--keep-for=" + duration}, 2,
                "option --keep-for: malformed duration '" + duration + "'",
                "write a number and a unit, such as 90d, 12h, 30m or 45s");
  }
}

TEST_CASE("gc: views that the rules do not keep are freed, those in use stay") {
  const Moved shop;
  shop.write("m", "v4");
  shop.answer({"upload", "m", "--replace"});
  shop.answer({"publish"});
  const std::string first = shop.answer({"pull", "@1.0.0", "--dir"});
  const std::string second = shop.answer({"pull", "@1.1.0", "--dir"});
  const int held = ::open((second + "/m").c_str(), O_RDONLY | O_CLOEXEC);
  REQUIRE(held >= 0);
  const auto freed = [&](const std::string& view) {
    struct stat info {};
    struct stat link {};
    REQUIRE(::lstat(view.c_str(), &info) == 0);
    REQUIRE(::lstat((view + "/m").c_str(), &link) == 0);
    return "freed\tview\t" + view + "\t" + std::to_string((info.st_blocks + link.st_blocks) * 512) +
           "\tnot used as lately as is to be kept\n";
  };
  const std::string line = freed(first);
  const auto dry = shop.algoctl({"gc", "--keep-last", "0", "--dry-run", "-q"});
  CHECK(starts_with(dry.out, line));
  CHECK(fs::exists(first));
  const auto result = shop.algoctl({"gc", "--keep-last", "0", "-q"});
  CHECK(result.out == dry.out);
  CHECK_FALSE(fs::exists(first));
  CHECK(fs::exists(second));
  ::close(held);
  const std::string other = freed(second);
  CHECK(shop.algoctl({"gc", "--keep-last", "0", "-q"}).out == other);
  CHECK_FALSE(fs::exists(second));
  CHECK(shop.answer({"pull", "@1.1.0", "--dir"}) == second);
}

TEST_CASE("gc: the cache's cap spares what was used just now, also in the pull that trims") {
  const Moved shop;
  const ProcessOptions tiny{.env = {{"ALGOCTL_CACHE_SIZE", "0"}}};
  const std::string path = shop.answer({"pull", "@1.0.0"}, tiny);
  CHECK(test::read(path) == "v1");
  shop.answer({"gc"}, tiny);
  CHECK(test::read(path) == "v1");
  const std::string view = shop.answer({"pull", "@1.0.0", "--dir"}, tiny);
  fs::last_write_time(view, fs::file_time_type::clock::now() - std::chrono::minutes(11));
  const auto result = shop.algoctl({"gc", "-q"}, tiny);
  CHECK(result.out.find("freed\tview\t" + view) != std::string::npos);
  CHECK(result.out.find("\tleast recently used, and the cache is too large\n") !=
        std::string::npos);
}

TEST_CASE("gc: another registry's store is left alone, with a warning") {
  const Moved shop;
  give_away_store(shop);
  check(shop.algoctl({"gc"}, kNow), "",
        "algoctl: warning: store 'file://" + shop.home() +
            "/store' belongs to another registry, which alone collects in it\n"
            "algoctl: freed 0 bytes\n");
  CHECK(shop.there("v2"));
}

TEST_CASE("gc: what a killed upload left is freed") {
  const Shop shop;
  shop.answer({"init", "acme/sentiment"});
  {
    Process upload({ALGOCTL_PROGRAM, "upload", "-", "--as", "m"},
                   shop.inside({.input = std::string(100000, 'x'), .hold_input = true}));
    upload.feed();
    while (!fs::exists(shop.home() + "/store/staging") ||
           names_in(shop.home() + "/store/staging").empty()) {
    }
  }  // killed here
  const std::string id = names_in(shop.home() + "/store/staging");
  const std::string file = shop.home() + "/store/staging/" + id;
  const std::string line = "freed\tupload\t" + id + "\t" + std::to_string(fs::file_size(file)) +
                           "\tits process ended; it began at TIME\n";
  CHECK(without_times(shop.algoctl({"gc", "--dry-run", "-q"}).out) == line);
  CHECK(fs::exists(file));
  CHECK(without_times(shop.algoctl({"gc", "-q"}).out) == line);
  CHECK_FALSE(fs::exists(file));
  CHECK(shop.algoctl({"gc", "-q"}).out == "");
}

TEST_CASE("gc: of an absent home frees nothing and makes nothing") {
  const Shop shop;
  check(shop.algoctl({"gc", "--dry-run"}), "", "algoctl: would free 0 bytes\n");
  check(shop.algoctl({"gc"}), "", "algoctl: freed 0 bytes\n");
  CHECK_FALSE(fs::exists(shop.home()));
}

TEST_CASE("gc: an upload under way is none of its business") {
  const Shop shop;
  shop.answer({"init", "acme/sentiment"});
  Process upload({ALGOCTL_PROGRAM, "upload", "-", "--as", "m"},
                 shop.inside({.input = "x", .hold_input = true}));
  upload.feed();
  while (!fs::exists(shop.home() + "/store/staging") ||
         names_in(shop.home() + "/store/staging").empty()) {
  }
  check(shop.algoctl({"gc"}, kNow), "", "algoctl: freed 0 bytes\n");
  CHECK_FALSE(names_in(shop.home() + "/store/staging").empty());
}

}  // namespace algoctl::test
