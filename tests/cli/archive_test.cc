#include "algoctl/archive.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>

#include "base/file.h"
#include "base/text.h"
#include "support/archives.h"
#include "support/shop.h"

namespace fs = std::filesystem;

namespace algoctl::test {
namespace {

/// A registry with two versions, and the file between it and others.
struct Source : Shop {
  Source() {
    answer({"init", "acme/sentiment"});
    ship("january.pkl", "january");
    ship("february.pkl", "february");
    answer({"promote", "acme/sentiment@1.0.0", "stable"});
  }

  [[nodiscard]] std::string file() const { return *this / "x.tar"; }
  [[nodiscard]] std::string digest() const {
    const auto said = algoctl({"export", "--all", "-o", file()});
    return said.err.substr(said.err.find("sha256:"), 71);
  }
};

}  // namespace

TEST_CASE("export: prints the versions, says the digest, and is repeated without writing") {
  const Source shop;
  const auto first = shop.algoctl({"export", "acme/sentiment", "-o", shop.file()});
  const std::string digest =
      "sha256:" + sha256_of(run({"tar", "-xOf", shop.file(), "algoctl-export.json"}).out);
  CHECK(first.exit == 0);
  CHECK(first.out == "acme/sentiment@1.0.0\nacme/sentiment@1.1.0\n");
  CHECK(first.err ==
        "algoctl: exported 2 versions to '" + shop.file() + "'\nalgoctl: digest " + digest + "\n");
  CHECK(is_archive(shop.file()));
  const auto listed = run({"tar", "-tf", shop.file()});
  CHECK(listed.out.substr(0, 20) == "algoctl-export.json\n");
  const FileStamp before = stamp_of(*stat_if_there(shop.file()));
  const auto again = shop.algoctl({"export", "acme/sentiment", "-o", shop.file(), "--json"});
  CHECK(again.out ==
        R"({"schema":"algoctl.export/v1","file":")" + shop.file() + R"(","digest":")" + digest +
            R"(","size":)" + std::to_string(fs::file_size(shop.file())) +
            R"(,"written":false,"versions":[{"algorithm":"acme/sentiment","version":"1.0.0"},)"
            R"({"algorithm":"acme/sentiment","version":"1.1.0"}]})"
            "\n");
  CHECK(stamp_of(*stat_if_there(shop.file())) == before);
  CHECK(shop.algoctl({"export", "acme/sentiment", "-o", shop.file()}).err ==
        "algoctl: '" + shop.file() + "' is this export already\nalgoctl: digest " + digest + "\n");
}

TEST_CASE("export: the same state gives the same bytes, another file is replaced at once") {
  const Source shop;
  shop.answer({"export", "--all", "-o", "a.tar"});
  shop.write("b.tar", "something else");
  shop.answer({"export", "acme/sentiment", "-o", "b.tar"});
  CHECK(shop.read("a.tar") == shop.read("b.tar"));
  fs::create_symlink("b.tar", shop.work() + "/link.tar");
  shop.answer({"export", "acme/sentiment@1.0.0", "-o", "link.tar"});
  CHECK(fs::is_symlink(shop.work() + "/link.tar"));
  CHECK(shop.read("a.tar") != shop.read("b.tar"));
  CHECK(names_in(shop.work()) == "a.tar algorithm.json b.tar february.pkl january.pkl link.tar");
}

TEST_CASE("export: a damaged copy of the same is written anew") {
  const Source shop;
  shop.answer({"export", "--all", "-o", "a.tar"});
  const std::string whole = shop.read("a.tar");
  std::string damaged = whole;
  damaged[damaged.size() - 2000] ^= 1;
  shop.write("a.tar", damaged);
  shop.answer({"export", "--all", "-o", "a.tar"});
  CHECK(shop.read("a.tar") == whole);
}

TEST_CASE("export: goes on with what a killed one left, and throws away what does not fit") {
  const Source shop;
  shop.answer({"export", "--all", "-o", "a.tar"});
  const std::string whole = shop.read("a.tar");
  for (std::size_t kept = 0; kept <= whole.size(); kept += 512 + kept % 3) {
    CAPTURE(kept);
    fs::remove(shop.work() + "/a.tar");
    shop.write(".a.tar.algoctl-part", whole.substr(0, kept) + (kept % 2 == 0 ? "" : "junk"));
    shop.answer({"export", "--all", "-o", "a.tar"});
    CHECK(shop.read("a.tar") == whole);
    CHECK(names_in(shop.work()) == "a.tar algorithm.json february.pkl january.pkl");
  }
}

TEST_CASE("export: a dry run writes nothing") {
  const Source shop;
  const std::string digest = shop.digest();
  fs::remove(shop.file());
  const std::string before = shop.state();
  const auto dry = shop.algoctl({"export", "acme/sentiment", "-o", shop.file(), "--dry-run"});
  CHECK(dry.exit == 0);
  CHECK(dry.out == "acme/sentiment@1.0.0\nacme/sentiment@1.1.0\n");
  CHECK(dry.err == "algoctl: would export 2 versions to '" + shop.file() + "'\nalgoctl: digest " +
                       digest + "\n");
  CHECK_FALSE(fs::exists(shop.file()));
  CHECK(shop.state() == before);
}

TEST_CASE("export: --dry-run refuses the places that it refuses without") {
  const Source shop;
  for (const Arguments& how : {Arguments{}, {"--dry-run"}}) {
    const auto refused = [&](const std::string& file) {
      Arguments arguments{"export", "acme/sentiment", "-o", file};
      arguments.insert(arguments.end(), how.begin(), how.end());
      return shop.algoctl(arguments);
    };
    CHECK(refused("none/x.tar").exit == 6);
    CHECK(refused(".").exit == 2);
    CHECK(refused("-").err ==
          error_text("-o -: an export is a file that it can go on with, not standard output",
                     "name a file; ./- for one of that name"));
  }
}

TEST_CASE("import: a channel that comes to name a yanked version is named, both ways round") {
  const Source shop;
  const Shop yanks_first;
  const Shop names_first;
  static_cast<void>(shop.digest());
  yanks_first.answer({"import", shop.file()});
  names_first.answer({"import", shop.file()});
  yanks_first.answer({"yank", "acme/sentiment@1.1.0", "-m", "leaks"});
  names_first.answer({"promote", "acme/sentiment@1.1.0", "beta", "--force"});
  const auto news_of = [](const Shop& from, const std::string& file) {
    from.answer({"export", "acme/sentiment", "-o", file});
    return file;
  };
  const std::string yank = news_of(yanks_first, yanks_first / "yank.tar");
  const std::string move = news_of(names_first, names_first / "move.tar");
  const std::string warning =
      "algoctl: warning: acme/sentiment@beta names 1.1.0, which is yanked: leaks\n";
  CHECK(starts_with(names_first.algoctl({"import", yank}).err, warning));
  CHECK(starts_with(yanks_first.algoctl({"import", move}).err, warning));
  CHECK(yanks_first.algoctl({"import", move}).err.find("warning") == std::string::npos);
}

TEST_CASE("export: what it cannot do, it says") {
  const Source shop;
  const auto fails = [&](Arguments arguments, int exit, const std::string& message,
                         const std::string& hint) {
    arguments.insert(arguments.begin(), "export");
    check_error(shop, arguments, exit, message, hint);
  };
  fails({"acme/sentiment"}, 2, "no file to export to", "name one with -o FILE");
  fails({"-o", "x"}, 2, "nothing to export is named", "name versions or algorithms, or give --all");
  fails({"acme/sentiment", "--all", "-o", "x"}, 2, "--all exports every algorithm",
        "leave out acme/sentiment");
  fails({"data://acme/sentiment/january.pkl", "-o", "x"}, 2,
        "'data://acme/sentiment/january.pkl' is a label, and versions are exported",
        "write OWNER/NAME[@SELECTOR]");
  fails({"acme/sentiment@1.0.0", "--since", "1.0.0", "-o", "x"}, 2,
        "--since speaks of one algorithm", "write export OWNER/NAME --since VERSION");
  fails({"acme/sentiment", "--since", "3.0.0", "-o", "x"}, 3,
        "--since: no version of 'acme/sentiment' matches '3.0.0'", "the newest is 1.1.0");
  fails({"acme/sentiment@^9", "-o", "x"}, 3, "no version of 'acme/sentiment' matches '^9'",
        "the newest is 1.1.0");
  fails({"acme/sentimnt", "-o", "x"}, 3, "there is no algorithm 'acme/sentimnt'",
        "did you mean 'acme/sentiment'?");
  fails({"--all", "-o", "."}, 2, "'.' is no regular file, and no place for an export",
        "name a file with -o");
  fails({"--all", "-o", "none/x"}, 6, "there is no folder '" + shop.work() + "/none'",
        "make it, or name another file with -o");
  const Shop empty;
  check_error(empty, {"export", "--all", "-o", "x"}, 3,
              "there is nothing to export: the registry is empty",
              "check --home; `algoctl config` says which one it is");
}

TEST_CASE("export: a registry that was changed behind its back is not exported") {
  const auto changed = [](const char* sql, const std::string& message) {
    const Source shop;
    const auto shell = run({"sqlite3", shop.home() + "/registry.db", sql});
    CHECK(shell.err == "");
    shop.answer({"list"});  // makes the side files that the shell took away
    check_error(shop, {"export", "--all", "-o", "x"}, 5, message + " was changed in the registry",
                "restore the registry from a backup");
  };
  changed("DROP TRIGGER version_update; UPDATE version SET notes = 'x' WHERE seq = 2",
          "the record of acme/sentiment@1.1.0");
  changed("DROP TRIGGER journal_update; UPDATE journal SET why = 'x' WHERE seq = 3",
          "event 3 of the journal of acme/sentiment");
  changed("DROP TRIGGER journal_delete; DELETE FROM journal WHERE seq = 5",
          "the end of the journal of acme/sentiment");
}

TEST_CASE("export: an object that is damaged never gets into a file") {
  const Source shop;
  const std::string hex = sha256_of("january");
  const std::string path = shop.home() + "/store/objects/sha256/" + hex.substr(0, 2) + "/" + hex;
  fs::permissions(path, fs::perms::owner_write, fs::perm_options::add);
  run({"sh", "-c", "printf J | dd of=" + path + " conv=notrunc"});
  for (const char* how : {"--dry-run", "--json"}) {
    const auto result = shop.algoctl({"export", "--all", "-o", "x.tar", how});
    CHECK(result.exit == 5);
    CHECK(result.out == "");
    CHECK(result.err.find(path + "' is damaged") != std::string::npos);
  }
  CHECK(names_in(shop.work()) == "algorithm.json february.pkl january.pkl");
}

TEST_CASE("import: brings everything once, says so, and the second time that it is here") {
  const Source shop;
  const std::string digest = shop.digest();
  const Shop other;
  const auto first = other.algoctl({"import", shop.file(), "--expect", digest});
  CHECK(first.exit == 0);
  CHECK(first.out == "acme/sentiment@1.0.0\nacme/sentiment@1.1.0\n");
  CHECK(first.err == "algoctl: imported 2 versions\n");
  CHECK(other.answer({"list", "acme/sentiment", "--channels"}) == "stable 1.0.0");
  CHECK(other.answer({"list", "acme/sentiment", "--labels"}) == "february.pkl\njanuary.pkl");
  CHECK(test::read(other.answer({"pull", "acme/sentiment@1.0.0"})) == "january");
  const std::string before = other.state();
  const auto again = other.algoctl({"import", shop.file()});
  CHECK(again.exit == 0);
  CHECK(again.out == first.out);
  CHECK(again.err == "algoctl: all of '" + shop.file() + "' is here already\n");
  CHECK(other.state() == before);
  CHECK(other.answer({"import", shop.file(), "--json"}) ==
        R"({"schema":"algoctl.import/v1","digest":")" + digest +
            R"(","changed":false,"versions":[)"
            R"({"algorithm":"acme/sentiment","version":"1.0.0","created":false},)"
            R"({"algorithm":"acme/sentiment","version":"1.1.0","created":false}]})");
  shop.answer({"annotate", "acme/sentiment@1.0.0", "a=1"});
  static_cast<void>(shop.digest());
  CHECK(other.algoctl({"import", shop.file(), "--dry-run"}).err ==
        "algoctl: would import history; no version is new\n");
  CHECK(other.state() == before);
  CHECK(other.algoctl({"import", shop.file()}).err ==
        "algoctl: imported history; no version is new\n");
  shop.ship("march.pkl", "march");
  static_cast<void>(shop.digest());
  CHECK(other.algoctl({"import", shop.file()}).err ==
        "algoctl: imported 1 version; 2 versions were here already\n");
}

TEST_CASE("import: --dry-run on a machine with nothing makes nothing") {
  const Source shop;
  static_cast<void>(shop.digest());
  const Shop other;
  const std::string before = other.state();
  const auto dry = other.algoctl({"import", shop.file(), "--dry-run"});
  CHECK(dry.exit == 0);
  CHECK(dry.out == "acme/sentiment@1.0.0\nacme/sentiment@1.1.0\n");
  CHECK(dry.err == "algoctl: would import 2 versions\n");
  CHECK(other.state() == before);
}

TEST_CASE("import: an archive that is not the expected one changes nothing") {
  const Source shop;
  const std::string digest = shop.digest();
  const Shop other;
  check_error(other, {"import", shop.file(), "--expect", "sha256:" + std::string(64, '0')}, 5,
              "'" + shop.file() + "' is not the export that was expected\n  expected: sha256:" +
                  std::string(64, '0') + "\n  found:    " + digest,
              "nothing was imported; `algoctl export` says the digest of what it wrote");
}

TEST_CASE("import: a look-alike name and a number with another manifest are conflicts") {
  const Shop other;
  other.answer({"init", "acme/my-model"});
  other.ship("m.pkl", "m");
  other.answer({"export", "acme/my-model", "-o", other / "x.tar"});
  const Shop look_alike;
  look_alike.answer({"init", "acme/my_model"});
  look_alike.ship("m.pkl", "m");
  check_error(look_alike, {"import", other / "x.tar"}, 4,
              "algorithm 'acme/my-model' looks the same as 'acme/my_model', which is there",
              "'-', '_' and '.' count as one character in a name; choose another one");
  const Source shop;
  static_cast<void>(shop.digest());
  const Shop twin;
  twin.answer({"init", "acme/sentiment"});
  twin.ship("other.pkl", "other");
  const std::string before = twin.state();
  const auto result = twin.algoctl({"import", shop.file()});
  CHECK(result.exit == 4);
  CHECK(result.err.find("algoctl: acme/sentiment@1.0.0 is here with another manifest\n") == 0);
  CHECK(twin.state() == before);
}

TEST_CASE("import: a file that is cut off, foreign or newer makes nothing on an empty machine") {
  const Source shop;
  static_cast<void>(shop.digest());
  const std::string whole = test::read(shop.file());
  const Shop other;
  const std::string again =
      "bring the file here again, and compare its digest with what `algoctl export` said";
  other.write("x", whole.substr(0, 4096));
  check_error(
      other, {"import", "x"}, 5,
      "'x' is damaged: it is cut off after 4096 of " + std::to_string(whole.size()) + " bytes",
      again);
  other.write("x", whole + "x");
  check_error(other, {"import", "x"}, 5,
              "'x' is damaged: it goes on after its end, at byte " + std::to_string(whole.size()),
              again);
  other.write("x", tar_of({{"model.pkl", "bytes"}}));
  check_error(
      other, {"import", "x"}, 2, "'x' is nothing that import understands",
      "import takes what `algoctl export` wrote, the older platform's model_manifest.json or "
      "its freeze, and an MLflow model folder or its MLmodel");
  other.write("x", tar_of({{"algoctl-export.json", "{\"schema\":\"algoctl.archive/v9\"}"}}));
  check_error(other, {"import", "x"}, 6,
              "'x' is of a newer algoctl: algoctl-export.json:1:11: schema 'algoctl.archive/v9' is "
              "newer than this program",
              "install a newer algoctl");
  check_error(other, {"import", "none"}, 3, "there is no file or folder 'none'",
              "check the path and the current folder");
  check_error(
      other, {"import", "."}, 2, "'.' is a folder without an MLmodel",
      "import takes what `algoctl export` wrote, the older platform's model_manifest.json or "
      "its freeze, and an MLflow model folder or its MLmodel");
}

TEST_CASE(
    "import: a wrong byte of an object leaves no version, and the good file goes on from there") {
  const Source shop;
  static_cast<void>(shop.digest());
  const std::string whole = test::read(shop.file());
  std::string damaged = whole;
  const std::string hex = std::max(sha256_of("january"), sha256_of("february"));
  damaged[whole.rfind("objects/sha256/" + hex) + 512] ^= 1;
  const Shop other;
  other.write("x", damaged);
  for (const char* how : {"--dry-run", "--json"}) {
    const auto result = other.algoctl({"import", "x", how});
    CHECK(result.exit == 5);
    CHECK(result.out == "");
    CHECK(result.err.find("'x': objects/sha256/" + hex + " is damaged") != std::string::npos);
  }
  CHECK(other.answer({"list"}) == "");
  CHECK(other.answer({"verify", "--all"}) == "");
  CHECK(names_in(other.home() + "/store/staging") == "");
  CHECK_FALSE(fs::exists(other.home() + "/store/objects/sha256/" + hex.substr(0, 2) + "/" + hex));
  other.write("x", whole);
  CHECK(other.answer({"import", "x"}) == "acme/sentiment@1.0.0\nacme/sentiment@1.1.0");
}

TEST_CASE("import: what one left that met a wrong byte is collected") {
  const Source shop;
  static_cast<void>(shop.digest());
  std::string damaged = test::read(shop.file());
  const std::string good = std::min(sha256_of("january"), sha256_of("february"));
  const std::string bad = std::max(sha256_of("january"), sha256_of("february"));
  damaged[damaged.rfind("objects/sha256/" + bad) + 512] ^= 1;
  const Shop other;
  other.write("x", damaged);
  CHECK(other.algoctl({"import", "x"}).exit == 5);
  const std::string left = other.home() + "/store/objects/sha256/" + good.substr(0, 2) + "/" + good;
  REQUIRE(fs::exists(left));
  const ProcessOptions now{.env = {{"ALGOCTL_TRASH_GRACE", "0"}}};
  for (int i = 0; i < 2; ++i) CHECK(other.algoctl({"gc"}, now).exit == 0);
  CHECK_FALSE(fs::exists(left));
}

}  // namespace algoctl::test
