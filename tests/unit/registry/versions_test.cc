#include "registry/versions.h"

#include <doctest/doctest.h>

#include <thread>

#include "registry/chain.h"
#include "registry/channels.h"
#include "registry/journal.h"
#include "registry/notes.h"
#include "unit/registry/fixture.h"

using namespace algoctl;
using test::kName;
using test::RegistryFixture;

namespace {

void yank(RegistryFixture& fixture, const std::string& number) {
  fixture.registry.write([&](Db& db) {
    const AlgorithmRow row = *find_algorithm(db, kName);
    const auto version = exact_version(db, row, Version::parse(number));
    db.run("INSERT INTO yank VALUES ($1, $2, 'bad data', '1.0.0', 1)", {row.id, version->sequence});
  });
}

}  // namespace

TEST_CASE("versions: what each selector means") {
  RegistryFixture fixture;
  for (const char* number : {"1.0.0", "1.2.0", "1.2.3", "1.10.0", "2.0.0-rc.1", "2.0.0-rc.2",
                             "0.9.0", "1.2.4-beta.1", "3.0.0-alpha"}) {
    fixture.publish(number, number);
  }
  struct Case {
    const char* selector;
    const char* want;
    const char* want_pre;
  };
  for (const auto& c : {
           Case{"latest", "1.10.0", "3.0.0-alpha"},
           Case{"*", "1.10.0", "3.0.0-alpha"},
           Case{"1.2.3", "1.2.3", "1.2.3"},
           Case{"1.2", "1.2.3", "1.2.4-beta.1"},
           Case{"1.2.*", "1.2.3", "1.2.4-beta.1"},
           Case{"1", "1.10.0", "1.10.0"},
           Case{"^1.2", "1.10.0", "1.10.0"},
           Case{"~1.2.0", "1.2.3", "1.2.4-beta.1"},
           Case{">=1.2 <1.10", "1.2.3", "1.2.4-beta.1"},
           Case{">=1.2,<=1.10.0", "1.10.0", "1.10.0"},
           Case{">1.10.0", "none", "3.0.0-alpha"},
           Case{"<1.0.0", "0.9.0", "0.9.0"},
           Case{"<=1.2.3", "1.2.3", "1.2.3"},
           Case{"<1.2.3", "1.2.0", "1.2.0"},
           Case{"0 || 2", "0.9.0", "2.0.0-rc.2"},
           Case{">=2.0.0-rc.1", "2.0.0-rc.2", "3.0.0-alpha"},
           Case{">2.0.0-rc.1 <2.0.0", "2.0.0-rc.2", "2.0.0-rc.2"},
           Case{"2.0.0-rc.1", "2.0.0-rc.1", "2.0.0-rc.1"},
           Case{"4", "none", "none"},
           Case{"9.9.9", "none", "none"},
           Case{"stable", "none", "none"},
       }) {
    CAPTURE(c.selector);
    CHECK(fixture.resolve(c.selector) == c.want);
    CHECK(fixture.resolve(c.selector, true) == c.want_pre);
  }
}

TEST_CASE("versions: every selector finds by index what it admits one by one") {
  RegistryFixture fixture;
  std::vector<Version> numbers;
  std::uint64_t seed = 20190228;
  const auto random = [&](std::uint64_t below) {
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return (seed >> 33) % below;
  };
  const auto part = [&] { return std::to_string(random(4)); };
  while (numbers.size() < 120) {
    std::string text = part() + "." + part() + "." + part();
    if (random(3) == 0) text += random(2) == 0 ? "-rc." + part() : "-beta";
    const Version version = Version::parse(text);
    if (std::find(numbers.begin(), numbers.end(), version) != numbers.end()) continue;
    numbers.push_back(version);
    fixture.publish(text, text);
  }
  for (int i = 0; i < 400; ++i) {
    std::string text;
    switch (random(7)) {
      case 0: text = "^" + part() + "." + part(); break;
      case 1: text = "~" + part() + "." + part() + "." + part(); break;
      case 2: text = ">=" + part() + "." + part() + " <" + part() + "." + part(); break;
      case 3: text = part() + "." + part() + " || " + part(); break;
      case 4: text = ">" + part() + "." + part() + "." + part() + "-rc.1"; break;
      case 5: text = part() + " - " + part() + "." + part(); break;
      default: text = "<=" + part() + "." + part() + "." + part() + "-beta"; break;
    }
    const Selector selector = Selector::parse(text);
    for (const bool prereleases : {false, true}) {
      std::optional<Version> want;
      for (const Version& version : numbers) {
        if (selector.admits(version, prereleases) && (!want || *want < version)) want = version;
      }
      CAPTURE(text);
      CAPTURE(prereleases);
      CHECK(fixture.resolve(text, prereleases) == (want ? want->str() : "none"));
    }
  }
}

TEST_CASE("versions: ranges and latest pass a yanked one over, an exact number does not") {
  RegistryFixture fixture;
  for (const char* number : {"1.0.0", "1.1.0", "1.2.0"}) fixture.publish(number, number);
  yank(fixture, "1.2.0");
  CHECK(fixture.resolve("latest") == "1.1.0");
  CHECK(fixture.resolve("^1") == "1.1.0");
  CHECK(fixture.resolve("^1", true) == "1.1.0");
  CHECK(fixture.resolve("1.2.0") == "1.2.0");
  fixture.registry.read([&](Db& db) {
    const AlgorithmRow row = *find_algorithm(db, kName);
    const auto version = exact_version(db, row, Version::parse("1.2.0"));
    REQUIRE(version->yank);
    CHECK(version->yank->reason == "bad data");
    CHECK(version->yank->replacement->str() == "1.0.0");
    CHECK(newest_version(db, row, std::nullopt)->version.str() == "1.2.0");
  });
}

TEST_CASE("versions: a channel and a manifest digest find theirs") {
  RegistryFixture fixture;
  fixture.publish("1.0.0", "a");
  const VersionInfo second = fixture.publish("1.1.0", "b");
  fixture.registry.write([&](Db& db) {
    db.run("INSERT INTO channel VALUES ($1, 'stable', 1, 1, NULL)",
           {find_algorithm(db, kName)->id});
  });
  CHECK(fixture.resolve("stable") == "1.0.0");
  CHECK(fixture.resolve(second.manifest_sha256.str()) == "1.1.0");
  CHECK(fixture.resolve(Digest::of("nothing").str()) == "none");
  fixture.registry.read([&](Db& db) {
    const AlgorithmRow row = *find_algorithm(db, kName);
    CHECK(channels_naming(db, row, *exact_version(db, row, Version::parse("1.0.0"))) ==
          std::vector<std::string>{"stable"});
    CHECK(channel_names(db, row) == std::vector<std::string>{"stable"});
  });
}

TEST_CASE("versions: newest is the highest release of a line, before the first a prerelease") {
  RegistryFixture fixture;
  const auto newest = [&](std::optional<Line> line) {
    std::string number = "none";
    fixture.registry.read([&](Db& db) {
      const auto row = find_algorithm(db, kName);
      const auto version = row ? newest_version(db, *row, line) : std::nullopt;
      if (version) number = version->version.str();
    });
    return number;
  };
  CHECK(newest(std::nullopt) == "none");
  fixture.publish("1.0.0-rc.1", "a");
  CHECK(newest(std::nullopt) == "1.0.0-rc.1");
  fixture.publish("1.0.0", "b");
  fixture.publish("1.1.0-rc.1", "c");
  CHECK(newest(std::nullopt) == "1.0.0");
  CHECK(newest(Line{1, 0}) == "1.0.0");
  CHECK(newest(Line{1, 1}) == "1.1.0-rc.1");
  CHECK(newest(Line{1, 2}) == "none");
}

TEST_CASE("versions: sequences are dense and the journal is a chain, also with 8 writers at once") {
  RegistryFixture fixture;
  fixture.publish("0.0.1", "first");
  std::vector<std::thread> threads;
  for (int i = 1; i <= 8; ++i) {
    threads.emplace_back([&, i] {
      Registry registry(fixture.options());
      for (int n = 0; n < 10; ++n) {
        registry.write([&](Db& db) {
          AlgorithmRow row = *find_algorithm(db, kName);
          const auto highest = *row.highest_release;
          const Version next(highest.major(), highest.minor() + 1, 0);
          VersionInfo info{
              kName,       next,
              0,           exact_version(db, row, Version::parse("0.0.1"))->manifest_sha256,
              highest,     0,
              "ada",       "",
              {},          Digest::of(""),
              std::nullopt};
          insert_version(db, row, info, 5);
        });
      }
    });
  }
  for (auto& thread : threads) thread.join();
  fixture.registry.read([&](Db& db) {
    const AlgorithmRow row = *find_algorithm(db, kName);
    CHECK(row.version_seq == 81);
    CHECK(row.highest_release->str() == "0.80.0");
    Rows& sequence = db.query("SELECT min(seq), max(seq), count(DISTINCT seq) FROM version");
    REQUIRE(sequence.next());
    CHECK(sequence.integer(0) == 1);
    CHECK(sequence.integer(1) == 81);
    CHECK(sequence.integer(2) == 81);
    std::string head;
    Rows& events = db.query(
        "SELECT seq, at, who, event, version, name, old, new, why, record, digest FROM journal "
        "ORDER BY seq");
    std::int64_t expected = 0;
    while (events.next()) {
      CHECK(events.integer(0) == ++expected);
      head =
          digest_of_fields({"algoctl.journal/v1", head, kName.str(), events.text(0), events.text(1),
                            events.text(2), events.text(3), events.text(4), events.text(5),
                            events.text(6), events.text(7), events.text(8), events.text(9)})
              .hex();
      CHECK(events.text(10) == head);
    }
    CHECK(row.journal_head == head);
    CHECK(row.journal_seq == expected);
    CHECK(has_event(db, row, Digest::parse(head)));
    CHECK_FALSE(has_event(db, row, Digest::of("no event")));
  });
}

TEST_CASE("versions: event time never goes back, whatever the clock does") {
  RegistryFixture fixture;
  CHECK(fixture.publish("1.0.0", "a", "acme/sentiment", 5000).published_at == 5000);
  CHECK(fixture.publish("1.1.0", "b", "acme/sentiment", 100).published_at == 5000);
  CHECK(fixture.publish("1.2.0", "c", "acme/sentiment", 6000).published_at == 6000);
}

TEST_CASE("versions: the listing goes from the highest down until it is told to stop") {
  RegistryFixture fixture;
  for (const char* number : {"1.0.0", "1.10.0", "1.9.0", "1.10.0-rc.1"})
    fixture.publish(number, number);
  yank(fixture, "1.9.0");
  fixture.registry.write([&](Db& db) {
    const std::int64_t id = find_algorithm(db, kName)->id;
    db.run("INSERT INTO channel VALUES ($1, 'stable', 1, 1, NULL)", {id});
    db.run("INSERT INTO channel VALUES ($1, 'canary', 1, 1, NULL)", {id});
  });
  std::string seen;
  fixture.registry.read([&](Db& db) {
    visit_versions(db, *find_algorithm(db, kName), [&](const VersionSummary& version) {
      seen += version.version.str() + (version.yank ? "(yanked)" : "") + " ";
      if (version.version.str() == "1.0.0") {
        CHECK(version.channels == std::vector<std::string>{"canary", "stable"});
        CHECK(version.size == 5);
        CHECK(version.notes == "why");
      }
      return true;
    });
    int count = 0;
    visit_versions(db, *find_algorithm(db, kName),
                   [&](const VersionSummary&) { return ++count < 2; });
    CHECK(count == 2);
  });
  CHECK(seen == "1.10.0 1.10.0-rc.1 1.9.0(yanked) 1.0.0 ");
}

TEST_CASE("versions: metadata is the last value of each key, and each change an event") {
  RegistryFixture fixture;
  const VersionInfo version = fixture.publish("1.0.0");
  fixture.registry.write([&](Db& db) {
    AlgorithmRow row = *find_algorithm(db, kName);
    const std::int64_t before = row.journal_seq;
    annotate(db, row, version, "accuracy", "0.9", "ada", 1);
    annotate(db, row, version, "accuracy", "0.9", "ada", 2);
    annotate(db, row, version, "accuracy", "0.95", "ada", 3);
    annotate(db, row, version, "data", "february", "ada", 4);
    CHECK(row.journal_seq == before + 3);
    CHECK(notes_of(db, row, version) ==
          std::map<std::string, std::string>{{"accuracy", "0.95"}, {"data", "february"}});
  });
}
