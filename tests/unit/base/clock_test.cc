#include "base/clock.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "base/file.h"
#include "support/temporary_folder.h"

namespace algoctl {

TEST_CASE("format_time: RFC 3339 with milliseconds, in UTC") {
  struct Case {
    std::int64_t ms;
    const char* time;
    const char* day;
    const char* month;
  };
  for (const Case& c : {
           Case{0, "1970-01-01T00:00:00.000Z", "19700101", "197001"},
           Case{1551348672345, "2019-02-28T10:11:12.345Z", "20190228", "201902"},
           Case{1582934400000, "2020-02-29T00:00:00.000Z", "20200229", "202002"},
           Case{-1, "1969-12-31T23:59:59.999Z", "19691231", "196912"},
           Case{253402300799999, "9999-12-31T23:59:59.999Z", "99991231", "999912"},
       }) {
    CAPTURE(c.ms);
    CHECK(format_time(c.ms) == c.time);
    CHECK(format_day(c.ms) == c.day);
    CHECK(format_month(c.ms) == c.month);
    CHECK(parse_time(c.time) == c.ms);
  }
}

TEST_CASE("parse_time: what it reads") {
  struct Case {
    const char* text;
    const char* time;
  };
  for (const Case& c : {
           Case{"2019-02-28", "2019-02-28T23:59:59.999Z"},
           Case{"2019-02-28T10:11:12Z", "2019-02-28T10:11:12.000Z"},
           Case{"2019-02-28t10:11:12z", "2019-02-28T10:11:12.000Z"},
           Case{"2019-02-28 10:11:12Z", "2019-02-28T10:11:12.000Z"},
           Case{"2019-02-28T10:11:12.5Z", "2019-02-28T10:11:12.500Z"},
           Case{"2019-02-28T10:11:12.123456789Z", "2019-02-28T10:11:12.123Z"},
           Case{"2019-02-28T10:11:12+02:00", "2019-02-28T08:11:12.000Z"},
           Case{"2019-02-28T23:11:12-05:30", "2019-03-01T04:41:12.000Z"},
           Case{"2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"},
           Case{"0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000Z"},
       }) {
    CAPTURE(std::string(c.text));
    const auto ms = parse_time(c.text);
    REQUIRE(ms);
    CHECK(format_time(*ms) == c.time);
  }
}

TEST_CASE("parse_time: what it does not take for a time") {
  for (const char* text : {"",
                           "2019",
                           "2019-02",
                           "2019-02-29",
                           "2019-13-01",
                           "2019-00-10",
                           "2019-2-8",
                           "20190228",
                           "2019-02-28T",
                           "2019-02-28T10:11Z",
                           "2019-02-28T10:11:12",
                           "2019-02-28T24:00:00Z",
                           "2019-02-28T10:60:00Z",
                           "2019-02-28T10:11:61Z",
                           "2019-02-28T10:11:12.Z",
                           "2019-02-28T10:11:12+0200",
                           "2019-02-28T10:11:12+24:00",
                           "2019-02-28T10:11:12Z ",
                           " 2019-02-28",
                           "2019-02-28x",
                           "-019-02-28",
                           "2019-02-28T10:11:12.5",
                           "yesterday"}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(parse_time(text));
  }
}

TEST_CASE("file_clock_ns: a file made after a reading is not older") {
  const test::TemporaryFolder folder;
  const std::int64_t clock = file_clock_ns();
  const auto info = stat_if_there(folder.write("file", "x"));
  REQUIRE(info);
  CHECK(stamp_of(*info).ctime_ns >= clock);
}

TEST_CASE("clock: times as HTTP writes them") {
  CHECK(parse_http_time("Sun, 06 Nov 1994 08:49:37 GMT") == 784111777000);
  CHECK(parse_http_time("Thu, 01 Jan 1970 00:00:00 GMT") == 0);
  for (const char* text : {"", "Sun", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC",
                           "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT",
                           "Sun, 06 anF 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT"}) {
    CAPTURE(text);
    CHECK(!parse_http_time(text));
  }
}

}  // namespace algoctl
