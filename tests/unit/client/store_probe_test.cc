#include <doctest/doctest.h>

#include <atomic>
#include <filesystem>
#include <optional>

#include "algoctl/stores.h"
#include "support/played_s3.h"
#include "unit/client/shelf.h"
#include "unit/core/failure.h"

namespace algoctl::test {
namespace {

/// A registry that is about to have its first store on a played server.
struct Fresh {
  Fresh() {
    options = shelf.options();
    options.home = shelf.folder / "fresh";
    options.store = s3.url();
    options.variable = [](const std::string& variable) -> std::optional<std::string> {
      if (variable == "AWS_ACCESS_KEY_ID") return "key";
      if (variable == "AWS_SECRET_ACCESS_KEY") return "secret";
      return std::nullopt;
    };
    options.warn = [this](const std::string& text) { warnings += text + "\n"; };
  }

  void init() { Client(options).init(shelf.name, shelf.folder / "fresh-work"); }
  [[nodiscard]] std::vector<ProbeFinding> probe(const std::string& url = "") const {
    Client client(options);
    return Stores(client).probe(url);
  }
  [[nodiscard]] int tries() const { return s3.count("PUT", "/probe/"); }

  Shelf shelf;
  PlayedS3 s3;
  ClientOptions options;
  std::string warnings;
};

std::string failing(const std::vector<ProbeFinding>& findings) {
  std::string text;
  for (const ProbeFinding& finding : findings) {
    if (!finding.holds) text += finding.what + ": " + finding.detail + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("a new store on a server is tried once, and leaves nothing behind") {
  Fresh fresh;
  fresh.init();
  CHECK(fresh.tries() > 20);
  CHECK(fresh.warnings == "");
  CHECK(fresh.s3.objects().size() == 1);
  const int tries = fresh.tries();
  fresh.init();
  Client(fresh.options).algorithms();
  CHECK(fresh.tries() == tries);
  std::string finding;
  for (const Checkup& each : Client(fresh.options).doctor()) {
    if (each.subject == "store") finding = each.finding;
  }
  CHECK(finding.find(", tried 2019-02-28T00:00:00.000Z, all holds") != std::string::npos);
}

TEST_CASE("a server without conditions is used, with a warning the first time") {
  Fresh fresh;
  fresh.s3.honours_conditions = false;
  fresh.init();
  CHECK(fresh.warnings.find("store " + fresh.s3.url().substr(0, 11)) == 0);
  CHECK(fresh.warnings.find("it can be used, but does not do all: create only what is new: ") !=
        std::string::npos);
  fresh.warnings.clear();
  fresh.init();
  CHECK(fresh.warnings == "");
}

TEST_CASE("a stop ends the opening of a store, too") {
  std::atomic<bool> stop{false};
  Fresh fresh;
  fresh.options.stop = &stop;
  fresh.s3.lie([&](const SeenRequest&) {
    stop = true;
    ScriptedAnswer busy;
    busy.status = 503;
    return std::optional(busy);
  });
  CHECK(failure([&] { fresh.init(); }) == "interrupted: interrupted");
  CHECK(fresh.s3.server().requests().size() == 1);
  stop = false;
  CHECK(failure([&] { (void)fresh.probe(fresh.s3.url()); }) == "interrupted: interrupted");
}

TEST_CASE("a server that lacks what is needed gets no store of the registry") {
  Fresh fresh;
  fresh.s3.lie([](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
    if (request.method != "DELETE") return std::nullopt;
    ScriptedAnswer answer;
    answer.status = 403;
    return answer;
  });
  const std::string failed = failure([&] { fresh.init(); });
  CHECK(failed.find(" does not do what a store must: delete: " + fresh.s3.url() +
                    ": no permission for s3:DeleteObject | grant it to the key that is used") !=
        std::string::npos);
  CHECK(failure([&] { (void)fresh.probe(); }) ==
        "storage: the registry has no store yet | the first upload makes it; name another with "
        "--store URL");
  CHECK(failing(fresh.probe(fresh.s3.url())) ==
        "delete: " + fresh.s3.url() + ": no permission for s3:DeleteObject\n");
  fresh.s3.lie({});
  fresh.init();
  CHECK(failing(fresh.probe()) == "");
}

TEST_CASE("a store in a folder is tried too, and what was found is remembered") {
  Shelf shelf;
  shelf.ship("one");
  std::string what;
  for (const ProbeFinding& finding : Stores(shelf.client).probe()) {
    CHECK(finding.holds);
    CHECK(finding.needed);
    what += finding.what + ", ";
  }
  CHECK(what == "put, read back, list, delete, ");
  CHECK(std::filesystem::is_empty(shelf.folder / "home/store/staging"));
  CHECK(failure([&] { Stores(shelf.client).probe(shelf.folder / "none"); }) ==
        "storage: there is no store in '" + (shelf.folder / "none") +
            "' | check the path, and that the disk which holds it is mounted");
}

TEST_CASE("a store on a server that another registry made is refused before anything is written") {
  Fresh fresh;
  fresh.init();
  const std::string theirs = fresh.options.home;
  fresh.options.home = fresh.shelf.folder / "fresher";
  const int puts = fresh.s3.count("PUT", "");
  CHECK(failure([&] { fresh.init(); }) ==
        "conflict: " + fresh.s3.url() +
            " belongs to another registry | name a store of its own with --store: that registry "
            "collects there what it does not need");
  CHECK(fresh.s3.count("PUT", "") == puts);
  CHECK_FALSE(std::filesystem::exists(fresh.options.home));
  fresh.options.home = theirs;
  fresh.init();
}

}  // namespace algoctl::test
