#include <doctest/doctest.h>

#include "unit/registry/audit_fixture.h"

using namespace algoctl;
using test::Registered;
using test::Tampering;

TEST_CASE("audit: a registry with every kind of event has no fault") {
  Registered registered;
  CHECK(registered.faults().empty());
}

TEST_CASE("audit: whatever was done to the journal is named, once") {
  const std::string broken = "journal-broken|acme/sentiment|";
  const std::string last =
      broken + "its last event is not the one that the algorithm's row names\n";
  for (const Tampering& each : std::vector<Tampering>{
           {"UPDATE journal SET why = 'other' WHERE algorithm = 1 AND seq = 10",
            broken + "event 10 (promote) was changed\n"},
           {"UPDATE journal SET who = 'eve' WHERE algorithm = 1 AND seq = 1",
            broken + "event 1 (label) was changed\n"},
           {"UPDATE journal SET digest = '" + Digest::of("x").hex() +
                "' WHERE algorithm = 1 AND seq = 10",
            broken + "event 10 (promote) was changed\n"},
           {"DELETE FROM journal WHERE algorithm = 1 AND seq = 10",
            broken + "event 10 is missing\n"},
           {"DELETE FROM journal WHERE algorithm = 1 AND seq = 1", broken + "event 1 is missing\n"},
           {"DELETE FROM journal WHERE algorithm = 1 AND event = 'annotate' AND name = 'from'",
            last},
           {"UPDATE journal SET origin_at = 18 WHERE origin <> ''",
            broken + "event 30 (annotate) was changed\n"},
           {"UPDATE journal SET origin = '' WHERE origin <> ''",
            broken + "event 30 (annotate) was changed\n"},
           {"UPDATE journal SET at = 1 WHERE algorithm = 1 AND seq = 29",
            broken + "event 29 (annotate) was changed\n" + broken +
                "event 29 is before the one before it\n"},
           {"UPDATE algorithm SET journal_head = '" + Digest::of("x").hex() + "' WHERE id = 1",
            last},
           {"UPDATE algorithm SET journal_at = 9999 WHERE id = 1", last},
       }) {
    CAPTURE(each.sql);
    Registered registered;
    registered.tamper(each.sql);
    CHECK(registered.faults() == each.want);
  }
}
