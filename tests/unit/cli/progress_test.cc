#include "progress.h"

#include <doctest/doctest.h>

#include <vector>

namespace algoctl::cli {

TEST_CASE("progress_line: name, bar, part, bytes, rate, time left") {
  struct Case {
    Progress progress;
    std::int64_t elapsed_ms;
    int width;
    const char* want;
  };
  const std::string long_name(100, 'x');
  for (const Case& c : {
           Case{{"m.pkl", 50'000'000, 100'000'000},
                2000,
                80,
                "m.pkl  [==========>         ]   50 %  50.0 MB of 100.0 MB  25.0 MB/s  0:02 left"},
           Case{{"m.pkl", 50'000'000, 100'000'000},
                2000,
                200,
                "m.pkl  [==============>             ]   50 %  50.0 MB of 100.0 MB  25.0 MB/s  "
                "0:02 left"},
           Case{{"m.pkl", 50'000'000, 100'000'000},
                2000,
                62,
                "m.pkl   50 %  50.0 MB of 100.0 MB  25.0 MB/s  0:02 left"},
           Case{{"m.pkl", 50'000'000, 100'000'000}, 2000, 20, "m.pkl   50 %  50.0 "},
           Case{{"m.pkl", 0, 100},
                1000,
                60,
                "m.pkl  [>                     ]    0 %  0 B of 100 B  0 B/s"},
           Case{{"m.pkl", 100, 100},
                1000,
                60,
                "m.pkl  [=======]  100 %  100 B of 100 B  100 B/s  0:00 left"},
           Case{{"m.pkl", 200, 100},
                1000,
                60,
                "m.pkl  [=======]  100 %  200 B of 100 B  200 B/s  0:00 left"},
           Case{{"-", 1500, -1}, 1500, 80, "-  1.5 kB  1.0 kB/s"},
           Case{{"a\033[2J\n", 1, -1}, 0, 80, "a?[2J?  1 B  1.0 kB/s"},
           Case{{"m", 1, 10'000},
                1000,
                80,
                "m  [>                           ]    0 %  1 B of 10.0 kB  1 B/s  2:46:39 left"},
           Case{{"m", 1, 1}, 1000, 1, ""},
           Case{{"m", 1, 1}, 1000, 0, ""},
       }) {
    CAPTURE(c.want);
    const std::string line = progress_line(c.progress, c.elapsed_ms, c.width);
    CHECK(line == c.want);
    CHECK(line.size() < static_cast<std::size_t>(c.width + (c.width == 0 ? 1 : 0)));
  }
  CHECK(progress_line({long_name, 1, -1}, 1000, 80) == std::string(27, 'x') + "...  1 B  1 B/s");
}

TEST_CASE("format_bytes: powers of a thousand") {
  CHECK(format_bytes(0) == "0 B");
  CHECK(format_bytes(999) == "999 B");
  CHECK(format_bytes(1000) == "1.0 kB");
  CHECK(format_bytes(999'949) == "999.9 kB");
  CHECK(format_bytes(999'950) == "1.0 MB");
  CHECK(format_bytes(123'456'789) == "123.5 MB");
  CHECK(format_bytes(std::int64_t{9'000'000'000'000'000'000}) == "9000.0 PB");
}

TEST_CASE("ProgressBar: silent for a second, then ten lines a second at most, then gone") {
  std::int64_t now = 0;
  std::vector<std::string> written;
  ProgressBar bar([&] { return now; }, [&](const std::string& text) { written.push_back(text); },
                  80);
  for (; now < 1000; now += 10) bar.update({"m", now, 3000});
  CHECK(written.empty());
  bar.erase();
  CHECK(written.empty());
  for (; now < 2000; now += 10) bar.update({"m", now, 3000});
  CHECK(written.size() == 10);
  CHECK(written[0] == "\r" + progress_line({"m", 1000, 3000}, 1000, 80) + "\033[K");
  bar.erase();
  CHECK(written.back() == "\r\033[K");
  const auto count = written.size();
  bar.erase();
  CHECK(written.size() == count);
}

TEST_CASE("ProgressBar: the next transfer has its own second of silence") {
  std::int64_t now = 0;
  int lines = 0;
  ProgressBar bar([&] { return now; }, [&](const std::string&) { ++lines; }, 80);
  bar.update({"a", 0, 10});
  now = 1500;
  bar.update({"a", 9, 10});
  CHECK(lines == 1);
  bar.update({"b", 1, 10});
  CHECK(lines == 1);
  now = 2600;
  bar.update({"b", 2, 10});
  CHECK(lines == 2);
  bar.update({"b", 0, 10});  // the same name once more, from its beginning
  CHECK(lines == 2);
}

TEST_CASE("ProgressBar: a line that is shown stands at once, cut to the width, until erased") {
  std::string written;
  ProgressBar bar([] { return std::int64_t{0}; }, [&](const std::string& text) { written += text; },
                  8);
  bar.show("a serves 1.0.0");
  bar.show("b");
  bar.erase();
  bar.erase();
  CHECK(written == "\ra serve\033[K\rb\033[K\r\033[K");
}

}  // namespace algoctl::cli
