#include "core/plan.h"

#include <doctest/doctest.h>

#include <vector>

#include "unit/core/failure.h"

using namespace algoctl;

namespace {

std::optional<Version> maybe(const char* text) {
  return text == nullptr ? std::nullopt : std::optional(Version::parse(text));
}

ModelFile one_byte(const char* slot, char bytes) {
  return {Slot::parse(slot), Algorithm::parse("acme/sentiment"),
          Label::parse(std::string(1, bytes)), Digest::of(std::string(1, bytes)), 1};
}

std::string names(const std::vector<Slot>& slots) {
  std::string text;
  for (const Slot& slot : slots) text += slot.str() + " ";
  return text;
}

std::string shown(const std::vector<ModelFile>& models) {
  std::string text;
  for (const ModelFile& model : models) text += model.slot.str() + "=" + model.label.str() + " ";
  return text;
}

}  // namespace

TEST_CASE("plan: what the next release is") {
  struct Case {
    const char* highest;
    const char* open;
    Bump bump;
    bool on_line;
    const char* want;
  };
  for (const auto& c : {
           Case{nullptr, nullptr, Bump::unset, false, "1.0.0"},
           Case{nullptr, nullptr, Bump::major, false, "1.0.0"},
           Case{nullptr, nullptr, Bump::minor, false, "0.1.0"},
           Case{nullptr, nullptr, Bump::patch, false, "0.0.1"},
           Case{nullptr, "1.0.0-rc.1", Bump::unset, false, "1.0.0"},
           Case{nullptr, "0.1.0-rc.3", Bump::unset, false, "0.1.0"},
           Case{nullptr, "1.0.0-rc.1", Bump::minor, false, "0.1.0"},
           Case{"1.4.2", nullptr, Bump::unset, false, "1.5.0"},
           Case{"1.4.2", nullptr, Bump::minor, false, "1.5.0"},
           Case{"1.4.2", nullptr, Bump::major, false, "2.0.0"},
           Case{"1.4.2", nullptr, Bump::patch, false, "1.4.3"},
           Case{"1.4.2", "1.5.0-rc.2", Bump::unset, false, "1.5.0"},
           Case{"1.4.2", "1.5.0-rc.2", Bump::minor, false, "1.5.0"},
           Case{"1.4.2", "2.0.0-rc.1", Bump::unset, false, "2.0.0"},
           Case{"1.4.2", "2.0.0-rc.1", Bump::minor, false, "1.5.0"},
           Case{"1.4.2", "1.5.0-rc.2", Bump::patch, false, "1.4.3"},
           Case{"1.2.7", nullptr, Bump::unset, true, "1.2.8"},
           Case{"1.2.7", nullptr, Bump::patch, true, "1.2.8"},
           Case{"1.2.7", "1.2.8-rc.1", Bump::unset, true, "1.2.8"},
           Case{nullptr, "1.2.0-rc.1", Bump::unset, true, "1.2.0"},
       }) {
    CAPTURE(c.highest);
    CAPTURE(c.open);
    CHECK(next_release(maybe(c.highest), maybe(c.open), c.bump, c.on_line).str() == c.want);
  }
}

TEST_CASE("plan: a number past the largest is refused, not wrapped") {
  const auto highest = maybe("9007199254740991.0.0");
  CHECK_THROWS_AS(next_release(highest, std::nullopt, Bump::major, false), Error);
}

TEST_CASE("plan: prereleases of one series count on, those of others do not matter") {
  const Version release = Version::parse("1.5.0");
  std::vector<Version> taken;
  CHECK(next_prerelease(release, "rc", taken).str() == "1.5.0-rc.1");
  CHECK_FALSE(highest_of_series(release, "rc", taken));
  for (const char* text :
       {"1.5.0-rc.2", "1.5.0-rc.10", "1.5.0-beta.40", "1.5.0-rc.x", "1.5.0-rc", "1.5.0-rc.3.1"}) {
    taken.push_back(Version::parse(text));
  }
  CHECK(next_prerelease(release, "rc", taken).str() == "1.5.0-rc.11");
  CHECK(next_prerelease(release, "beta", taken).str() == "1.5.0-beta.41");
  CHECK(next_prerelease(release, "alpha", taken).str() == "1.5.0-alpha.1");
  CHECK(highest_of_series(release, "rc", taken)->str() == "1.5.0-rc.10");
}

TEST_CASE("plan: a series has a name that is one word and no number") {
  for (const char* good : {"rc", "beta", "rc-1", "x1", "A"}) {
    CAPTURE(good);
    CHECK_NOTHROW(check_series(good));
  }
  for (const char* bad : {"", "1", "42", "rc.1", "r c", "rc+1", "\xc3\xa4", "../x"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(check_series(bad), Error);
  }
}

TEST_CASE("plan: what becomes of the slots of a working copy when upstream is newer") {
  struct Case {
    const char* base;
    const char* mine;
    const char* theirs;
    const char* merged;
    const char* outdated;
    const char* conflicts;
  };
  // Each word is slot and bytes: `m1` is slot m with bytes 1.
  const auto models = [](const std::string& text) {
    std::vector<ModelFile> list;
    for (std::size_t i = 0; i + 1 < text.size(); i += 3) {
      list.push_back(one_byte(text.substr(i, 1).c_str(), text[i + 1]));
    }
    return list;
  };
  for (const auto& c : {
           Case{"", "m1", "", "m=1 ", "", ""},
           Case{"m1", "m1", "m1", "m=1 ", "", ""},
           Case{"m1", "m2", "m1", "m=2 ", "", ""},
           Case{"m1", "m1", "m2", "m=2 ", "m ", ""},
           Case{"m1", "m2", "m3", "m=2 ", "", "m "},
           Case{"m1", "m2", "m2", "m=2 ", "", ""},
           Case{"m1 t1", "m2 t1", "m1 t2", "m=2 t=2 ", "t ", ""},
           Case{"m1", "m1", "m1 t1", "m=1 t=1 ", "t ", ""},
           Case{"", "m1", "m2", "m=1 ", "", "m "},
           Case{"", "m1", "m1 t1", "m=1 t=1 ", "t ", ""},
           Case{"m1 t1", "m1 t1", "m1", "m=1 ", "t ", ""},
           Case{"m1 t1", "m1", "m1 t1", "m=1 ", "", ""},
           Case{"m1 t1", "m1", "m1 t2", "m=1 ", "", "t "},
           Case{"m1 t1", "m1 t2", "m1", "m=1 t=2 ", "", "t "},
       }) {
    CAPTURE(c.base);
    CAPTURE(c.mine);
    CAPTURE(c.theirs);
    const Merge merge = merge_models(models(c.base), models(c.mine), models(c.theirs));
    CHECK(shown(merge.models) == c.merged);
    CHECK(names(merge.outdated) == c.outdated);
    CHECK(names(merge.conflicts) == c.conflicts);
  }
}
