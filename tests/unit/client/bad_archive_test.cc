// Archives that are damaged, foreign, hostile or newer: each is refused with its own message, and
// nothing of it gets into the registry.

#include <doctest/doctest.h>

#include <filesystem>

#include "base/tar.h"
#include "base/text.h"
#include "registry/journal_rows.h"
#include "registry/sqlite_db.h"
#include "support/archives.h"
#include "unit/client/shelf.h"
#include "unit/core/failure.h"
#include "unit/store/store_fixture.h"

using namespace algoctl;
using test::failure;
using test::OpenArchive;
using test::Shelf;

namespace {

/// An archive of two versions, and a registry that has the first of them.
struct Border {
  Border() {
    from.ship("january");
    take();
    to.client.import_archive({file, std::nullopt, false});
    from.ship("february");
    from.client.promote({from.ref("1.1.0"), "stable", std::nullopt, "", {}});
    take();
    whole = test::read(file);
    shell = open_sqlite({to.folder / "home/registry.db", SqliteOptions::Mode::read_only});
    before = state();
  }

  void take() {
    ExportOptions options;
    options.all = true;
    options.file = file;
    from.client.export_archive(options);
  }

  /// What the import of these bytes says; the registry and its store are as they were.
  std::string judge(const std::string& bytes) {
    from.folder.write("x.tar", bytes);
    std::string said = failure([&] { to.client.import_archive({file, std::nullopt, false}); });
    CHECK(state() == before);
    const std::string path = quoted_path(file);
    if (const auto at = said.find(path); at != std::string::npos)
      said.replace(at, path.size(), "F");
    const std::string remedy =
        " | bring the file here again, and compare its digest with what `algoctl export` said";
    const auto end = said.rfind(remedy);
    return end == std::string::npos ? said : said.substr(0, end);
  }

  /// The same for an archive that was put together wrong.
  template <typename Change>
  std::string judge_changed(Change change) {
    from.folder.write("x.tar", whole);
    OpenArchive archive = OpenArchive::read(file);
    change(archive);
    return judge(archive.write());
  }

  [[nodiscard]] std::string state() {
    std::string text = std::to_string(test::files_in(to.folder / "home/store"));
    to.client.log({}, [&](const LogEvent& event) {
      text += "\n" + event.algorithm.str() + event.digest.hex();
      return true;
    });
    for (const char* sql : {"SELECT count(*) FROM upload", "SELECT count(*) FROM version",
                            "SELECT count(*) FROM algorithm", "SELECT count(*) FROM object"}) {
      Rows& rows = shell->query(sql);
      while (rows.next()) text += "\n" + std::to_string(rows.integer(0));
    }
    return text;
  }

  Shelf from;
  Shelf to;
  std::string file = from.folder / "x.tar";
  std::string whole;
  std::unique_ptr<Db> shell;
  std::string before;
};

std::string zeros(std::size_t count) { return std::string(count, '\0'); }

}  // namespace

TEST_CASE("bad archive: cut off anywhere") {
  Border border;
  CHECK(
      border.judge("") ==
      "usage: F is no export of algoctl: it is empty | name the file that `algoctl export` wrote");
  for (std::size_t size = 1; size < border.whole.size(); size += size % 512 == 1 ? 511 : 1) {
    if (size > 1024 && size % 512 > 1) continue;
    CAPTURE(size);
    const std::string said = border.judge(border.whole.substr(0, size));
    CHECK(said.find("integrity: F is damaged: ") == 0);
  }
  CHECK(border.judge(border.whole.substr(0, 100)) ==
        "integrity: F is damaged: its first header is cut off or changed");
  CHECK(border.judge(border.whole.substr(0, 600)) ==
        "integrity: F is damaged: it is cut off in its index, after 600 bytes");
  CHECK(border.judge(border.whole.substr(0, 5000)) ==
        "integrity: F is damaged: it is cut off after 5000 of " +
            std::to_string(border.whole.size()) + " bytes");
}

TEST_CASE("bad archive: one changed bit, wherever it is") {
  Border border;
  // What the registry has already is not asked for again.
  const auto known = border.whole.rfind("objects/sha256/" + Digest::of("january").hex()) + 512;
  for (std::size_t i = 0; i < border.whole.size(); i += 3) {
    if (i >= known && i < known + 7) continue;
    CAPTURE(i);
    std::string changed = border.whole;
    changed[i] = static_cast<char>(changed[i] ^ (1 << i % 8));
    const std::string said = border.judge(changed);
    CHECK((starts_with(said, "integrity: F") || (i < 512 && starts_with(said, "usage: F"))));
  }
}

TEST_CASE("bad archive: other files") {
  Border border;
  const std::string remedy = " | name the file that `algoctl export` wrote";
  CHECK(border.judge("just text") ==
        "usage: F is no export of algoctl: it is no tar file of one" + remedy);
  CHECK(border.judge(zeros(2048)) ==
        "usage: F is no export of algoctl: it is no tar file of one" + remedy);
  CHECK(border.judge(test::tar_of({{"model.pkl", "x"}})) ==
        "usage: F is no export of algoctl: its first member is 'model.pkl'" + remedy);
  CHECK(border.judge(test::tar_of({{"algoctl-export.json", "{}"}})) ==
        "integrity: F is damaged: algoctl-export.json:1:1: 'schema' is missing");
  CHECK(failure([&] {
          border.to.client.import_archive({border.from.folder.path(), {}, false});
        }) ==
        "usage: '" + border.from.folder.path() + "' is no regular file, and no export" + remedy);
  CHECK(failure([&] {
          border.to.client.import_archive({border.file + "x", {}, false});
        }) == "not_found: no file '" + border.file + "x' | check the path and the current folder");
}

TEST_CASE("bad archive: a newer one") {
  Border border;
  std::string text = border.whole.substr(
      512, static_cast<std::size_t>(read_tar_header(border.whole.substr(0, 512))->size));
  text.replace(text.find("/v1"), 3, "/v2");
  CHECK(
      border.judge(test::tar_of({{"algoctl-export.json", text}, {"more", ""}})) ==
      "storage: F is of a newer algoctl: algoctl-export.json:1:11: schema 'algoctl.archive/v2' is "
      "newer than this program | install a newer algoctl");
}

TEST_CASE("bad archive: members that the index does not announce") {
  Border border;
  const auto wrong = [&](const std::string& name, const std::string& instead) {
    return border.judge_changed(
        [&](OpenArchive& archive) { archive.member(name).first = instead; });
  };
  const std::string at = "integrity: F is damaged: there should be ";
  for (const char* name : {"../x", "/etc/passwd", "objects/../../x", "objects/sha256/"}) {
    const std::string said = wrong("objects/", name);
    CHECK(starts_with(said, at + "'objects/sha256/"));
    CHECK(said.find(std::string(", and there is '") + name + "'") != std::string::npos);
  }
  CHECK(starts_with(border.judge_changed([](OpenArchive& archive) {
    archive.members.push_back({"extra", "x"});
  }),
                    "integrity: F is damaged: it goes on after its end, at byte "));
  CHECK(starts_with(border.judge_changed([](OpenArchive& archive) {
    archive.members.push_back(archive.members.back());
  }),
                    "integrity: F is damaged: it goes on after its end, at byte "));
  CHECK(starts_with(border.judge_changed([](OpenArchive& archive) {
    std::swap(archive.members[1], archive.members[2]);
  }),
                    at + "'manifests/sha256/"));
  CHECK(starts_with(border.judge_changed([](OpenArchive& archive) { archive.members.pop_back(); }),
                    "integrity: F is damaged: it is cut off after "));
  CHECK(border.judge(border.whole + "x") ==
        "integrity: F is damaged: it goes on after its end, at "
        "byte " +
            std::to_string(border.whole.size()));
  CHECK(border.judge(border.whole + zeros(512)) ==
        "integrity: F is damaged: it goes on after its end, at byte " +
            std::to_string(border.whole.size()));
}

TEST_CASE("bad archive: headers of other kinds, and sizes that lie") {
  Border border;
  const std::size_t object = border.whole.rfind("objects/sha256/");
  const auto with = [&](std::size_t place, const std::string& field) {
    std::string changed = border.whole;
    changed.replace(object + place, field.size(), field);
    return border.judge(changed);
  };
  for (const std::string& said :
       {with(156, "2"), with(156, "1"), with(156, "x"), with(156, "5"), with(100, "0000755"),
        with(124, "00000000010"), with(124, "77777777777"), with(124, "-0000000001"),
        with(124, std::string(12, '\xff')), with(124, "\x80" + std::string(11, '\x7f')),
        with(157, "../../etc/passwd"), with(345, "prefix"), with(265, "root")}) {
    CHECK(said.find(", and there is one with another header") != std::string::npos);
  }
  CHECK(with(0, std::string(100, 'x')).find(", and there is '" + std::string(80, 'x')) !=
        std::string::npos);
  std::string huge = border.whole;
  const std::string header = tar_header("algoctl-export.json", std::int64_t{1} << 40);
  huge.replace(0, 512, header);
  CHECK(border.judge(huge) ==
        "integrity: F is damaged: its index has 1099511627776 bytes, more than 134217728");
}

TEST_CASE("bad archive: an index that does not fit what it announces") {
  Border border;
  CHECK(border.judge_changed([](OpenArchive& archive) {
    archive.index.algorithms[0].versions.pop_back();
  }) == "integrity: F is damaged: history/1.jsonl:2:1:1: 'at' is missing");
  CHECK(border.judge_changed([](OpenArchive& archive) {
    archive.index.algorithms[0].versions[0] = Version::parse("9.0.0");
  }) == "integrity: F is damaged: history/1.jsonl:1: the versions are not those of the index");
  CHECK(border.judge_changed([](OpenArchive& archive) {
    archive.index.algorithms[0].events += 1;
  }) == "integrity: F is damaged: history/1.jsonl: the journal is not that of the index");
  CHECK(border.judge_changed([](OpenArchive& archive) {
    archive.index.algorithms[0].journal_head = std::string(64, '0');
  }) == "integrity: F is damaged: history/1.jsonl: the journal is not that of the index");
  const std::string february = Digest::of("february").hex();
  CHECK(border.judge_changed([&](OpenArchive& archive) {
    archive.index.objects.erase(Digest::parse(february));
    const auto name = "objects/sha256/" + february;
    std::erase_if(archive.members, [&](const auto& m) { return m.first == name; });
  }) == "integrity: F is damaged: it has no object sha256:" + february +
            ", which acme/sentiment@1.1.0 needs");
  const std::string manifest =
      border.from.client.require(border.from.ref("1.1.0")).manifest_sha256.hex();
  CHECK(border.judge_changed([&](OpenArchive& archive) {
    archive.index.manifests.erase(Digest::parse(manifest));
    const auto name = "manifests/sha256/" + manifest;
    std::erase_if(archive.members, [&](const auto& m) { return m.first == name; });
  }) == "integrity: F is damaged: it has no manifest of acme/sentiment@1.1.0");
  CHECK(border.judge_changed([&](OpenArchive& archive) {
    archive.member("objects/sha256/" + february).second = "FEBRUARY";
  }) == "integrity: F: objects/sha256/" + february + " is damaged\n  expected: sha256:" + february +
            "\n  found:    " + Digest::of("FEBRUARY").str());
  CHECK(border
            .judge_changed([&](OpenArchive& archive) {
              archive.member("manifests/sha256/" + manifest).second[5] ^= 1;
            })
            .find("integrity: F: manifests/sha256/" + manifest + " is damaged\n  expected: ") == 0);
}

TEST_CASE("bad archive: a history that was edited, its digests made to fit") {
  Border border;
  const auto edited = [&](const std::string& from, const std::string& to) {
    return border.judge_changed([&](OpenArchive& archive) {
      std::string& history = archive.member("history/1").second;
      REQUIRE(history.find(from) != std::string::npos);
      history.replace(history.rfind(from), from.size(), to);
    });
  };
  CHECK(edited("\"event\":\"promote\"", "\"event\":\"rollback\"") ==
        "integrity: F is damaged: history/1.jsonl:7: the event is not the next of its chain");
  CHECK(edited("\"event\":\"promote\"", "\"event\":\"mirror\"") ==
        "storage: F: event 'mirror' is newer than this program | install a newer algoctl");
  CHECK(edited("\"name\":\"stable\"", "\"name\":\"latest\"")
            .find("integrity: F is damaged: history/1.jsonl:7: ") == 0);
  CHECK(edited("\"name\":\"february.pkl\"", "\"name\":\"../../x\"")
            .find("integrity: F is damaged: history/1.jsonl:5: malformed label '../../x'") == 0);
  CHECK(edited("\"seq\":5", "\"seq\":6") ==
        "integrity: F is damaged: history/1.jsonl:7: the event is not the next of its chain");
  CHECK(edited("\"notes\":\"\"", "\"notes\":\"better\"") ==
        "integrity: F is damaged: history/1.jsonl:2: the record is not that of 1.1.0");
  CHECK(edited("\n", "") == "integrity: F is damaged: history/1.jsonl: the last line has no end");
  CHECK(border.judge_changed([&](OpenArchive& archive) {
    archive.member("history/1").second.insert(0, std::string(5 << 20, 'x'));
  }) == "integrity: F is damaged: history/1.jsonl:1: a line of more than 4194304 bytes");
}

TEST_CASE("bad archive: a chain that is sound, and says what cannot be") {
  Border border;
  /// Puts new events at the end, as somebody who knows how to chain them could.
  const auto forged = [&](JournalRow row) {
    return border.judge_changed([&](OpenArchive& archive) {
      auto& algorithm = archive.index.algorithms[0];
      row.seq = ++algorithm.events;
      row.digest = event_digest(algorithm.name, algorithm.journal_head, row.seq, row.at, row.who,
                                event_of(row))
                       .hex();
      algorithm.journal_head = row.digest;
      archive.member("history/1").second += event_line(row) + "\n";
    });
  };
  const JournalRow blank{0, 1551312000000, "eve", "", "", "", "", "", "", "", "", "", 0};
  JournalRow row = blank;
  row.event = "label";
  row.name = "x/../../y";
  row.new_value = Digest::of("february").str();
  CHECK(forged(row).find("integrity: F is damaged: history/1.jsonl:8: malformed label") == 0);
  row.name = "x";
  row.new_value = "../x";
  CHECK(forged(row).find("integrity: F is damaged: history/1.jsonl:8: malformed digest '../x'") ==
        0);
  row = blank;
  row.event = "annotate";
  row.version = "01.0.0";
  CHECK(forged(row).find("integrity: F is damaged: history/1.jsonl:8: ") == 0);
  row = blank;
  row.event = "promote";
  row.version = row.new_value = "1.0.0";
  row.name = "none";
  CHECK(forged(row).find("integrity: F is damaged: history/1.jsonl:8: ") == 0);
  row.name = "canary";
  row.origin = "not a digest";
  CHECK(forged(row).find("integrity: F is damaged: history/1.jsonl:8: malformed digest") == 0);
  // A version without the event that published it.
  CHECK(border.judge_changed([](OpenArchive& archive) {
    auto& algorithm = archive.index.algorithms[0];
    std::string& history = archive.member("history/1").second;
    std::size_t end = 0;
    for (int i = 0; i < 2 + 3; ++i) end = history.find('\n', end) + 1;
    history.resize(end);
    algorithm.events = 3;
    const std::size_t digest = history.rfind("\"digest\":\"") + 10;
    algorithm.journal_head = history.substr(digest, 64);
  }) == "integrity: F is damaged: history/1.jsonl: nothing published 1.1.0");
}
