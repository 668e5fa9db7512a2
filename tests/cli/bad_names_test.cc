#include <doctest/doctest.h>

#include <algorithm>

#include "base/text.h"
#include "support/shop.h"

namespace algoctl::test {
namespace {

struct NamesShop : Started {
  NamesShop() { ship("ok", "fine"); }
};

/// Refused as malformed, for the reason given, and nothing changed.
void check_refused(const Shop& shop, const Arguments& arguments, const std::string& beginning,
                   std::string& before) {
  CAPTURE(join(arguments, " "));
  const auto result = shop.algoctl(arguments);
  CHECK(result.exit == 2);
  CHECK(result.out == "");
  CHECK(result.err.substr(0, 9 + beginning.size()) == "algoctl: " + beginning);
  CHECK(std::none_of(result.err.begin(), result.err.end(), [](unsigned char c) {
    return c < 32 && c != '\n';  // nothing that a terminal would obey
  }));
  std::string after = shop.state();
  CHECK(after == before);
  before = std::move(after);
}

const std::string kLong(256, 'a');

/// What no part of any name may be.
const std::vector<std::string> kHostile = {"",
                                           "..",
                                           ".",
                                           "../x",
                                           "x/../y",
                                           "x/..",
                                           "/etc/passwd",
                                           "//x",
                                           "x//y",
                                           "x/",
                                           "%2e%2e",
                                           "%252e",
                                           "x%00y",
                                           "x;y",
                                           "x|y",
                                           "x&y",
                                           "x y",
                                           " x",
                                           "x ",
                                           "x\ny",
                                           "x\ty",
                                           "x\ry",
                                           "x\x1b[31m",
                                           "x\x7f",
                                           "-x",
                                           "--x",
                                           "~x",
                                           "~/x",
                                           "$HOME",
                                           "`id`",
                                           "$(id)",
                                           "x'y",
                                           "x\"y",
                                           "x\\y",
                                           "C:\\x",
                                           "x*",
                                           "x?",
                                           "x[y]",
                                           "x<y",
                                           "x>y",
                                           "x,y",
                                           "x:y",
                                           "\xc3\xa9",
                                           "x\xcc\x81",
                                           "\xd0\xb0x",
                                           "\xef\xbc\x8e\xef\xbc\x8e",
                                           "x\xff",
                                           "\xe2\x80\xaex",
                                           ".hidden",
                                           "x/.hidden",
                                           "x#y",
                                           "x!",
                                           "x^",
                                           kLong};

}  // namespace

TEST_CASE("hostile algorithms are refused before anything happens") {
  const NamesShop shop;
  std::string before = shop.state();
  std::vector<std::string> parts = kHostile;
  for (const char* part : {"x.", "x-", "_x", "X", "Acme", "x..y", "x+y", "x=y"}) {
    parts.emplace_back(part);
  }
  for (const std::string& part : parts) {
    check_refused(shop, {"init", "--dir", "d", "--", "acme/" + part}, "malformed algorithm ",
                  before);
    check_refused(shop, {"list", "--", part + "/x"}, "malformed algorithm ", before);
  }
  for (const char* name : {"acme", "a/b/c", "/", "acme/x@1"}) {
    check_refused(shop, {"init", name, "--dir", "d"}, "malformed algorithm ", before);
  }
}

TEST_CASE("hostile labels are refused before anything happens") {
  const NamesShop shop;
  std::string before = shop.state();
  for (const std::string& label : kHostile) {
    if (!label.empty()) {
      check_refused(shop, {"upload", "ok", "--as=" + label}, "malformed label ", before);
    }
    check_refused(shop, {"use", "model=" + label}, "malformed label ", before);
  }
}

TEST_CASE("hostile slots are refused before anything happens") {
  const NamesShop shop;
  std::string before = shop.state();
  for (const std::string& slot : kHostile) {
    check_refused(shop, {"use", "--", slot + "=ok"}, "malformed slot ", before);
  }
}

TEST_CASE("malformed selectors are refused") {
  const NamesShop shop;
  std::string before = shop.state();
  for (const char* selector : {"1.2.3.4",
                               "^",
                               ">=",
                               "1..2",
                               "01.0.0",
                               "1.2.3-",
                               "1.2.3-01",
                               "=>1",
                               "1 |",
                               "|| ||| 1",
                               "Stable",
                               "sta_ble",
                               "-stable",
                               "stable!",
                               "1.2.3-rc..1",
                               "^^1",
                               "a b",
                               "1.2.3 - ",
                               "99999999999999999999.0.0",
                               "../../etc",
                               "x\ny",
                               "\xc3\xa9",
                               "sha1:abc"}) {
    check_refused(shop, {"resolve", std::string("acme/sentiment@") + selector},
                  "malformed selector ", before);
  }
  for (const char* reference : {"acme/sentiment@", "@", "acme/sentiment/"}) {
    check_refused(shop, {"resolve", reference},
                  "reference '" + std::string(reference) + "' has an empty selector", before);
  }
  for (const char* reference : {"sentiment", "data://acme/sentiment", "http://acme/sentiment",
                                "data://acme/sentiment/../x", "data://acme/../x/y", ""}) {
    CAPTURE(reference);
    for (const char* command : {"resolve", "pull"}) {
      const auto result = shop.algoctl({command, reference});
      CHECK(result.exit == 2);
      CHECK(result.out == "");
    }
  }
}

TEST_CASE("malformed versions and digests are refused") {
  const NamesShop shop;
  std::string before = shop.state();
  for (const char* version : {"", "1", "1.2", "1.2.3.4", "01.2.3", "1.2.3-", "1.2.3-01", "a.b.c",
                              "1.2.x", "^1.2.3", "latest", "1.2.3 ", " 1.2.3", "-1.2.3",
                              "99999999999999999999.0.0", "1.2.3-\xc3\xa9", "201902"}) {
    check_refused(shop, {"publish", std::string("--version=") + version},
                  "option --version: malformed version ", before);
    check_refused(shop, {"publish", std::string("--expect=") + version},
                  "option --expect: malformed version ", before);
  }
  for (const std::string& digest :
       {std::string(), std::string("sha256:"), "sha256:" + std::string(63, 'a'),
        "sha256:" + std::string(65, 'a'), "sha256:" + std::string(64, 'A'),
        "sha256:" + std::string(64, 'g'), "md5:" + std::string(64, 'a'), std::string("None")}) {
    check_refused(shop, {"upload", "ok", "--expect=" + digest},
                  "option --expect: malformed digest ", before);
  }
}

}  // namespace algoctl::test
