#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <future>
#include <set>

#include "algoctl/version.h"
#include "base/text.h"
#include "registry/sqlite_db.h"
#include "support/shop.h"

namespace algoctl::test {
namespace {

constexpr int kPublishers = 16;
constexpr int kRounds = 4;

using Clock = std::chrono::steady_clock;

/// One publish as its caller saw it.
struct Publish {
  Clock::time_point begin;
  Clock::time_point end;
  ProcessResult result;
};

/// Runs `body(0)` to `body(kPublishers - 1)` at once. Throws what the first of them threw.
void at_once(const std::function<void(int)>& body) {
  std::vector<std::future<void>> runs;
  for (int i = 0; i < kPublishers; ++i) runs.push_back(std::async(std::launch::async, body, i));
  for (const std::future<void>& run : runs) run.wait();
  for (std::future<void>& run : runs) run.get();
}

std::vector<std::int64_t> sequence_of(const Shop& shop) {
  const auto db = open_sqlite({shop.home() + "/registry.db", SqliteOptions::Mode::read_only,
                               std::chrono::seconds(30), nullptr});
  std::vector<std::int64_t> numbers;
  Rows& rows = db->query("SELECT seq FROM version ORDER BY seq");
  while (rows.next()) numbers.push_back(rows.integer(0));
  return numbers;
}

Version version_of(const Publish& publish) {
  return Version::parse(publish.result.out.substr(0, publish.result.out.find('\n')));
}

}  // namespace

TEST_CASE("publishers: sixteen at once get distinct numbers in real-time order") {
  const Shop shop;
  at_once([&](int i) { shop.answer({"init", "acme/sentiment", "--dir", std::to_string(i)}); });
  std::vector<std::vector<Publish>> histories(kPublishers);
  at_once([&](int i) {
    const std::string folder = std::to_string(i);
    const ProcessOptions there{.cwd = shop.work() + "/" + folder, .seconds = 100};
    for (int round = 0; round < kRounds; ++round) {
      const std::string name = folder + "-" + std::to_string(round) + ".bin";
      shop.write(folder + "/" + name, name);
      shop.answer({"upload", name}, there);
      const Clock::time_point begin = Clock::now();
      const auto result = shop.algoctl({"publish", "-q"}, there);
      histories[static_cast<std::size_t>(i)].push_back({begin, Clock::now(), result});
    }
  });
  std::vector<Publish> all;
  for (const auto& history : histories) all.insert(all.end(), history.begin(), history.end());
  std::set<Version> versions;
  for (const Publish& publish : all) {
    REQUIRE_MESSAGE(publish.result.exit == 0, publish.result.err);
    versions.insert(version_of(publish));
  }
  CHECK(versions.size() == all.size());
  CHECK(*versions.begin() == Version::parse("1.0.0"));
  CHECK(*versions.rbegin() == Version::parse("1." + std::to_string(all.size() - 1) + ".0"));
  int disorder = 0;
  for (const Publish& a : all) {
    for (const Publish& b : all) {
      if (a.end < b.begin && !(version_of(a) < version_of(b))) ++disorder;
    }
  }
  CHECK(disorder == 0);
  const auto sequence = sequence_of(shop);
  REQUIRE(sequence.size() == all.size());
  for (std::size_t i = 0; i < sequence.size(); ++i) {
    CHECK(sequence[i] == static_cast<std::int64_t>(i) + 1);
  }
  CHECK(split(shop.answer({"list", "acme/sentiment"}), '\n').size() == all.size());
  CHECK(names_in(shop.home() + "/store/staging").empty());
}

TEST_CASE("publishers: the same manifest sixteen times at once is one version") {
  const Shop shop;
  shop.answer({"init", "acme/sentiment"});
  shop.write("m.pkl", "m");
  shop.answer({"upload", "m.pkl"});
  std::vector<ProcessResult> results(kPublishers);
  at_once([&](int i) {
    results[static_cast<std::size_t>(i)] = shop.algoctl({"publish", "--json"});
  });
  int created = 0;
  for (const ProcessResult& result : results) {
    CHECK(result.exit == 0);
    CHECK(result.out.find("\"version\":\"1.0.0\"") != std::string::npos);
    if (result.out.find("\"created\":true") != std::string::npos) ++created;
  }
  CHECK(created == 1);
  CHECK(sequence_of(shop) == std::vector<std::int64_t>{1});
}

TEST_CASE("publishers: one idempotency key sixteen times at once has one answer") {
  const Shop shop;
  shop.answer({"init", "acme/sentiment"});
  shop.write("m.pkl", "m");
  std::vector<ProcessResult> results(kPublishers);
  at_once([&](int i) {
    results[static_cast<std::size_t>(i)] =
        shop.algoctl({"release", "m.pkl", "--idempotency-key", "run-1", "--json"});
  });
  for (const ProcessResult& result : results) {
    CHECK(result.exit == 0);
    CHECK(result.out == results[0].out);
  }
  CHECK(sequence_of(shop) == std::vector<std::int64_t>{1});
}

TEST_CASE("publishers: of sixteen that give one label other bytes, one wins") {
  const Shop shop;
  std::vector<ProcessResult> results(kPublishers);
  at_once([&](int i) {
    results[static_cast<std::size_t>(i)] = shop.algoctl(
        {"upload", "-", "--as", "m.pkl", "--algorithm", "acme/sentiment", "--no-manifest"},
        {.input = "bytes of " + std::to_string(i)});
  });
  int winners = 0;
  for (int i = 0; i < kPublishers; ++i) {
    const ProcessResult& result = results[static_cast<std::size_t>(i)];
    if (result.exit == 0) {
      ++winners;
      CHECK(shop.answer({"resolve", "data://acme/sentiment/m.pkl"}) ==
            "sha256:" + sha256_of("bytes of " + std::to_string(i)));
    } else {
      CHECK(result.exit == 4);
      CHECK(starts_with(result.err, "algoctl: label 'm.pkl' already names other bytes\n"));
    }
  }
  CHECK(winners == 1);
  CHECK(names_in(shop.home() + "/store/staging").empty());
}

}  // namespace algoctl::test
