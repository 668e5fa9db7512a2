#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>

#include "base/text.h"
#include "support/damage.h"

namespace fs = std::filesystem;

namespace algoctl::test {
namespace {

constexpr std::size_t kPage = 4096;

struct JournalShop : Started {
  JournalShop() {
    for (const std::string number : {"1", "2", "3"}) {
      ship("m" + number, number, {"--channel", "stable", "--meta", "accuracy=0." + number});
    }
    tamper(*this, "");
  }
};

/// verify, with and without --repair, finds the damage and leaves the file as it is.
void check_found(const JournalShop& shop, const std::string& bytes) {
  overwrite(shop.registry(), bytes);
  for (const Arguments& arguments : {Arguments{"verify"}, {"verify", "--repair"}}) {
    CAPTURE(join(arguments, " "));
    const auto result = shop.algoctl(arguments);
    CAPTURE(result.out);
    CAPTURE(result.err);
    CHECK(result.exit == 5);
    CHECK((result.out + result.err).find("damaged") != std::string::npos);
    CHECK(test::read(shop.registry()) == bytes);
  }
}

}  // namespace

TEST_CASE("verify: a page of the registry whose head was overwritten is found, and left alone") {
  const JournalShop shop;
  const std::string whole = test::read(shop.registry());
  const std::size_t pages = whole.size() / kPage;
  REQUIRE(pages > 20);
  for (std::size_t page = 0; page < pages; page += 3) {
    CAPTURE(page);
    std::string bytes = whole;
    const std::size_t head = page * kPage + (page == 0 ? 100 : 0);  // after the file's own
    for (std::size_t i = 0; i < 8; ++i) bytes[head + i] = static_cast<char>(bytes[head + i] ^ 0x55);
    check_found(shop, bytes);
  }
  overwrite(shop.registry(), whole);
  CHECK(shop.algoctl({"verify", "-q"}).exit == 0);
}

TEST_CASE("verify: a truncated registry is found, and left alone") {
  const JournalShop shop;
  const std::string whole = test::read(shop.registry());
  for (const std::size_t size : {kPage, 5 * kPage, whole.size() / kPage / 2 * kPage,
                                 whole.size() - kPage, whole.size() - 1}) {
    CAPTURE(size);
    check_found(shop, whole.substr(0, size));
  }
}

TEST_CASE("verify and doctor: what is no registry of this program is named, and left alone") {
  const JournalShop shop;
  const std::string path = shop.registry();
  const std::string whole = test::read(path);
  struct Row {
    const char* what;
    std::string bytes;
    int exit;
    std::string message;
    std::string hint;
  };
  std::string foreign = whole;
  foreign.replace(68, 4, "xxxx");  // application_id
  std::string newer = whole;
  newer.replace(60, 4, std::string("\0\0\0\x63", 4));  // user_version
  for (const Row& row : {
           Row{"empty", "", 5, "registry '" + path + "' is damaged: the file is empty",
               "nothing was written; restore the file from a backup"},
           Row{"no database", std::string(9000, 'x'), 5,
               "registry '" + path + "' is damaged: file is not a database",
               "nothing was written; restore the file from a backup"},
           Row{"foreign", foreign, 5, "'" + path + "' is a database, but no registry of algoctl",
               "nothing was written; name another --registry or --home"},
           Row{"newer", newer, 6,
               "registry '" + path + "' has schema 99, newer than this program, which knows SCHEMA",
               "nothing was written; install a newer algoctl"},
       }) {
    CAPTURE(row.what);
    overwrite(path, row.bytes);
    const auto schema = [&](const std::string& text) {
      const std::size_t at = text.find("which knows ");
      return at == std::string::npos ? text
                                     : text.substr(0, at + 12) + "SCHEMA" + text.substr(at + 13);
    };
    for (const Arguments& arguments : {Arguments{"verify"}, {"verify", "--repair"}, {"gc"}}) {
      CAPTURE(join(arguments, " "));
      const auto result = shop.algoctl(arguments);
      CHECK(result.exit == row.exit);
      CHECK(result.out == "");
      CHECK(schema(result.err) == error_text(row.message, row.hint));
    }
    const auto doctor = shop.algoctl({"doctor"});
    CHECK(doctor.exit == 1);
    CHECK(
        starts_with(schema(doctor.out), "ill\tregistry\t" + row.message + "\t" + row.hint + "\n"));
    CHECK(test::read(path) == row.bytes);
  }
}

TEST_CASE("verify and doctor: a registry behind a symbolic link is refused") {
  const JournalShop shop;
  fs::rename(shop.registry(), shop / "elsewhere.db");
  fs::create_symlink(shop / "elsewhere.db", shop.registry());
  const std::string message = "registry '" + shop.registry() + "' is a symbolic link";
  const std::string hint = "name the file it leads to: its side files lie beside it";
  check_error(shop, {"verify"}, 6, message, hint);
  check_error(shop, {"verify", "--repair"}, 6, message, hint);
  const auto doctor = shop.algoctl({"doctor"});
  CHECK(doctor.exit == 1);
  CHECK(starts_with(doctor.out, "ill\tregistry\t" + message + "\t" + hint + "\n"));
}

TEST_CASE("verify: what the registry is made of is compared with what this program makes") {
  struct Row {
    std::string sql;
    std::string lost_trigger;
    std::vector<std::string> faults;
  };
  const std::string lost_store =
      "it does not say any more where its store is, which has to have 3 objects";
  for (const Row& row : std::vector<Row>{
           {"SELECT 1", "version_update", {"trigger version_update is missing"}},
           {"CREATE TRIGGER mine AFTER INSERT ON label BEGIN SELECT 1; END",
            "",
            {"trigger mine is none of its own"}},
           {"DROP TABLE trash", "", {"table trash is missing"}},
           {"DROP INDEX label_object; CREATE INDEX label_object ON label (name)",
            "",
            {"index label_object is not as this program makes it"}},
           {"CREATE TABLE mine (it TEXT); CREATE INDEX my_own ON label (name)", "", {}},
           {"DELETE FROM setting WHERE name = 'registry_id'",
            "",
            {"the setting registry_id is missing"}},
           {"DELETE FROM setting WHERE name = 'store_id'", "", {lost_store}},
           {"DELETE FROM setting WHERE name = 'store_url'", "", {lost_store}},
           {"DELETE FROM setting", "", {"the setting registry_id is missing", lost_store}},
       }) {
    CAPTURE(row.sql);
    const JournalShop shop;
    tamper(shop, row.sql, row.lost_trigger);
    std::string want;
    for (const std::string& fault : row.faults) {
      want += "registry-damaged\tregistry.db\t" + fault + "\n";
    }
    const auto result = shop.algoctl({"verify", "-q"});
    CHECK(result.out == want);
    CHECK(result.exit == (row.faults.empty() ? 0 : 5));
    const bool no_store = want.find(lost_store) != std::string::npos;
    CHECK(shop.algoctl({"verify", "-q", "acme/sentiment@1.1.0"}).exit == (no_store ? 5 : 0));
    const std::string lines = shop.algoctl({"doctor"}).out;
    CHECK((lines.find("ill\tstore\tthe registry does not say any more where it is\t") !=
           std::string::npos) == no_store);
  }
}

TEST_CASE("verify: what was found is said, whatever cannot be looked at afterwards") {
  const JournalShop shop;
  tamper(shop, "UPDATE version SET notes = 'x' WHERE seq = 2");
  const std::string fault = "its record has another digest than when it was published";
  const std::string line = "version-changed\tacme/sentiment@1.1.0\t" + fault + "\n";
  fs::rename(shop.home() + "/store", shop / "elsewhere");
  const auto lines = shop.algoctl({"verify"});
  CHECK(lines.exit == 6);
  CHECK(lines.out == line);
  CHECK(lines.err == error_text("there is no store in '" + shop.home() + "/store'",
                                "check the path, and that the disk which holds it is mounted"));
  const auto record = shop.algoctl({"verify", "--json"});
  CHECK(record.exit == 6);
  CHECK(record.out ==
        "{\"schema\":\"algoctl.verify/v1\",\"faults\":[{\"kind\":\"version-changed\",\"name\":"
        "\"acme/sentiment@1.1.0\",\"detail\":\"" +
            fault + "\",\"mended\":false}]}\n");
  tamper(shop, "UPDATE version SET notes = '' WHERE seq = 2");
  const auto nothing = shop.algoctl({"verify", "--json"});
  CHECK(nothing.exit == 6);
  CHECK(nothing.out == "");
  fs::rename(shop / "elsewhere", shop.home() + "/store");
  tamper(shop, "UPDATE manifest SET bytes = CAST(bytes || ' ' AS BLOB)");
  const auto reference = shop.algoctl({"verify", "-q", "acme/sentiment@1.1.0"});
  CHECK(reference.exit == 5);
  CHECK(starts_with(reference.out, "manifest-changed\tacme/sentiment@1.1.0\t"));
}

TEST_CASE("verify: a row that cannot be read is a fault, and the rest is read nevertheless") {
  struct Row {
    std::string sql;
    std::string fault;
  };
  for (const Row& row : std::vector<Row>{
           {"UPDATE algorithm SET name = '\x11', collision_key = '\x11' WHERE id = 1",
            "registry-damaged\t \tmalformed algorithm"},
           {"UPDATE version SET manifest = '2cb#786e' WHERE seq = 2",
            "version-changed\tacme/sentiment version 2\tmalformed digest '2cb#786e'"},
           {"UPDATE object SET digest = '2cb#786e' WHERE digest = '" + sha256_of("2") +
                "'; UPDATE label SET object = '2cb#786e' WHERE object = '" + sha256_of("2") + "'",
            "registry-damaged\tregistry.db\tmalformed digest '2cb#786e'"},
           {"UPDATE version SET prerelease = '..' WHERE seq = 2",
            "version-changed\tacme/sentiment version 2\tmalformed version '1.1.0-..'"},
           {"UPDATE algorithm SET highest_release = '\x11.1.0'",
            "registry-damaged\tacme/sentiment\tmalformed version"},
       }) {
    CAPTURE(row.sql);
    const JournalShop shop;
    tamper(shop, row.sql);
    const auto result = shop.algoctl({"verify", "-q"});
    CAPTURE(result.out);
    CHECK(result.exit == 5);
    CHECK(result.out.find(row.fault) != std::string::npos);
    CHECK(result.err == "");
  }
}

}  // namespace algoctl::test
