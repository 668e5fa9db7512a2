#include <doctest/doctest.h>
#include <signal.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "base/text.h"
#include "registry/sqlite_db.h"
#include "support/shop.h"

namespace fs = std::filesystem;

// Everything at once, with processes that are killed at random: what was acknowledged is there, and
// nothing else is left. ALGOCTL_STORM_SECONDS says how long; `make storm` a minute.

namespace algoctl::test {
namespace {

using Clock = std::chrono::steady_clock;
using Texts = std::map<std::string, std::string>;

constexpr int kSeconds = 4;
constexpr const char* kMoving = "data://acme/sentiment/moving.bin";

int storm_seconds() {
  const char* text = ::getenv("ALGOCTL_STORM_SECONDS");
  return text == nullptr ? kSeconds : std::atoi(text);
}

class Storm {
 public:
  Storm() {
    shop_.answer({"init", "acme/sentiment"});
    shop_.ship("m.bin", "the first");
    acknowledge("acme/sentiment@1.0.0", "the first");
  }

  /// Runs `body` again and again, in a thread of its own, with a source of chance of its own.
  void add(const std::function<void(std::mt19937&)>& body) {
    const auto seed = static_cast<std::uint32_t>(threads_.size() + 1);
    threads_.emplace_back([this, body, seed] {
      std::mt19937 random(seed);
      try {
        while (!over_) body(random);
      } catch (const std::exception& error) {
        complain(error.what());
      }
    });
  }

  void rage() {
    const timespec pause{storm_seconds(), 0};
    ::nanosleep(&pause, nullptr);
    over_ = true;
    for (std::thread& thread : threads_) thread.join();
    for (const std::string& complaint : complaints_) FAIL_CHECK(complaint);
  }

  /// Runs the program; one time in four it is killed at a random instant of a usual run.
  ProcessResult algoctl(std::mt19937& random, Arguments arguments, ProcessOptions options = {}) {
    arguments.insert(arguments.begin(), ALGOCTL_PROGRAM);
    Process process(arguments, shop_.inside(std::move(options)));
    ++runs_;
    if (random() % 4 == 0) {
      const timespec pause{0, static_cast<long>(random() % 60'000'000)};
      ::nanosleep(&pause, nullptr);
      process.send(SIGKILL);
    }
    ProcessResult result = process.wait();
    if (was_killed(result)) ++kills_;
    return result;
  }

  static bool was_killed(const ProcessResult& result) { return result.exit == 128 + SIGKILL; }

  void complain(const std::string& text) {
    const std::lock_guard lock(mutex_);
    if (complaints_.size() < 20) complaints_.push_back(text);
  }

  void acknowledge(const std::string& version, const std::string& bytes) {
    const std::lock_guard lock(mutex_);
    acknowledged_[version] = sha256_of(bytes);
  }

  /// New bytes for each call.
  std::string fresh(const std::string& who) {
    return who + " " + std::to_string(++count_) + " " + std::string(30000, 'x');
  }

  /// What the registry says in two columns.
  [[nodiscard]] Texts query(const char* sql) const {
    const auto db = open_sqlite({shop_.home() + "/registry.db", SqliteOptions::Mode::read_only,
                                 std::chrono::seconds(30), nullptr});
    Texts result;
    Rows& rows = db->query(sql);
    while (rows.next()) result[rows.text(0)] = rows.text(1);
    return result;
  }

  [[nodiscard]] const Shop& shop() const { return shop_; }
  [[nodiscard]] const Texts& acknowledged() const { return acknowledged_; }
  [[nodiscard]] std::string summary() const {
    return std::to_string(runs_) + " processes, " + std::to_string(kills_) + " killed, " +
           std::to_string(acknowledged_.size()) + " versions acknowledged";
  }

 private:
  Shop shop_;
  std::vector<std::thread> threads_;
  std::atomic<bool> over_{false};
  std::atomic<int> runs_{0};
  std::atomic<int> kills_{0};
  std::atomic<int> count_{0};
  std::mutex mutex_;
  Texts acknowledged_;
  std::vector<std::string> complaints_;
};

/// A release is acknowledged with its number. It may be refused only for bytes that a collection
/// without grace took before they were named.
void publish(Storm& storm, std::mt19937& random, const std::string& who) {
  const std::string bytes = storm.fresh(who);
  const ProcessOptions there{.cwd = storm.shop().work() + "/" + who, .seconds = 100};
  storm.shop().write(who + "/" + who + ".bin", bytes);
  const auto result = storm.algoctl(random, {"release", "model=" + who + ".bin", "-q"}, there);
  if (result.exit == 0) {
    storm.acknowledge("acme/sentiment@" + result.out.substr(0, result.out.size() - 1), bytes);
  } else if (!Storm::was_killed(result)) {
    storm.complain("release: " + result.err);
  }
}

/// Another registry, and its export, which has a version more each time.
class Elsewhere {
 public:
  Elsewhere() {
    shop_.answer({"init", "acme/brought"});
    grow("the first from elsewhere");
  }

  void grow(const std::string& bytes) {
    shop_.write("b.bin", bytes);
    shop_.answer({"release", "model=b.bin"});
    shop_.answer({"export", "acme/brought", "-o", file()});
    versions_["acme/brought@1." + std::to_string(versions_.size()) + ".0"] = bytes;
  }

  [[nodiscard]] std::string file() const { return shop_ / "brought.tar"; }
  [[nodiscard]] const Texts& versions() const { return versions_; }

 private:
  Shop shop_;
  Texts versions_;
};

/// An import is refused for nothing, whatever is collected meanwhile; one that was killed is run
/// again.
void import(Storm& storm, std::mt19937& random, Elsewhere& elsewhere) {
  const auto result = storm.algoctl(random, {"import", elsewhere.file(), "-q"}, {.seconds = 100});
  if (Storm::was_killed(result)) return;
  if (result.exit != 0) return storm.complain("import: " + result.err);
  for (const auto& [version, bytes] : elsewhere.versions()) storm.acknowledge(version, bytes);
  if (random() % 4 != 0) elsewhere.grow(storm.fresh("brought"));
}

/// The bytes behind a path are those that its link's target is named by.
bool is_right(const std::string& path, bool may_be_gone, std::string& complaint) {
  std::error_code error;
  const std::string object = fs::read_symlink(path, error).filename().string();
  std::string bytes;
  try {
    bytes = test::read(path);
  } catch (const std::exception& failure) {
    if (!may_be_gone) complaint = path + ": " + failure.what();
    return may_be_gone;
  }
  if (sha256_of(bytes) == object) return true;
  complaint = path + " has other bytes";
  return false;
}

void pull(Storm& storm, std::mt19937& random, const std::string& reference) {
  const bool label = starts_with(reference, "data:");
  const auto result = storm.algoctl(random, {"pull", reference, "-q"});
  if (Storm::was_killed(result) || (label && result.exit != 0)) return;
  if (result.exit != 0) return storm.complain("pull: " + result.err);
  std::string complaint;
  if (!is_right(result.out.substr(0, result.out.size() - 1), label, complaint)) {
    storm.complain(complaint);
  }
}

void move_label(Storm& storm, std::mt19937& random) {
  const std::string bytes = storm.fresh("moving");
  const Arguments upload = {"upload",    "-",           "--as",           "moving.bin",
                            "--replace", "--algorithm", "acme/sentiment", "--no-manifest",
                            "-q"};
  const auto result = storm.algoctl(random, upload, {.input = bytes});
  if (Storm::was_killed(result)) return;
  if (result.exit != 0) {
    // A stream cannot be read again.
    if (result.err.find(" went away while it was uploaded") == std::string::npos) {
      storm.complain("upload: " + result.err);
    }
    return;
  }
  const auto now = storm.shop().algoctl({"resolve", kMoving});
  if (now.out != "sha256:" + sha256_of(bytes) + "\n") storm.complain("label: " + now.out + now.err);
}

void maintain(Storm& storm, std::mt19937& random, const Arguments& arguments,
              const std::string& grace) {
  const ProcessOptions options{.env = {{"ALGOCTL_TRASH_GRACE", grace}, {"ALGOCTL_CACHE_SIZE", "0"}},
                               .seconds = 100};
  const auto result = storm.algoctl(random, arguments, options);
  if (result.exit != 0 && !Storm::was_killed(result)) {
    storm.complain(arguments[0] + ": " + result.out + result.err);
  }
}

std::set<std::string> objects_in(const std::string& store) {
  std::set<std::string> objects;
  for (const auto& entry : fs::recursive_directory_iterator(store + "/objects")) {
    if (entry.is_regular_file()) objects.insert(entry.path().filename().string());
  }
  return objects;
}

/// After two more collections without a grace the store has exactly what rows reach.
void check_settled(const Storm& storm) {
  const Shop& shop = storm.shop();
  const ProcessOptions now{.env = {{"ALGOCTL_TRASH_GRACE", "0"}}};
  for (int i = 0; i < 2; ++i) CHECK(shop.algoctl({"gc"}, now).exit == 0);
  const auto verify = shop.algoctl({"verify", "--all"});
  CHECK(verify.exit == 0);
  CHECK(verify.out == "");
  std::set<std::string> reached;
  for (const auto& [object, one] :
       storm.query("SELECT object, 1 FROM manifest_object UNION SELECT object, 1 FROM label")) {
    reached.insert(object);
  }
  CHECK(objects_in(shop.home() + "/store") == reached);
  CHECK(storm.query("SELECT digest, 1 FROM object").size() == reached.size());
  CHECK(names_in(shop.home() + "/store/staging").empty());
  CHECK(storm.query("SELECT id, 1 FROM upload").empty());
  CHECK(storm.query("SELECT object, 1 FROM trash").empty());
}

void check_acknowledged(const Storm& storm) {
  const Texts there = storm.query(
      "SELECT a.name || '@' || v.major || '.' || v.minor || '.' || v.patch, o.object "
      "FROM version v JOIN algorithm a ON a.id = v.algorithm "
      "JOIN manifest_object o ON o.manifest = v.manifest");
  for (const auto& [version, object] : storm.acknowledged()) {
    CAPTURE(version);
    const auto found = there.find(version);
    CHECK((found != there.end() && found->second == object));
  }
  const auto newest = storm.acknowledged().rbegin();
  const std::string path = storm.shop().answer({"pull", newest->first});
  CHECK(sha256_of(test::read(path)) == newest->second);
}

}  // namespace

TEST_CASE("storm: publish, import, pull, collect and verify at once, with random kills") {
  Storm storm;
  for (const std::string who : {"ada", "bob", "eve"}) {
    storm.shop().answer({"init", "acme/sentiment", "--dir", who});
    storm.add([&storm, who](std::mt19937& random) { publish(storm, random, who); });
  }
  Elsewhere elsewhere;
  storm.shop().answer({"import", elsewhere.file()});
  storm.add([&](std::mt19937& random) { import(storm, random, elsewhere); });
  storm.add([&](std::mt19937& random) { pull(storm, random, "acme/brought"); });
  storm.add([&](std::mt19937& random) { move_label(storm, random); });
  storm.add([&](std::mt19937& random) { pull(storm, random, "acme/sentiment"); });
  storm.add([&](std::mt19937& random) { pull(storm, random, "acme/sentiment@^1"); });
  storm.add([&](std::mt19937& random) { pull(storm, random, kMoving); });
  storm.add([&](std::mt19937& random) { maintain(storm, random, {"gc", "-q"}, "0"); });
  storm.add([&](std::mt19937& random) { maintain(storm, random, {"gc", "-q"}, "1"); });
  storm.add([&](std::mt19937& random) { maintain(storm, random, {"verify", "--all", "-q"}, "0"); });
  storm.rage();
  MESSAGE(storm.summary());
  check_acknowledged(storm);
  check_settled(storm);
}

}  // namespace algoctl::test
