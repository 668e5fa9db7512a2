#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>

#include "support/foreign.h"
#include "support/shop.h"

namespace fs = std::filesystem;

namespace algoctl::test {
namespace {

const Arguments kImport = {"import", "model_manifest.json", "--algorithm", "acme/sentiment"};
constexpr const char* kNoVocab =
    "algoctl: warning: optional file 'vocab' is not there\n"
    "    looked for: 'vocab.txt'\n"
    "    looked for: 'vocab'\n";
constexpr const char* kUnderstood =
    "import takes what `algoctl export` wrote, the older platform's model_manifest.json or its "
    "freeze, and an MLflow model folder or its MLmodel";

/// A manifest, its freeze, and the file that was frozen.
struct Frozen : Shop {
  Frozen() {
    write("model_manifest.json", kOlderManifest);
    write("model_manifest.json.freeze", kOlderFreeze);
    write("model.pkl", "weights");
  }
};

/// A manifest without a freeze of these entries of `required_files`.
struct Manifest : Shop {
  explicit Manifest(const std::string& required) {
    write("model_manifest.json", "{\"required_files\": [" + required + "]}");
  }
};

}  // namespace

TEST_CASE("import: a frozen manifest becomes a version, once") {
  const Frozen shop;
  auto result = shop.algoctl(kImport);
  CHECK(result.exit == 0);
  CHECK(result.out == "acme/sentiment@1.0.0\n");
  CHECK(result.err == std::string(kNoVocab) + "algoctl: published acme/sentiment@1.0.0\n");
  CHECK(read(shop.answer({"pull", "acme/sentiment", "--slot", "model"})) == "weights");
  CHECK(shop.answer({"show", "acme/sentiment", "models.model.label", "meta.model.note",
                     "meta.manifest.timestamp"}) == "model.pkl\nit's Zoë's\n1551312000.123");
  const std::string before = shop.state();
  result = shop.algoctl(kImport);
  CHECK(result.exit == 0);
  CHECK(result.out == "acme/sentiment@1.0.0\n");
  CHECK(result.err ==
        std::string(kNoVocab) +
            "algoctl: acme/sentiment@1.0.0 is there already: nothing was published\n");
  CHECK(shop.state() == before);
}

TEST_CASE("import: the freeze may be named itself, also when its manifest is gone") {
  const Frozen shop;
  const Arguments freeze = {"import", "model_manifest.json.freeze", "--algorithm", "acme/sentiment",
                            "-q"};
  CHECK(shop.answer(freeze) == "acme/sentiment@1.0.0");
  fs::remove(shop.work() + "/model_manifest.json");
  CHECK(shop.answer(freeze) == "acme/sentiment@1.0.0");
  shop.write("model_manifest.json", R"({"required_files": []})");
  check_error(shop, freeze, 2, "model_manifest.json:1:1: the manifest names no files");
}

TEST_CASE("import: --json, --dry-run, notes, and the algorithm of the folder") {
  const Frozen shop;
  const std::string before = shop.state();
  auto dry = kImport;
  dry.insert(dry.end(), {"--dry-run", "-m", "from the older platform"});
  auto result = shop.algoctl(dry);
  CHECK(result.exit == 0);
  CHECK(result.out == "acme/sentiment@1.0.0\n");
  CHECK(result.err == std::string(kNoVocab) + "algoctl: would publish acme/sentiment@1.0.0\n");
  CHECK(shop.state() == before);
  shop.answer({"init", "acme/other"});
  const std::string manifest = shop.manifest();
  const Arguments own = {"import", "model_manifest.json", "-m", "older", "--json", "-q"};
  CHECK(
      shop.answer(own) ==
      R"({"schema":"algoctl.import/v1","digest":null,"changed":true,"versions":[{"algorithm":"acme/other",)"
      R"("version":"1.0.0","created":true}]})");
  CHECK(
      shop.answer(own) ==
      R"({"schema":"algoctl.import/v1","digest":null,"changed":false,"versions":[{"algorithm":"acme/other",)"
      R"("version":"1.0.0","created":false}]})");
  CHECK(shop.manifest() == manifest);
  CHECK(shop.answer({"show", "acme/other", "notes"}) == "older");
  fs::create_directory(shop / "elsewhere");
  result = shop.algoctl(
      {"import", shop.work() + "/model_manifest.json", "--algorithm", "acme/third", "-v"},
      {.cwd = shop / "elsewhere"});
  CHECK(result.out == "acme/third@1.0.0\n");
  CHECK(result.err == filled(kNoVocab, {{"for: '", "for: '" + shop.work() + "/"}}) +
                          "algoctl: uploaded data://acme/third/model.pkl\n"
                          "algoctl: published acme/third@1.0.0\n");
}

TEST_CASE("import: bytes that are not the frozen ones are refused, whatever fail_on_tamper says") {
  const Frozen shop;
  shop.write("model.pkl", "Weights");
  const auto check = [&] {
    check_error(shop, kImport, 5,
                "required file 'model' is not what was frozen\n"
                "  frozen: md5:63f4f1e9b725370f459720575cd5f953\n"
                "  here:   md5:8831731b52fdc6cb7f162f9767d66e4d in 'model.pkl'",
                "put back the file that was frozen; import takes no other bytes, whatever "
                "fail_on_tamper says");
  };
  check();
  // Frozen by Python with fail_on_tamper false, and without it.
  for (const auto& [tamper, lock] :
       {std::pair{R"("fail_on_tamper": false, )", "e644fa9f6bfba983ef4d4ad235efc4d9"},
        {"", "0096afb394e4f7156fa13d3382ffc706"}}) {
    const std::string file =
        R"({"name": "model", "source_uri": "data://acme/sentiment/model.pkl", )" +
        std::string(tamper) + R"("metadata": {})";
    shop.write("model_manifest.json",
               R"({"required_files": [)" + file + R"(}], "optional_files": []})");
    shop.write("model_manifest.json.freeze",
               R"({"required_files": [)" + file +
                   R"(, "md5_checksum": "63f4f1e9b725370f459720575cd5f953"}],)"
                   R"( "optional_files": [], "timestamp": "1.5", "lock_checksum": ")" +
                   lock + "\"}");
    check();
  }
}

TEST_CASE("import: a freeze that was changed, or is another manifest's, is refused") {
  const Frozen shop;
  const std::string freeze = kOlderFreeze;
  shop.write("model_manifest.json.freeze", filled(freeze, {{"0.93", "0.94"}}));
  check_error(shop, kImport, 5,
              "'model_manifest.json.freeze' was changed after it was frozen\n"
              "  lock_checksum: cf2e923ae9e1fb9af312557f006686ad\n"
              "  computed:      b48a5a19a762764cbde2e14f58929b19",
              "take the freeze as it was written, or remove it to import without its checksums");
  shop.write("model_manifest.json.freeze", kOlderManifest);
  check_error(shop, kImport, 2, "model_manifest.json.freeze:1:1: 'lock_checksum' is missing");
  shop.write("model_manifest.json.freeze", freeze);
  shop.write(
      "model_manifest.json",
      filled(kOlderManifest, {{"0.93", "0.94"}, {",\n                \"rate\": 0.00001", ""}}));
  check_error(shop, kImport, 4,
              "'model_manifest.json' and 'model_manifest.json.freeze' disagree about 'metadata' of "
              "file 'model' of 'required_files'\n"
              "  manifest: {'note': \"it's Zoë's\", 'accuracy': 0.94, 'rows': "
              "100000000000000000000}\n"
              "  freeze:   {'note': \"it's Zoë's\", 'accuracy': 0.93, 'rows': "
              "100000000000000000000, 'rate':…",
              "put back the manifest that was frozen, or remove the freeze to import without its "
              "checksums");
}

TEST_CASE("import: without a freeze nothing is compared, and that is said") {
  const Frozen shop;
  fs::remove(shop.work() + "/model_manifest.json.freeze");
  shop.write("model.pkl", "Weights");
  shop.write("vocab", "words");
  const auto result = shop.algoctl(kImport);
  CHECK(result.out == "acme/sentiment@1.0.0\n");
  CHECK(result.err ==
        "algoctl: warning: there is no 'model_manifest.json.freeze': nothing says what the files "
        "were when they were frozen\n"
        "algoctl: published acme/sentiment@1.0.0\n");
  CHECK(shop.answer({"show", "acme/sentiment", "models.vocab.label"}) == "vocab");
}

TEST_CASE("import: metadata alone makes no version, and what is lost is said") {
  const Frozen shop;
  shop.answer(kImport);
  fs::remove(shop.work() + "/model_manifest.json.freeze");
  shop.write("vocab.txt", "words");
  CHECK(shop.answer(kImport) == "acme/sentiment@1.1.0");
  shop.write("model_manifest.json", filled(kOlderManifest, {{"0.93", "0.94"}}));
  const auto result = shop.algoctl(kImport);
  CHECK(result.out == "acme/sentiment@1.1.0\n");
  CHECK(result.err ==
        "algoctl: warning: there is no 'model_manifest.json.freeze': nothing says what the files "
        "were when they were frozen\n"
        "algoctl: warning: nothing was published, so the source's metadata was not recorded\n"
        "algoctl: acme/sentiment@1.1.0 is there already: nothing was published\n");
}

TEST_CASE("import: a file is looked for at its path, under its URI's last name, under its own") {
  const Shop shop;
  fs::create_directories(shop.work() + "/sub/deep");
  shop.write("sub/deep/a.bin", "path");
  shop.write("sub/b.bin", "last name");
  shop.write("sub/c", "own name");
  shop.write("e.bin", "absolute");
  shop.write("sub/en", "english");
  shop.write("sub/de", "german");
  shop.write("sub/words.txt", "whose?");
  shop.write("sub/manifest", R"({"required_files": [
    {"name": "a", "source_uri": "deep/a.bin"},
    {"name": "b", "source_uri": "s3://bucket/x/b.bin"},
    {"name": "c", "source_uri": "s3://bucket/missing.bin"},
    {"name": "e", "source_uri": "file://)" +
                                 shop.work() + R"(/e.bin"},
    {"name": "en", "source_uri": "data://x/en/words.txt"},
    {"name": "de", "source_uri": "data://x/de/words.txt"}]})");
  CHECK(shop.answer({"import", "sub/manifest", "--algorithm", "a/b", "-q"}) == "a/b@1.0.0");
  CHECK(shop.answer({"list", "a/b", "--labels"}) == "a.bin\nb.bin\nc\nde\ne.bin\nen");
  CHECK(read(shop.answer({"pull", "a/b", "--slot", "a"})) == "path");
  CHECK(read(shop.answer({"pull", "a/b", "--slot", "de"})) == "german");
}

TEST_CASE("import: a required file that is nowhere") {
  const Manifest shop(R"({"name": "../m", "source_uri": "data://a/b/model.pkl"})");
  check_error(shop, kImport, 3,
              "required file '../m' is not there\n"
              "  looked for: 'model.pkl'",
              "the older platform is gone: put the file where it was looked for");
  shop.write("model_manifest.json", R"({"optional_files": [{"name": "a", "source_uri": "b/"}]})");
  check_error(shop, kImport, 3, "none of the files of 'model_manifest.json' is there",
              "put them beside the manifest");
  fs::create_directory(shop.work() + "/a");  // a folder is no file
  check_error(shop, kImport, 3, "none of the files of 'model_manifest.json' is there",
              "put them beside the manifest");
}

TEST_CASE("import: names that are no slots and labels get underscores, unless that makes two one") {
  const Manifest shop(R"({"name": "my model", "source_uri": "my model=1.pkl"})");
  shop.write("my model=1.pkl", "m");
  const auto result = shop.algoctl(kImport);
  CHECK(result.out == "acme/sentiment@1.0.0\n");
  CHECK(result.err ==
        "algoctl: warning: there is no 'model_manifest.json.freeze': nothing says what the files "
        "were when they were frozen\n"
        "algoctl: warning: required file 'my model' gets the slot 'my_model': other characters may "
        "not stand in it\n"
        "algoctl: warning: required file 'my model' gets the label 'my_model=1.pkl': other "
        "characters may not stand in it\n"
        "algoctl: published acme/sentiment@1.0.0\n");
  shop.write("a", "a");
  shop.write("b", "b");
  shop.write("model_manifest.json", R"({"required_files": [{"name": "my model", "source_uri": "a"},
                                        {"name": "my_model", "source_uri": "b"}]})");
  check_error(shop, kImport, 2, "slot 'my_model' is given twice", "give each slot one file");
  shop.write("model_manifest.json", R"({"required_files": [{"name": "my-model", "source_uri": "a"},
                                        {"name": "my_model", "source_uri": "b"}]})");
  check_error(shop, kImport, 2,
              "slots 'my-model' and 'my_model' share the environment variable "
              "ALGOCTL_MODEL_MY_MODEL",
              "rename one of them");
  fs::create_directory(shop.work() + "/sub");
  shop.write("sub/a", "another");
  shop.write("model_manifest.json", R"({"required_files": [{"name": "x", "source_uri": "a"},
                                        {"name": "y", "source_uri": "sub/a"}]})");
  check_error(shop, kImport, 4,
              "two files would have the label 'a'\n"
              "  first:  'a'\n"
              "  second: 'sub/a'",
              "put one of them beside the manifest under its own name");
}

TEST_CASE("import: what is no source is refused, and what would be one is said") {
  const Shop shop;
  shop.write("empty", "");
  shop.write("text", "hello\n");
  shop.write("other.json", "{\"name\": 1}");
  shop.write("bad.json", "{\"required_files\": [}");
  shop.write("large.json", "{" + std::string(4 << 20, ' ') + "}");
  fs::create_directory(shop.work() + "/folder");
  REQUIRE(::mkfifo((shop.work() + "/pipe").c_str(), 0600) == 0);
  const auto check = [&](const char* source, int exit, const std::string& message,
                         const std::string& hint = "") {
    check_error(shop, {"import", source, "--algorithm", "a/b"}, exit, message, hint);
  };
  for (const char* source : {"empty", "text", "other.json"}) {
    check(source, 2, "'" + std::string(source) + "' is nothing that import understands",
          kUnderstood);
  }
  check("folder", 2, "'folder' is a folder without an MLmodel", kUnderstood);
  check("pipe", 2, "'pipe' is neither a file nor a folder", kUnderstood);
  check("bad.json", 2, "bad.json:1:21: unexpected '}', expected a value");
  check("large.json", 2, "'large.json' has more than 4194304 bytes");
  check("nowhere", 3, "there is no file or folder 'nowhere'",
        "check the path and the current folder");
  check_error(shop, {"import"}, 2, "argument FILE|FOLDER is missing", "see: algoctl import --help");
  check_error(shop, {"import", "text", "--algorithm", "A"}, 2,
              "option --algorithm: malformed algorithm 'A'",
              "write owner/name, such as acme/sentiment");
  shop.write("model_manifest.json", kOlderManifest);
  check_error(shop, {"import", "model_manifest.json"}, 2,
              "nothing says which algorithm 'model_manifest.json' belongs to",
              "name it with --algorithm OWNER/NAME, or run this beside its algorithm.json");
  shop.write("algorithm.json", "{}");
  check_error(shop, {"import", "model_manifest.json"}, 2,
              shop.work() + "/algorithm.json:1:1: the manifest has no name");
}

}  // namespace algoctl::test
