#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <regex>

#include "base/text.h"
#include "support/shop.h"

namespace fs = std::filesystem;

namespace algoctl::test {
namespace {

/// The lines with free bytes, sizes and times taken out.
std::string plain(const std::string& out) {
  static const std::regex free(R"(\d+ bytes are free)");
  static const std::regex cache(R"(, \d+ of at most)");
  return without_times(std::regex_replace(std::regex_replace(out, free, "N bytes are free"), cache,
                                          ", N of at most"));
}

std::string line_of(const std::string& out, const std::string& subject) {
  for (const std::string& line : split(out, '\n')) {
    if (line.find("\t" + subject + "\t") != std::string::npos) return line;
  }
  return "no line of " + subject;
}

struct DoctorShop : Started {
  DoctorShop() { ship("m", "m"); }
  [[nodiscard]] std::string healthy() const {
    return filled(
        "ok\tregistry\tHOME/registry.db, 1 algorithm\t\n"
        "ok\tpermissions\tthis user may write HOME\t\n"
        "ok\tfile system\tthe registry lies on a local one\t\n"
        "ok\tclock\tTIME\t\n"
        "ok\tstore\tfile://HOME/store\t\n"
        "ok\tspace\tN bytes are free in HOME\t\n"
        "ok\tcache\tCACHE/algoctl, N of at most 10737418240 bytes\t\n"
        "ok\tleftovers\tno upload was abandoned\t\n",
        {{"HOME", home()}, {"CACHE", cache()}});
  }
  /// Exits 1 with all lines healthy but this one.
  void check_ill(const std::string& subject, const std::string& line) const {
    const auto result = algoctl({"doctor"});
    CHECK(result.exit == 1);
    CHECK(result.err == "");
    const std::string well = line_of(healthy(), subject);
    CHECK(plain(result.out) == filled(healthy(), {{well, line}}));
  }
};

}  // namespace

TEST_CASE("doctor: a healthy home has a line for each thing, and exit 0") {
  const DoctorShop shop;
  const std::string before = shop.state();
  const auto result = shop.algoctl({"doctor"});
  CHECK(result.exit == 0);
  CHECK(plain(result.out) == shop.healthy());
  CHECK(result.err == "");
  CHECK(shop.state() == before);
}

TEST_CASE("doctor: an absent home is well, and is not made") {
  const Shop shop;
  const auto result = shop.algoctl({"doctor"});
  CHECK(result.exit == 0);
  CHECK(plain(result.out) ==
        filled("ok\tregistry\tnone yet at HOME/registry.db; the first command that writes makes it"
               "\t\n"
               "ok\tpermissions\tthis user may write ROOT\t\n"
               "ok\tfile system\tthe registry lies on a local one\t\n"
               "ok\tclock\tTIME\t\n"
               "ok\tstore\tnone yet; the first upload makes it\t\n"
               "ok\tspace\tN bytes are free in HOME\t\n"
               "ok\tcache\tCACHE/algoctl, N of at most 10737418240 bytes\t\n"
               "ok\tleftovers\tno upload was abandoned\t\n",
               {{"HOME", shop.home()},
                {"CACHE", shop.cache()},
                {"ROOT", shop.home().substr(0, shop.home().rfind('/'))}}));
  CHECK_FALSE(fs::exists(shop.home()));
}

TEST_CASE("doctor: a registry that was named has to be there") {
  const Shop shop;
  const auto result = shop.algoctl({"doctor", "--registry", "none.db"});
  CHECK(result.exit == 1);
  const std::string missing = "there is no registry at '" + shop.work() + "/none.db'";
  CHECK(starts_with(result.out,
                    "ill\tregistry\t" + missing +
                        "\tcheck --registry and ALGOCTL_REGISTRY; `algoctl init` makes the "
                        "default one\n"));
}

TEST_CASE("doctor: a view that leads to what is gone, an upload that was abandoned") {
  const DoctorShop shop;
  const std::string view = shop.answer({"pull", "--dir"});
  fs::remove(view + "/m");
  fs::create_symlink(shop / "gone", view + "/m");
  shop.check_ill("cache", "ill\tcache\t1 view in " + shop.cache() +
                              "/algoctl leads to what is gone\tremove with `algoctl gc` what "
                              "serves nobody");
  CHECK(starts_with(shop.answer({"gc"}), "freed\tview\t" + view));
  CHECK(shop.algoctl({"doctor"}).exit == 0);

  shop.write("../home/store/staging/stray", "half");
  fs::last_write_time(shop.home() + "/store/staging/stray",
                      fs::file_time_type::clock::now() - std::chrono::hours(25));
  shop.check_ill("leftovers",
                 "ill\tleftovers\t1 upload was abandoned\tfree what is left with `algoctl gc`");
  CHECK(starts_with(shop.answer({"gc"}), "freed\tupload\tstray"));
  CHECK(shop.algoctl({"doctor"}).exit == 0);
}

TEST_CASE("doctor: another registry's store, and a store that is gone") {
  const DoctorShop shop;
  const std::string marker = test::read(shop.home() + "/store/store.json");
  const std::string theirs =
      std::regex_replace(marker, std::regex(R"("owner":"[0-9a-f]+")"), R"("owner":"theirs")");
  shop.write("../home/store/store.json", theirs);
  shop.check_ill("store", "ill\tstore\tfile://" + shop.home() +
                              "/store belongs to another registry\tlet that one collect in it: "
                              "`algoctl gc` leaves it alone from here");
  fs::rename(shop.home() + "/store", shop / "unmounted");
  const auto result = shop.algoctl({"doctor"});
  CHECK(result.exit == 1);
  const std::string gone = "there is no store in '" + shop.home() +
                           "/store'\tcheck the path, and that the disk which holds it is mounted";
  CHECK(line_of(result.out, "store") == "ill\tstore\t" + gone);
  CHECK(line_of(result.out, "leftovers") == "ill\tleftovers\t" + gone);
}

TEST_CASE("doctor: --json has every check with every field") {
  const DoctorShop shop;
  const std::string out = plain(shop.answer({"doctor", "--json"}));
  CHECK(starts_with(out, R"({"schema":"algoctl.doctor/v1","checks":[{"check":"registry",)"
                         R"("healthy":true,"finding":")" +
                             shop.home() + R"(/registry.db, 1 algorithm","remedy":null},)"));
  CHECK(out.find(R"({"check":"leftovers","healthy":true,"finding":"no upload was abandoned",)"
                 R"("remedy":null}]})") != std::string::npos);
  fs::remove_all(shop.home() + "/store");
  const auto ill = shop.algoctl({"doctor", "--json"});
  CHECK(ill.exit == 1);
  CHECK(ill.out.find(R"({"check":"store","healthy":false,"finding":"there is no store in ')" +
                     shop.home() +
                     R"(/store'","remedy":"check the path, and that the disk which )" +
                     R"(holds it is mounted"})") != std::string::npos);
}

TEST_CASE("doctor: a user who may only read is told so, with the remedy") {
  if (::geteuid() != 0 ||
      run({"setpriv", "--reuid", "12347", "--clear-groups", "true"}).exit != 0) {
    MESSAGE("skipped: only root may act as another user");
    return;
  }
  const DoctorShop shop;
  REQUIRE(run({"chmod", "-R", "a+rX", shop / ""}).exit == 0);
  fs::copy_file(ALGOCTL_PROGRAM, shop / "algoctl");
  fs::create_directories(shop / "reader");
  REQUIRE(::chown((shop / "reader").c_str(), 12347, 12347) == 0);
  const auto as_reader = [&] {
    return run({"setpriv", "--reuid", "12347", "--regid", "12347", "--clear-groups",
                shop / "algoctl", "doctor"},
               shop.inside({.env = {{"HOME", shop / "reader"},
                                    {"XDG_CACHE_HOME", (shop / "reader") + "/.cache"}},
                            .cwd = shop / "reader"}));
  };
  const auto folder = as_reader();
  CHECK(folder.exit == 1);
  CHECK(line_of(folder.out, "registry") ==
        "ok\tregistry\t" + shop.home() + "/registry.db, 1 algorithm\t");
  CHECK(line_of(folder.out, "permissions") ==
        "ill\tpermissions\tthis user may not write " + shop.home() +
            ": commands that change something fail\tlet its owner give you the right to write, or "
            "name another --home");
  REQUIRE(::chmod(shop.home().c_str(), 0777) == 0);
  const auto file = as_reader();
  CHECK(file.exit == 1);
  CHECK(line_of(file.out, "permissions") ==
        "ill\tpermissions\tthis user may not write " + shop.home() +
            "/registry.db\tshare the home with a group: chgrp -R GROUP HOME, chmod -R g+rwX HOME, "
            "and chmod g+s on its folders");
}

}  // namespace algoctl::test
