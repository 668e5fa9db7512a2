#include "core/label_template.h"

#include <doctest/doctest.h>

#include <string>

#include "algoctl/error.h"
#include "unit/core/refusal.h"

using algoctl::Code;
using algoctl::Digest;
using algoctl::Error;
using algoctl::expand_label;
using algoctl::label_needs_digest;
using algoctl::LabelFacts;
using algoctl::test::Refusal;
using algoctl::test::refusal;

namespace {

constexpr std::int64_t kNoon = 1551355932345;  // 2019-02-28T12:12:12.345Z
const Digest kDigest = Digest::parse("0123456789abcdef" + std::string(48, '0'));

LabelFacts facts(const std::string& file_name = "mymodel.pkl") {
  return {file_name, kNoon, &kDigest,
          [] { return std::string("89e6c98d92887913cadf06b2adb97f26cde4849b"); }};
}

Refusal pattern_refusal(const std::string& pattern, const LabelFacts& with) {
  return refusal([&] { (void)expand_label(pattern, with); });
}

}  // namespace

TEST_CASE("label pattern: fields are filled in") {
  struct Case {
    const char* pattern;
    const char* want;
  };
  for (const auto& c : {
           Case{"", ""},
           Case{"plain.pkl", "plain.pkl"},
           Case{"{date}", "20190228"},
           Case{"{month}", "201902"},
           Case{"{sha}", "0123456789ab"},
           Case{"{git}", "89e6c98d9288"},
           Case{"{stem}", "mymodel"},
           Case{"{ext}", ".pkl"},
           Case{"{stem}-{month}{ext}", "mymodel-201902.pkl"},
           Case{"d/{date}/{stem}-{sha}{ext}", "d/20190228/mymodel-0123456789ab.pkl"},
           Case{"{date}{date}", "2019022820190228"},
           Case{"a}b", "a}b"},
           Case{"{date}}", "20190228}"},
       }) {
    CAPTURE(c.pattern);
    CHECK(expand_label(c.pattern, facts()) == c.want);
  }
}

TEST_CASE("label pattern: the extension begins at the last dot that is not the first byte") {
  struct Case {
    const char* name;
    const char* stem;
    const char* ext;
  };
  for (const auto& c : {
           Case{"a.pkl", "a", ".pkl"},
           Case{"a.tar.gz", "a.tar", ".gz"},
           Case{"a", "a", ""},
           Case{".profile", ".profile", ""},
           Case{".a.b", ".a", ".b"},
           Case{"a.", "a", "."},
           Case{"201902", "201902", ""},
           Case{"m-1.2", "m-1", ".2"},
           Case{"-x.y", "-x", ".y"},
       }) {
    CAPTURE(c.name);
    CHECK(expand_label("{stem}", facts(c.name)) == c.stem);
    CHECK(expand_label("{ext}", facts(c.name)) == c.ext);
  }
}

TEST_CASE("label pattern: day and month are those of UTC") {
  LabelFacts with = facts();
  with.now_ms = 1551398399999;
  CHECK(expand_label("{date} {month}", with) == "20190228 201902");
  with.now_ms = 1551398400000;
  CHECK(expand_label("{date} {month}", with) == "20190301 201903");
}

TEST_CASE("label pattern: an unknown field names the nearest") {
  struct Case {
    const char* pattern;
    const char* message;
    const char* hint;
  };
  for (const auto& c : {
           Case{"m-{dat}.pkl", "label 'm-{dat}.pkl': unknown field 'dat'", "did you mean 'date'?"},
           Case{"{Date}", "label '{Date}': unknown field 'Date'", "did you mean 'date'?"},
           Case{"{mouth}", "label '{mouth}': unknown field 'mouth'", "did you mean 'month'?"},
           Case{"{branch_name}", "label '{branch_name}': unknown field 'branch_name'",
                "fields are {date}, {month}, {sha}, {git}, {stem}, {ext}"},
           Case{"{}", "label '{}': unknown field ''",
                "fields are {date}, {month}, {sha}, {git}, {stem}, {ext}"},
           Case{"a{date", "label 'a{date': '{' without '}'", "fields are written as in {date}"},
       }) {
    CAPTURE(c.pattern);
    const Refusal got = pattern_refusal(c.pattern, facts());
    CHECK(got.code == Code::usage);
    CHECK(got.message == c.message);
    CHECK(got.hint == c.hint);
  }
}

TEST_CASE("label pattern: standard input has no stem, and an empty extension") {
  CHECK(expand_label("m{ext}", facts("-")) == "m");
  const Refusal got = pattern_refusal("{stem}.pkl", facts("-"));
  CHECK(got.code == Code::usage);
  CHECK(got.message == "label '{stem}.pkl': standard input has no {stem}");
  CHECK(got.hint == "write the name in its place");
}

TEST_CASE("label pattern: git is asked only when {git} is there") {
  int asked = 0;
  LabelFacts with = facts();
  with.git_commit = [&] { return ++asked, std::string(40, 'c'); };
  CHECK(expand_label("{date}-{sha}", with) == "20190228-0123456789ab");
  CHECK(asked == 0);
  CHECK(expand_label("{git}", with) == "cccccccccccc");
  CHECK(asked == 1);
}

TEST_CASE("label pattern: outside git {git} is refused") {
  LabelFacts with = facts();
  const std::string message = "label '{git}': {git} needs a git repository with a commit";
  with.git_commit = [] { return std::string(); };
  CHECK(pattern_refusal("{git}", with).code == Code::usage);
  CHECK(pattern_refusal("{git}", with).message == message);
  CHECK(pattern_refusal("{git}", with).hint == "use {sha} or {date} instead");
  with.git_commit = nullptr;
  CHECK(pattern_refusal("{git}", with).message == message);
}

TEST_CASE("label pattern: the digest is needed only for {sha}") {
  CHECK(label_needs_digest("a-{sha}"));
  CHECK(label_needs_digest("{date}{sha}{ext}"));
  CHECK_FALSE(label_needs_digest("a-{date}{ext}"));
  CHECK_FALSE(label_needs_digest("sha"));
  CHECK_FALSE(label_needs_digest(""));
  CHECK_THROWS_WITH(label_needs_digest("{shaa}"), "label '{shaa}': unknown field 'shaa'");

  LabelFacts with = facts();
  with.sha256 = nullptr;
  CHECK(expand_label("a{date}", with) == "a20190228");
  CHECK(pattern_refusal("{sha}", with).code == Code::internal);
  CHECK(pattern_refusal("{sha}", with).message ==
        "label '{sha}' was filled in before its digest was known");
}
