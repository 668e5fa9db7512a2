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

}  // namespace algoctl::test
