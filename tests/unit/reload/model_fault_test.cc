// What a Model does when its registry, its store, its machine or its process misbehaves.

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <condition_variable>
#include <filesystem>
#include <mutex>

#include "base/file.h"
#include "registry/sqlite_db.h"
#include "unit/reload/followed.h"

namespace algoctl::test {
namespace {

/// Events as they come, to be waited for.
class Events {
 public:
  [[nodiscard]] std::function<void(const ReloadEvent&)> sink() {
    return [this](const ReloadEvent& event) {
      {
        const std::lock_guard lock(mutex_);
        all_.push_back(event);
      }
      news_.notify_all();
    };
  }
  /// The next event of that kind.
  ReloadEvent wait(ReloadEvent::Kind kind) {
    std::unique_lock lock(mutex_);
    ReloadEvent found{kind, {}, {}};
    REQUIRE(news_.wait_for(lock, kLong, [&] {
      for (; seen_ < all_.size(); ++seen_) {
        if (all_[seen_].kind != kind) continue;
        found = all_[seen_++];
        return true;
      }
      return false;
    }));
    return found;
  }

 private:
  std::mutex mutex_;
  std::condition_variable news_;
  std::vector<ReloadEvent> all_;
  std::size_t seen_ = 0;
};

struct Watched : Followed {
  Watched() {
    ship("first");
    options.on_event = events.sink();
    options.poll = std::chrono::milliseconds(50);
    options.backoff = std::chrono::milliseconds(10);
    options.longest_backoff = std::chrono::milliseconds(20);
  }

  [[nodiscard]] std::string registry() const { return folder / "home/registry.db"; }
  [[nodiscard]] std::string object(const std::string& bytes) const {
    const std::string hex = Digest::of(bytes).hex();
    return folder / ("home/store/objects/sha256/" + hex.substr(0, 2) + "/" + hex);
  }
  void move_registry(const std::string& from, const std::string& to) const {
    for (const char* end : {"", "-wal", "-shm"}) {
      const std::string source = folder / ("home/" + from + end);
      if (::access(source.c_str(), F_OK) != 0) continue;
      CHECK(::rename(source.c_str(), (folder / ("home/" + to + end)).c_str()) == 0);
    }
  }
  void back_up(const std::string& file) const {
    open_sqlite(
        {registry(), SqliteOptions::Mode::read_write, std::chrono::milliseconds(2000), nullptr})
        ->script("VACUUM INTO '" + (folder / ("home/" + file)) + "'");
  }

  Events events;
  ModelOptions<std::string> options;
};

}  // namespace

TEST_CASE("Model: a registry that is removed is no change, and what comes back is followed") {
  Watched w;
  w.back_up("backup");
  const Model model(w.client, "acme/sentiment", text_of, w.options);
  w.ship("second");
  CHECK(model.wait_for(Selector::parse("1.1.0"), kLong));
  w.move_registry("registry.db", "removed");
  const auto failed = w.events.wait(ReloadEvent::Kind::failed);
  CHECK(failed.failure->message ==
        "cannot follow acme/sentiment: there is no algorithm 'acme/sentiment'");
  CHECK(*model.get() == "second");
  // A backup from before: the revision goes backwards.
  w.move_registry("backup", "registry.db");
  CHECK(model.wait_for(Selector::parse("1.0.0"), kLong));
  CHECK(*model.get() == "first");
}

TEST_CASE("Model: a restored registry that gives the same number to other bytes is followed") {
  Watched w;
  w.back_up("backup");
  w.ship("second");
  const Model model(w.client, "acme/sentiment", text_of, w.options);
  CHECK(*model.get() == "second");
  w.move_registry("registry.db", "removed");
  w.move_registry("backup", "registry.db");
  w.manifest = w.client.init(w.name, w.folder / "other-work");
  CHECK(w.ship("another") == "1.1.0");
  while (*model.get() != "another") {
    CHECK(w.events.wait(ReloadEvent::Kind::switched).version.has_value());
  }
  CHECK(model.version() == "1.1.0");
}

TEST_CASE("Model: a damaged or locked registry is no change") {
  Watched w;
  ClientOptions options = w.Shelf::options();
  options.timeout = std::chrono::milliseconds(10);
  const Client impatient(options);
  const Model model(impatient, "acme/sentiment", text_of, w.options);
  SUBCASE("damaged") {
    const std::string rubbish = w.folder.write("home/rubbish", std::string(8192, 'x'));
    REQUIRE(::rename(rubbish.c_str(), w.registry().c_str()) == 0);
    CHECK(w.events.wait(ReloadEvent::Kind::failed).failure->code == Code::integrity);
  }
  SUBCASE("locked") {
    auto shell = open_sqlite(
        {w.registry(), SqliteOptions::Mode::read_write, std::chrono::milliseconds(2000), nullptr});
    shell->begin(Db::Access::write);
    CHECK(model.wait_for(Selector(), kLong));  // whoever only reads waits for no writer
    shell->rollback();
  }
  CHECK(*model.get() == "first");
  CHECK(model.status().serving->str() == "1.0.0");
}

TEST_CASE("Model: a truncated object is never loaded, and the next version is") {
  Watched w;
  w.promote("1.0.0");
  const Model model(w.client, "acme/sentiment@stable", text_of, w.options);
  w.ship("second");
  const std::string object = w.object("second");
  CHECK(::chmod(object.c_str(), 0644) == 0);
  CHECK(::truncate(object.c_str(), 3) == 0);
  w.promote("1.1.0");
  const auto failed = w.events.wait(ReloadEvent::Kind::failed);
  CHECK(failed.failure->code == Code::integrity);
  CHECK(*model.get() == "first");
  CHECK(model.status().state == ReplicaState::failed);
  w.ship("third");
  w.promote("1.2.0");
  CHECK(model.wait_for(Selector::parse("1.2.0"), kLong));
  CHECK(*model.get() == "third");
}

TEST_CASE("Model: a file that changes under the model is said, and what was loaded serves on") {
  Watched w;
  const Model model(w.client, "acme/sentiment", text_of, w.options);
  const std::string object = w.object("first");
  CHECK(::chmod(object.c_str(), 0644) == 0);
  CHECK(::truncate(object.c_str(), 2) == 0);
  const auto failed = w.events.wait(ReloadEvent::Kind::failed);
  CHECK(failed.failure->code == Code::integrity);
  CHECK(*model.get() == "first");
  CHECK(model.version() == "1.0.0");
}

TEST_CASE("Model: destruction while it loads waits for the loader, and no longer") {
  Watched w;
  std::mutex mutex;
  std::condition_variable news;
  bool loading = false;
  bool go_on = false;
  std::atomic<int> loads{0};
  auto model = std::make_unique<Model<std::string>>(
      w.client, "acme/sentiment",
      [&](const Files& files) {
        if (++loads == 1) return text_of(files);
        std::unique_lock lock(mutex);
        loading = true;
        news.notify_all();
        news.wait(lock, [&] { return go_on; });
        return text_of(files);
      },
      w.options);
  w.ship("second");
  std::unique_lock lock(mutex);
  REQUIRE(news.wait_for(lock, kLong, [&] { return loading; }));
  CHECK(model->status().state == ReplicaState::loading);
  CHECK(*model->get() == "first");  // a reload that takes long keeps nobody waiting
  go_on = true;
  lock.unlock();
  news.notify_all();
  model.reset();
  CHECK(loads <= 2);
}

TEST_CASE("Model: a child process has the model, but nobody who reloads it") {
  Watched w;
  Model model(w.client, "acme/sentiment", text_of, w.options);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    int wrong = 0;
    wrong += *model.get() == "first" ? 0 : 1;
    wrong += *model.share() == "first" ? 0 : 2;
    wrong += failure([&] { model.reload_now(); }) ==
                     "usage: the model of acme/sentiment was made before fork(2), and nobody "
                     "reloads it in this process | make it after the fork: in each worker"
                 ? 0
                 : 4;
    wrong += failure([&] { static_cast<void>(model.status()); }).substr(0, 5) == "usage" ? 0 : 8;
    ::_exit(wrong);
  }
  int status = -1;
  CHECK(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  w.ship("second");
  CHECK(model.wait_for(Selector::parse("1.1.0"), kLong));
}

TEST_CASE("Model: a child process may destroy it") {
  Watched w;
  auto model = std::make_unique<Model<std::string>>(w.client, "acme/sentiment", text_of, w.options);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    model.reset();
    ::_exit(0);
  }
  int status = -1;
  CHECK(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  w.ship("second");
  CHECK(model->wait_for(Selector::parse("1.1.0"), kLong));
}

TEST_CASE("Model: holds the files of what it serves, and of no more than two versions") {
  Watched w;
  w.promote("1.0.0");
  const Model model(w.client, "acme/sentiment@stable", text_of, w.options);
  const auto held = [&] {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
      std::error_code gone;
      const auto target = std::filesystem::read_symlink(entry, gone).string();
      count += target.find(w.folder / "home/store/objects") == 0 ? 1 : 0;
    }
    return count;
  };
  CHECK(held() == 1);
  for (int i = 0; i < 20; ++i) {
    const std::string number = w.ship("model-" + std::to_string(i));
    w.promote(number);
    CHECK(model.wait_for(Selector::parse(number), kLong));
    CHECK(held() <= 2);
  }
}

TEST_CASE(
    "Model: where nothing may be written it serves all the same, and says who cannot see it") {
  if (::geteuid() == 0) return;  // root may write everywhere
  Watched w;
  CHECK(::chmod((w.folder / "home").c_str(), 0555) == 0);
  const Model model(w.client, "acme/sentiment", text_of, w.options);
  CHECK(*model.get() == "first");
  CHECK(::chmod((w.folder / "home").c_str(), 0755) == 0);
}

}  // namespace algoctl::test
