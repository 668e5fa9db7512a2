#include <doctest/doctest.h>

#include "unit/registry/audit_fixture.h"

using namespace algoctl;
using test::Registered;
using test::Tampering;

namespace {

std::string wrong(const std::string& head, const std::string& said, const std::string& found) {
  return "head-wrong|acme/sentiment " + head + "|the journal says " + said + ", the registry " +
         found + "\n";
}

void rebuild(Registered& registered) {
  registered.registry.write([](Db& db) {
    for (const Algorithm& name : algorithm_names(db)) {
      rebuild_heads(db, find_algorithm(db, name).value());
    }
  });
}

}  // namespace

TEST_CASE("rebuild_heads: of a healthy registry it writes the very same rows") {
  Registered registered;
  const std::string before = registered.heads();
  rebuild(registered);
  CHECK(registered.heads() == before);
  CHECK(registered.faults().empty());
}

TEST_CASE("audit: each head that is not what the journal says is named, and rebuilt") {
  const std::string object = Digest::of("1.2.0").hex();
  const std::string other = Digest::of("1.0.0").hex();
  const std::string label = object + " since event 7 at 1000";
  const std::string stable = "event 17 1.0.0 1.1.0 1.0.0 1.1.0";
  for (const Tampering& each : std::vector<Tampering>{
           {"UPDATE label SET moved_at = 5 WHERE algorithm = 1",
            wrong("label model.pkl", label, object + " since event 7 at 5")},
           {"UPDATE label SET object = (SELECT object FROM manifest_object WHERE manifest = "
            "(SELECT manifest FROM version WHERE algorithm = 1 AND seq = 1)) WHERE algorithm = 1",
            wrong("label model.pkl", label, other + " since event 7 at 1000")},
           {"DELETE FROM label WHERE algorithm = 1", wrong("label model.pkl", label, "nothing")},
           {"INSERT INTO label SELECT algorithm, 'new', object, journal_seq, moved_at FROM label "
            "WHERE algorithm = 1",
            wrong("label new", "nothing", label)},
           {"UPDATE note SET value = '1.0' WHERE name = 'accuracy'",
            wrong("metadata 1.1.0 accuracy", "0.91 by event 28", "1.0 by event 28")},
           {"UPDATE channel SET version_seq = 1 WHERE name = 'stable'",
            wrong("channel stable", stable, stable + " and names 1.0.0")},
           {"UPDATE channel SET hold = NULL WHERE name = 'canary'",
            wrong("channel canary", "event 18 2.0.0-rc.1, held: ", "event 18 2.0.0-rc.1")},
           {"DELETE FROM channel WHERE name = 'beta'",
            wrong("channel beta", "event 20 1.1.0", "event 0 1.1.0 and names nothing")},
           {"DELETE FROM channel_stack WHERE name = 'stable' AND depth = 1",
            wrong("channel stable", stable, "event 17 1.1.0 1.0.0 1.1.0")},
           {"INSERT INTO channel_stack VALUES (1, 'stable', 5, 4)",
            wrong("channel stable", stable, stable + " 1.2.0 and names 1.1.0")},
           {"DELETE FROM yank WHERE algorithm = 1",
            wrong("yank 1.0.0", "by event 24: leaks much > ", "nothing")},
           {"INSERT INTO yank VALUES (1, 2, 'no reason', NULL, 3)",
            wrong("yank 1.1.0", "nothing", "by event 3: no reason > ")},
           {"UPDATE algorithm SET highest_release = '1.1.0' WHERE id = 1",
            wrong("highest release", "1.2.0", "1.1.0")},
           {"UPDATE algorithm SET highest_release = NULL WHERE id = 1",
            wrong("highest release", "1.2.0", "nothing")},
       }) {
    CAPTURE(each.sql);
    Registered registered;
    const std::string before = registered.heads();
    registered.tamper(each.sql);
    CHECK(registered.faults() == each.want);
    rebuild(registered);
    CHECK(registered.heads() == before);
    CHECK(registered.faults().empty());
  }
}
