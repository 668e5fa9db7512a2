#include <doctest/doctest.h>

#include <filesystem>
#include <vector>

#include "base/text.h"
#include "support/damage.h"

namespace fs = std::filesystem;

namespace algoctl::test {
namespace {

const std::string kOne(3000, '1');
const std::string kTwo(3000, '2');

/// acme/sentiment 1.0.0 and 1.1.0, the channel stable, and a copy of the store as it was then.
struct VerifyShop : Started {
  VerifyShop() {
    ship("one", kOne, {"--meta", "accuracy=0.9"});
    ship("two", kTwo, {"--channel", "stable"});
    tamper(*this, "");
    fs::copy(home() + "/store", copy(), fs::copy_options::recursive);
  }
  [[nodiscard]] std::string copy() const { return *this / "copy"; }
};

const std::string kClean = "algoctl: read 2 objects, 6000 bytes; 0 faults\n";

void check(const ProcessResult& result, int exit, const std::string& out, const std::string& err) {
  CHECK(result.exit == exit);
  CHECK(result.out == out);
  CHECK(result.err == err);
}

std::string damaged(const Shop& shop, const std::string& bytes, const std::string& expected,
                    const std::string& found) {
  return "object-damaged\tsha256:" + sha256_of(bytes) + "\t'" + object_path(shop, bytes) +
         "' is damaged   expected: " + expected + "   found:    " + found;
}

std::string digest(const std::string& bytes) { return "sha256:" + sha256_of(bytes); }

}  // namespace

TEST_CASE("verify: a whole registry has no faults, however much of it is asked for") {
  const VerifyShop shop;
  const std::string before = shop.state();
  check(shop.algoctl({"verify"}), 0, "", kClean);
  check(shop.algoctl({"verify", "-q"}), 0, "", "");
  check(shop.algoctl({"verify", "acme/sentiment@stable"}), 0, "",
        "algoctl: read 1 object, 3000 bytes; 0 faults\n");
  check(shop.algoctl({"verify", "data://acme/sentiment/one"}), 0, "",
        "algoctl: read 1 object, 3000 bytes; 0 faults\n");
  check(shop.algoctl({"verify", "--repair"}), 0, "", kClean);
  CHECK(shop.answer({"verify", "--json"}) == R"({"schema":"algoctl.verify/v1","faults":[]})");
  CHECK(shop.state() == before);
  check(Shop().algoctl({"verify"}), 0, "", "algoctl: read 0 objects, 0 bytes; 0 faults\n");
}

TEST_CASE("verify: what is asked for has to be there") {
  const VerifyShop shop;
  check_error(shop, {"verify", "acme/sentiment@9"}, 3, "no version of 'acme/sentiment' matches '9'",
              "the newest is 1.1.0");
  check_error(shop, {"verify", "acme/other"}, 3, "there is no algorithm 'acme/other'",
              "`algoctl list` shows what is there");
  check_error(shop, {"verify", "data://acme/sentiment/three"}, 3,
              "algorithm 'acme/sentiment' has no label 'three'");
  check_error(shop, {"verify", "--from", shop.copy()}, 2, "--from names copies for --repair",
              "add --repair");
  check_error(shop, {"verify", "--repair", "--from", shop / "none"}, 6,
              "there is no store in '" + (shop / "none") + "'",
              "check the path, and that the disk which holds it is mounted");
}

TEST_CASE("verify: an object with one bit changed, at its first, middle and last byte") {
  for (const std::size_t at : {std::size_t{0}, std::size_t{1500}, std::size_t{2999}}) {
    CAPTURE(at);
    const VerifyShop shop;
    const std::string bad = flipped(kOne, at);
    overwrite(object_path(shop, kOne), bad);
    const std::string line = damaged(shop, kOne, digest(kOne), digest(bad));
    const std::string one = "algoctl: read 2 objects, 6000 bytes; 1 fault";
    check(shop.algoctl({"verify"}), 5, line + "\n", one + "\n");
    check(shop.algoctl({"verify", "--repair"}), 5, line + "\n", one + "\n");
    check(shop.algoctl({"verify", "acme/sentiment@stable", "-q"}), 0, "", "");
    check(shop.algoctl({"verify", "acme/sentiment@1.0.0", "-q"}), 5, line + "\n", "");

    const Arguments repair = {"verify", "--repair", "--from", shop.copy()};
    Arguments foresee = repair;
    foresee.emplace_back("--dry-run");
    const std::string before = shop.state();
    check(shop.algoctl(foresee), 0, line + "\tcan be mended\n",
          "algoctl: read 2 objects, 6000 bytes; 0 faults, 1 can be mended\n");
    CHECK(shop.state() == before);
    check(shop.algoctl(repair), 0, line + "\tmended\n",
          "algoctl: read 2 objects, 6000 bytes; 0 faults, 1 mended\n");
    check(shop.algoctl({"verify"}), 0, "", kClean);
    CHECK(test::read(object_path(shop, kOne)) == kOne);
    CHECK(names_in(shop.home() + "/store/staging").empty());
  }
}

TEST_CASE("verify: objects that are truncated, swapped or gone") {
  const VerifyShop shop;
  overwrite(object_path(shop, kOne), kOne.substr(0, 2999));
  fs::remove(object_path(shop, kTwo));
  const std::string short_line = damaged(shop, kOne, "3000 bytes", "2999 bytes");
  const std::string gone =
      "object-missing\t" + digest(kTwo) + "\tit is not in the store '" + shop.home() + "/store'";
  // In the order of their digests.
  const bool first = digest(kOne) < digest(kTwo);
  const auto both = [&](const std::string& end) {
    return (first ? short_line : gone) + end + "\n" + (first ? gone : short_line) + end + "\n";
  };
  check(shop.algoctl({"verify", "-q"}), 5, both(""), "");
  overwrite(object_path(shop, kOne), kTwo);
  check(shop.algoctl({"verify", "@1.0.0", "-q"}), 5,
        damaged(shop, kOne, digest(kOne), digest(kTwo)) + "\n", "");
  overwrite(object_path(shop, kOne), kOne.substr(0, 2999));
  check(shop.algoctl({"verify", "--repair", "--from", "file://" + shop.copy(), "-q"}), 0,
        both("\tmended"), "");
  check(shop.algoctl({"verify"}), 0, "", kClean);
}

TEST_CASE("verify: a copy that is damaged itself, or not there, mends nothing") {
  const VerifyShop shop;
  fs::remove(object_path(shop, kOne));
  const std::string copy = shop.copy() + object_path(shop, kOne).substr(shop.home().size() + 6);
  overwrite(copy, flipped(kOne, 7));
  const Arguments repair = {"verify", "--repair", "--from", shop.copy(), "-q"};
  const std::string line =
      "object-missing\t" + digest(kOne) + "\tit is not in the store '" + shop.home() + "/store'\n";
  check(shop.algoctl(repair), 5, line, "");
  fs::remove(copy);
  check(shop.algoctl(repair), 5, line, "");
  CHECK_FALSE(fs::exists(object_path(shop, kOne)));
}

TEST_CASE("verify: --all also reads what nothing needs") {
  const VerifyShop shop;
  const std::string stray = "stray";
  fs::create_directories(fs::path(object_path(shop, stray)).parent_path());
  overwrite(object_path(shop, stray), "STRAY");
  check(shop.algoctl({"verify"}), 0, "", kClean);
  check(shop.algoctl({"verify", "--all"}), 5,
        damaged(shop, stray, digest(stray), digest("STRAY")) + "\n",
        "algoctl: read 3 objects, 6005 bytes; 1 fault\n");
  // Of one version only what that needs.
  const std::string one = "acme/sentiment@1.0.0";
  CHECK(shop.algoctl({"verify", one, "--all"}).err == shop.algoctl({"verify", one}).err);
  CHECK(shop.algoctl({"verify", one, "--all"}).exit == 0);
}

TEST_CASE("verify: what was done to the registry's rows, its fault, and whether it can be mended") {
  struct Row {
    std::string sql;
    std::string line;
    bool mends;
  };
  const std::string of_two = " WHERE algorithm = 1 AND seq = 2";
  for (
      const Row& row : std::vector<Row>{
          {"UPDATE version SET notes = 'x'" + of_two,
           "version-changed\tacme/sentiment@1.1.0\tits record has another digest than when it was "
           "published",
           false},
          {"DELETE FROM version" + of_two,
           "version-missing\tacme/sentiment\t2 versions were published, 1 are there", false},
          {"UPDATE journal SET who = 'eve' WHERE seq = 4",
           "journal-broken\tacme/sentiment\tevent 4 (label) was changed", false},
          {"DELETE FROM journal WHERE seq = 4",
           "journal-broken\tacme/sentiment\tevent 4 is missing", false},
          {"UPDATE manifest SET essence = digest WHERE digest = (SELECT manifest FROM version" +
               of_two + ")",
           "manifest-changed\tacme/sentiment@1.1.0\tthe registry notes another essence of it",
           false},
          {"DELETE FROM placement WHERE object = '" + sha256_of(kOne) + "'",
           "placement-missing\t" + digest(kOne) + "\tthe registry does not know where it is", true},
          {"UPDATE note SET value = '1'",
           "head-wrong\tacme/sentiment metadata 1.0.0 accuracy\tthe journal says 0.9 by event 3, "
           "the registry 1 by event 3",
           true},
          {"DELETE FROM channel; DELETE FROM channel_stack",
           "head-wrong\tacme/sentiment channel stable\tthe journal says event 6 1.1.0, the "
           "registry nothing",
           true},
          {"UPDATE version SET precedence = 'a001x'" + of_two,
           "version-changed\tacme/sentiment@1.1.0\tit is not sorted as its number says", false},
          {"UPDATE algorithm SET collision_key = 'x/y'",
           "registry-damaged\tacme/sentiment\tit is not kept apart from names that look the same",
           false},
          {"INSERT INTO channel_stack VALUES (1, 'ghost', 1, 2)",
           "head-wrong\tacme/sentiment channel ghost\tthe journal says nothing, the registry event "
           "0 1.1.0 and names nothing",
           true},
          {"UPDATE algorithm SET highest_release = '1.0.0'",
           "head-wrong\tacme/sentiment highest release\tthe journal says 1.1.0, the registry "
           "1.0.0",
           true},
      }) {
    CAPTURE(row.sql);
    const VerifyShop shop;
    const std::string rows = run({"sqlite3", shop.home() + "/registry.db", ".dump"}).out;
    tamper(shop, row.sql);
    const std::string before = test::read(shop.home() + "/registry.db");
    const auto found = shop.algoctl({"verify", "-q"});
    CHECK(found.exit == 5);
    if (row.sql.find("DELETE FROM version") == std::string::npos) {
      CHECK(found.out == row.line + "\n");
    } else {
      CHECK(found.out.find(row.line + "\n") != std::string::npos);
    }
    CHECK(test::read(shop.home() + "/registry.db") == before);
    if (!row.mends) {
      CHECK(shop.algoctl({"verify", "--repair", "-q"}).exit == 5);
      continue;
    }
    check(shop.algoctl({"verify", "--repair", "--dry-run", "-q"}), 0,
          row.line + "\tcan be mended\n", "");
    CHECK(test::read(shop.home() + "/registry.db") == before);
    check(shop.algoctl({"verify", "--repair", "-q"}), 0, row.line + "\tmended\n", "");
    check(shop.algoctl({"verify", "-q"}), 0, "", "");
    // The very rows that were there.
    const std::string now = run({"sqlite3", shop.home() + "/registry.db", ".dump"}).out;
    for (const std::string& line : split(rows, '\n')) {
      if (starts_with(line, "INSERT")) CHECK(now.find(line) != std::string::npos);
    }
  }
}

TEST_CASE("verify: --json has every fault with every field") {
  const VerifyShop shop;
  fs::remove(object_path(shop, kOne));
  const auto result = shop.algoctl({"verify", "--json"});
  CHECK(result.exit == 5);
  CHECK(result.out ==
        R"({"schema":"algoctl.verify/v1","faults":[{"kind":"object-missing","name":")" +
            digest(kOne) + R"(","detail":"it is not in the store ')" + shop.home() +
            "/store'\",\"mended\":false}]}\n");
  CHECK(result.err == "");
  const auto mended = shop.algoctl({"verify", "--json", "--repair", "--from", shop.copy()});
  CHECK(mended.exit == 0);
  CHECK(mended.out.find("\"mended\":true") != std::string::npos);
}

TEST_CASE("verify: what a killed upload left is a note, not a fault") {
  const VerifyShop shop;
  for (const std::string name : {"a", "b"}) {
    shop.write("../home/store/staging/" + name, "half");
    fs::last_write_time(shop.home() + "/store/staging/" + name,
                        fs::file_time_type::clock::now() - std::chrono::hours(25));
    const std::string note = name == "a" ? "1 upload was" : "2 uploads were";
    check(shop.algoctl({"verify"}), 0, "",
          "algoctl: " + note + " abandoned; `algoctl gc` frees what is left\n" + kClean);
  }
}

}  // namespace algoctl::test
