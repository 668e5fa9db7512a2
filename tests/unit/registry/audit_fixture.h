#pragma once

#include <string>
#include <vector>

#include "registry/audit.h"
#include "registry/channels.h"
#include "registry/journal.h"
#include "registry/notes.h"
#include "registry/yanks.h"
#include "unit/registry/fixture.h"

namespace algoctl::test {

/// A registry with every kind of event in it: eight versions' worth of promotes there and back,
/// holds, yanks that were undone, metadata that changed, events from elsewhere.
struct Registered : RegistryFixture {
  Registered() {
    for (const char* number : {"1.0.0", "1.1.0", "2.0.0-rc.1", "1.2.0"}) publish(number, number);
    publish("1.0.0", "theirs", "acme/other");
    registry.write([&](Db& db) {
      AlgorithmRow row = take_algorithm(db, Algorithm::parse("acme/sentiment"));
      const auto version = [&](const char* number) {
        return exact_version(db, row, Version::parse(number)).value();
      };
      const ChannelMove stable{"stable", "it is better", "ada", 2000};
      // A stack with a version in it twice, and the way back over it.
      for (const char* number : {"1.0.0", "1.1.0", "1.0.0", "1.2.0", "1.1.0"}) {
        promote_channel(db, row, stable, version(number));
      }
      roll_back_channel(db, row, stable, 3);
      promote_channel(db, row, stable, version("1.2.0"));
      roll_back_channel(db, row, stable, 3);
      promote_channel(db, row, stable, version("1.1.0"));
      const ChannelMove canary{"canary", "", "bob", 2100};
      promote_channel(db, row, canary, version("2.0.0-rc.1"));
      hold_channel(db, row, canary);
      const ChannelMove beta{"beta", "wait", "bob", 2200};
      promote_channel(db, row, beta, version("1.1.0"));
      hold_channel(db, row, beta);
      release_channel(db, row, beta);
      yank_version(db, row, version("1.0.0"), {"leaks", Version::parse("1.1.0")}, "ada", 2300);
      yank_version(db, row, version("1.0.0"), {"leaks much", std::nullopt}, "ada", 2310);
      yank_version(db, row, version("1.2.0"), {"slow", std::nullopt}, "ada", 2320);
      unyank_version(db, row, version("1.2.0"), "it was the disk", "ada", 2330);
      annotate(db, row, version("1.1.0"), "accuracy", "0.9", "ada", 2400);
      annotate(db, row, version("1.1.0"), "accuracy", "0.91", "ada", 2410);
      annotate(db, row, version("1.2.0"), "empty", "", "ada", 2420);
      Event imported;
      imported.kind = "annotate";
      imported.version = "1.0.0";
      imported.name = "from";
      imported.new_value = "elsewhere";
      imported.origin = Digest::of("there").hex();
      imported.origin_at = 17;
      append_event(db, row, imported, "eve", 2500);
      db.run(
          "INSERT INTO note (algorithm, version_seq, name, value, journal_seq) "
          "VALUES ($1, $2, 'from', 'elsewhere', $3)",
          {row.id, version("1.0.0").sequence, row.journal_seq});
    });
  }

  /// Each fault as `kind|name|detail`, a line each.
  std::string faults() {
    std::string text;
    const Report report = [&](const std::string& kind, const std::string& name,
                              const std::string& detail) {
      text += kind + "|" + name + "|" + detail + "\n";
    };
    registry.read([&](Db& db) {
      audit_database(db, registry.path(), report);
      for (const Algorithm& name : algorithm_names(db)) {
        const AlgorithmRow row = find_algorithm(db, name).value();
        if (audit_chain(db, row, report)) audit_heads(db, row, report);
        audit_versions(db, row, report);
      }
    });
    return text;
  }

  /// Does to the database what somebody with a SQLite shell can do.
  void tamper(const std::string& sql) const {
    const auto db = shell();
    std::vector<std::string> triggers;
    Rows& rows = db->query("SELECT name FROM sqlite_schema WHERE type = 'trigger'");
    while (rows.next()) triggers.push_back(rows.text(0));
    db->script("PRAGMA foreign_keys = OFF");
    for (const std::string& trigger : triggers) db->script("DROP TRIGGER " + trigger);
    db->script(sql);
  }

  /// The rows of all heads.
  std::string heads() {
    std::string text;
    registry.read([&](Db& db) {
      for (const char* sql :
           {"SELECT quote(algorithm)||quote(name)||quote(object)||quote(journal_seq)||"
            "quote(moved_at) FROM label ORDER BY 1",
            "SELECT quote(algorithm)||quote(version_seq)||quote(name)||quote(value)||"
            "quote(journal_seq) FROM note ORDER BY 1",
            "SELECT quote(algorithm)||quote(name)||quote(version_seq)||quote(journal_seq)||"
            "quote(hold) FROM channel ORDER BY 1",
            "SELECT quote(algorithm)||quote(name)||quote(depth)||quote(version_seq) "
            "FROM channel_stack ORDER BY 1",
            "SELECT quote(algorithm)||quote(version_seq)||quote(reason)||quote(replacement)||"
            "quote(journal_seq) FROM yank ORDER BY 1",
            "SELECT quote(id)||quote(name)||quote(version_seq)||quote(highest_release)||"
            "quote(journal_seq)||quote(journal_at)||quote(journal_head) FROM algorithm ORDER BY "
            "1"}) {
        Rows& rows = db.query(sql);
        while (rows.next()) text += rows.text(0) + "\n";
      }
    });
    return text;
  }
};

/// What somebody does with a SQLite shell, and the faults that are found then.
struct Tampering {
  std::string sql;
  std::string want;
};

}  // namespace algoctl::test
