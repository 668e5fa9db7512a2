#include <doctest/doctest.h>
#include <grp.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "base/text.h"
#include "support/shop.h"

namespace fs = std::filesystem;

namespace algoctl::test {
namespace {

constexpr uid_t kAda = 12345;
constexpr uid_t kBob = 12346;
constexpr uid_t kReader = 12347;
constexpr gid_t kTeam = 54321;

/// A home in a folder of a group, and users with a work folder and a cache of their own.
class Office {
 public:
  explicit Office(mode_t mode) {
    give(shop_ / "", 0, 0, 0755);
    fs::copy_file(ALGOCTL_PROGRAM, shop_ / "algoctl");
    give(shop_ / "algoctl", 0, 0, 0755);
    fs::create_directory(shop_.home());
    give(shop_.home(), 0, kTeam, mode | S_ISGID);
    for (const uid_t user : {kAda, kBob, kReader}) {
      fs::create_directories(folder_of(user));
      give(folder_of(user), user, user, 0700);
    }
  }

  [[nodiscard]] std::string home() const { return shop_.home(); }
  [[nodiscard]] std::string folder_of(uid_t user) const { return shop_ / std::to_string(user); }

  /// Runs the program as that user; Ada and Bob are in the team.
  [[nodiscard]] ProcessResult as(uid_t user, const Arguments& arguments) const {
    const std::string id = std::to_string(user);
    Arguments command = {"setpriv", "--reuid", id, "--regid", id};
    if (user == kReader) {
      command.emplace_back("--clear-groups");
    } else {
      command.insert(command.end(), {"--groups", std::to_string(kTeam)});
    }
    command.push_back(shop_ / "algoctl");
    command.insert(command.end(), arguments.begin(), arguments.end());
    return run(command, shop_.inside({.env = {{"HOME", folder_of(user)},
                                              {"XDG_CACHE_HOME", folder_of(user) + "/.cache"}},
                                      .cwd = folder_of(user)}));
  }

  void write(uid_t user, const std::string& name, const std::string& bytes) const {
    shop_.write("../" + std::to_string(user) + "/" + name, bytes);
  }

 private:
  static void give(const std::string& path, uid_t user, gid_t group, mode_t mode) {
    REQUIRE(::chown(path.c_str(), user, group) == 0);
    REQUIRE(::chmod(path.c_str(), mode) == 0);
  }

  Shop shop_;
};

/// False, with a message, when this test cannot run here.
bool can_be_others() {
  if (::geteuid() == 0 &&
      run({"setpriv", "--reuid", "12345", "--clear-groups", "true"}).exit == 0) {
    return true;
  }
  MESSAGE("skipped: only root may act as several users");
  return false;
}

/// Unmounts what was mounted over a folder.
struct Unmount {
  std::string folder;
  ~Unmount() { ::umount2(folder.c_str(), MNT_DETACH); }
};

void check_answer(const ProcessResult& result, const std::string& out) {
  CAPTURE(result.err);
  CHECK(result.exit == 0);
  CHECK(result.out == out);
}

}  // namespace

TEST_CASE("shared home: two users of a group publish, a third who may only read pulls") {
  if (!can_be_others()) return;
  const Office office(0775);
  for (const uid_t user : {kAda, kBob}) {
    check_answer(office.as(user, {"init", "acme/sentiment"}),
                 office.folder_of(user) + "/algorithm.json\n");
  }
  for (int round = 0; round < 3; ++round) {
    for (const uid_t user : {kAda, kBob}) {
      const std::string name = std::to_string(user) + "-" + std::to_string(round);
      office.write(user, name, name);
      const std::string number = "1." + std::to_string(2 * round + (user == kBob ? 1 : 0)) + ".0\n";
      check_answer(office.as(user, {"release", name, "-q"}), number);
    }
  }
  for (const auto& entry : fs::recursive_directory_iterator(office.home())) {
    struct stat info {};
    REQUIRE(::stat(entry.path().c_str(), &info) == 0);
    CAPTURE(entry.path().string());
    CHECK(info.st_gid == kTeam);
    if (entry.is_directory()) CHECK((info.st_mode & 07777) == 02775);
  }
  const auto pulled = office.as(kReader, {"pull", "acme/sentiment"});
  CHECK(pulled.exit == 0);
  CHECK(pulled.err == "");
  CHECK(test::read(pulled.out.substr(0, pulled.out.size() - 1)) == "12346-2");
  check_answer(office.as(kReader, {"resolve", "acme/sentiment"}), "1.5.0\n");
  const auto refused = office.as(kReader, {"init", "acme/sentiment"});
  CHECK(refused.exit == 6);
  CHECK(starts_with(refused.err, "algoctl: cannot write registry '" + office.home() +
                                     "/registry.db': Permission denied\n"));
  check_answer(office.as(kAda, {"show", "acme/sentiment", "published_by"}), "12346\n");
}

TEST_CASE("shared home: closed to others, open to the group") {
  if (!can_be_others()) return;
  const Office office(0770);
  office.write(kAda, "m", "m");
  CHECK(office.as(kAda, {"init", "acme/sentiment"}).exit == 0);
  check_answer(office.as(kAda, {"release", "m", "-q"}), "1.0.0\n");
  check_answer(office.as(kBob, {"resolve", "acme/sentiment"}), "1.0.0\n");
  CHECK(office.as(kReader, {"resolve", "acme/sentiment"}).exit == 6);
  for (const auto& entry : fs::recursive_directory_iterator(office.home())) {
    if (entry.path().string().find("/objects/sha256/") != std::string::npos) continue;  // 0444
    CAPTURE(entry.path().string());
    CHECK((entry.status().permissions() & fs::perms::others_all) == fs::perms::none);
  }
}

TEST_CASE("shared home: on a read-only mount it can be read") {
  if (!can_be_others()) return;
  const Office office(0775);
  office.write(kAda, "m", "bytes");
  CHECK(office.as(kAda, {"init", "acme/sentiment"}).exit == 0);
  check_answer(office.as(kAda, {"release", "m", "-q"}), "1.0.0\n");
  const std::string place = office.home();
  if (::mount(place.c_str(), place.c_str(), nullptr, MS_BIND, nullptr) != 0) {
    MESSAGE("skipped: nothing may be mounted here");
    return;
  }
  const Unmount unmount{place};
  REQUIRE(::mount(nullptr, place.c_str(), nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr) == 0);
  for (const uid_t user : {kAda, kReader}) {
    check_answer(office.as(user, {"resolve", "acme/sentiment"}), "1.0.0\n");
    const auto pulled = office.as(user, {"pull", "acme/sentiment"});
    CHECK(pulled.exit == 0);
    CHECK(test::read(pulled.out.substr(0, pulled.out.size() - 1)) == "bytes");
  }
  office.write(kAda, "n", "n");
  CHECK(office.as(kAda, {"release", "n"}).exit == 6);
}

TEST_CASE("shared home: a copy of the registry alone needs somebody who may write beside it") {
  if (!can_be_others()) return;
  const Office office(0775);
  CHECK(office.as(kAda, {"init", "acme/sentiment"}).exit == 0);
  for (const char* side : {"-wal", "-shm"}) fs::remove(office.home() + "/registry.db" + side);
  const auto refused = office.as(kReader, {"list"});
  CHECK(refused.exit == 6);
  CHECK(refused.err.find("without its side files") != std::string::npos);
  CHECK(office.as(kAda, {"init", "acme/sentiment"}).exit == 0);
  CHECK(office.as(kReader, {"list"}).exit == 0);
}

TEST_CASE("network file system: refused, unless the user insists") {
  const Shop shop;
  shop.answer({"init", "acme/sentiment"});
  const std::string source = shop.write("nfs.c", R"(
#define _GNU_SOURCE
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>
int statfs(const char *path, struct statfs *info) {
  int result = (int)syscall(SYS_statfs, path, info);
  info->f_type = 0x6969;
  return result;
}
int statfs64(const char *path, struct statfs64 *info) {
  return statfs(path, (struct statfs *)info);
}
)");
  const std::string shim = shop / "nfs.so";
  const auto compiled = run({"cc", "-shared", "-fPIC", "-o", shim, source});
  if (compiled.exit != 0) {
    MESSAGE("skipped: no C compiler");
    return;
  }
  fs::remove(source);
  shop.write("m", "m");
  const ProcessOptions nfs{
      .env = {{"LD_PRELOAD", shim}, {"ASAN_OPTIONS", "verify_asan_link_order=0"}}};
  const std::string before = shop.state();
  for (const Arguments& arguments : {Arguments{"list"},
                                     {"upload", "m"},
                                     {"init", "acme/sentiment"},
                                     {"resolve", "acme/sentiment"}}) {
    const auto result = shop.algoctl(arguments, nfs);
    CAPTURE(arguments[0]);
    CHECK(result.exit == 6);
    CHECK(result.out == "");
    CHECK(result.err ==
          error_text("registry '" + shop.home() +
                         "/registry.db' lies on a network file system (nfs), where SQLite's locks "
                         "cannot be trusted",
                     "use a local --home, or insist with --allow-network-filesystem"));
  }
  CHECK(shop.state() == before);
  CHECK(shop.answer({"list", "--allow-network-filesystem"}, nfs) == "acme/sentiment");
}

}  // namespace algoctl::test
