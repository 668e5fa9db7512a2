#include <doctest/doctest.h>

#include <algorithm>

#include "unit/client/shelf.h"

namespace algoctl::test {
namespace {

Checkup checkup(const ClientOptions& options, const std::string& subject) {
  for (Checkup& each : Client(options).doctor()) {
    if (each.subject == subject) return each;
  }
  FAIL("no check of " << subject);
  return {};
}

}  // namespace

TEST_CASE("doctor: a clock that is behind the last event is ill, with a minute's slack") {
  Shelf shelf;
  shelf.ship("one");
  ClientOptions options = shelf.options();
  options.now = [] { return kStart - 60000; };
  CHECK(checkup(options, "clock").healthy);
  options.now = [] { return kStart - 60001; };
  const Checkup behind = checkup(options, "clock");
  CHECK_FALSE(behind.healthy);
  CHECK(behind.finding ==
        "the clock says 2019-02-27T23:58:59.999Z, but the last event is from "
        "2019-02-28T00:00:00.000Z");
  CHECK(behind.remedy ==
        "set the clock; until then events are stamped with the time of the last one");
  options.now = [] { return kStart + 1000000000; };
  CHECK(checkup(options, "clock").healthy);
}

TEST_CASE("doctor: no cache folder is ill, for every pull reads all bytes") {
  Shelf shelf;
  ClientOptions options = shelf.options();
  options.cache.clear();
  const Checkup cache = checkup(options, "cache");
  CHECK_FALSE(cache.healthy);
  CHECK(cache.finding == "there is no cache folder: every pull reads all bytes again");
  CHECK(cache.remedy == "set XDG_CACHE_HOME or HOME");
}

TEST_CASE("doctor: looks at all of it, whatever it finds, and always in the same order") {
  Shelf shelf;
  std::string subjects;
  for (const Checkup& each : shelf.client.doctor()) subjects += each.subject + ", ";
  CHECK(subjects == "registry, permissions, file system, clock, store, space, cache, leftovers, ");
}

}  // namespace algoctl::test
